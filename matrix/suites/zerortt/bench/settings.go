package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// parts are the parts of the bench, in the order in which they run.
var parts = []string{"cold", "builds", "first", "warm", "patch", "release", "memory", "check", "bisect", "sandbox", "try", "remote"}

// Settings select what to measure. They are part of bench.json.
type Settings struct {
	Releases  string   `json:"releases"` // as --versions has them
	Runs      int      `json:"runs"`     // of each part
	Trials    int      `json:"trials"`   // of each cell
	Parts     []string `json:"parts"`
	Rows      []string `json:"rows"`      // versions that Releases selects
	Scenarios int      `json:"scenarios"` // number of scenarios of the suite
	Suite     int      `json:"suite"`     // number of rows of the whole suite
}

// readSettings reads the BENCH_ variables of the environment. Its error is a
// matrix.Problems with all mistakes.
func readSettings(getenv func(string) string) (Settings, error) {
	var problems matrix.Problems
	number := func(name string, otherwise int) int {
		text := getenv(name)
		if text == "" {
			return otherwise
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			problems.Add("", 0, "%s=%s: want a number, at least 1", name, text)
		}
		return n
	}
	s := Settings{Releases: getenv("BENCH_RELEASES"), Runs: number("BENCH_RUNS", 5), Trials: number("BENCH_TRIALS", 10), Parts: parts}
	if s.Releases == "" {
		s.Releases = ">= 0.46, < 0.56"
	}
	if _, err := matrix.ParseConstraint(s.Releases); err != nil {
		problems.Add("", 0, "BENCH_RELEASES: %v", err)
	}
	if only := getenv("BENCH_ONLY"); only != "" {
		asked := strings.Split(only, ",")
		for _, part := range asked {
			if !slices.Contains(parts, part) {
				problems.Add("", 0, "BENCH_ONLY: unknown part %q: want some of %s", part, strings.Join(parts, ","))
			}
		}
		s.Parts = slices.DeleteFunc(slices.Clone(parts), func(part string) bool { return !slices.Contains(asked, part) })
	}
	return s, problems.Err()
}

// has reports whether the settings select a part.
func (s Settings) has(part string) bool { return slices.Contains(s.Parts, part) }

// releases reports whether the settings select a part that runs the releases. The others
// download what they need.
func (s Settings) releases() bool {
	return slices.ContainsFunc(s.Parts, func(part string) bool { return !slices.Contains([]string{"check", "sandbox", "try"}, part) })
}

// whole reports whether the settings select all parts, so that the table can be
// published.
func (s Settings) whole() bool { return len(s.Parts) == len(parts) }

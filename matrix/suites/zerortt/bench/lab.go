package main

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/git"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt"
)

// folder is the folder of this program below the root of the module.
const folder = "matrix/suites/zerortt/bench"

// A lab has everything that the measurements need.
type lab struct {
	set       Settings
	suite     *matrix.Spec
	rows      []matrix.Row      // to measure
	scenarios []matrix.Scenario // all scenarios of the suite
	script    string            // plain.sh
	tool      string            // path of the matrixrun to measure
	temp      string            // folder for all files, removed at the end
	homes     int               // number of homes created
	start     time.Time
}

// newLab plans the measurements. Its error lists all mistakes in the settings.
func newLab(set Settings, temp string) (*lab, error) {
	suite, err := spec.Load(zerortt.Files, "zerortt")
	if err != nil {
		return nil, err
	}
	releases, err := matrix.ParseConstraint(set.Releases)
	if err != nil {
		return nil, err
	}
	todo, err := plan.New(suite, plan.Selection{Versions: releases})
	if err != nil {
		return nil, err
	}
	all, err := plan.New(suite, plan.Selection{})
	if err != nil {
		return nil, err
	}
	script, err := filepath.Abs(filepath.FromSlash(folder + "/plain.sh"))
	if err != nil {
		return nil, err
	}
	l := &lab{set: set, suite: suite, rows: todo.Rows, scenarios: todo.Scenarios, script: script, temp: temp, start: time.Now()}
	l.set.Rows, l.set.Scenarios, l.set.Suite = versions(l.rows), len(l.scenarios), len(all.Rows)
	var problems matrix.Problems
	for _, v := range suite.First {
		if set.has("first") && !slices.Contains(l.set.Rows, v) {
			problems.Add("", 0, "BENCH_RELEASES=%s: want %s among them, which the part \"first\" waits for", set.Releases, v)
		}
	}
	if set.has("release") && len(l.rows) < 2 {
		problems.Add("", 0, "BENCH_RELEASES=%s: want at least two: the part \"release\" adds one", set.Releases)
	}
	return l, problems.Err()
}

func versions(rows []matrix.Row) (all []string) {
	for _, r := range rows {
		all = append(all, r.Release.Version)
	}
	return all
}

// logf prints a line of progress, with the seconds since the start.
func (l *lab) logf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%5.0f s  %s\n", time.Since(l.start).Seconds(), fmt.Sprintf(format, args...))
}

// build compiles the matrixrun to measure. If the go command cannot find out the
// commit, build compiles the same program without it.
func (l *lab) build(ctx context.Context) (Program, error) {
	l.tool = filepath.Join(l.temp, "matrixrun")
	var g gocmd.Go
	var err error
	for _, stamp := range []string{"-buildvcs=true", "-buildvcs=false"} {
		_, err = g.Run(ctx, gocmd.Call{Args: []string{"build", stamp, "-o", l.tool, "./cmd/matrixrun"}, Env: []string{"GOFLAGS=-mod=readonly"}})
		if err == nil {
			break
		}
	}
	if err != nil {
		return Program{}, fmt.Errorf("building matrixrun: %w", err)
	}
	info, err := buildinfo.ReadFile(l.tool)
	if err != nil {
		return Program{}, fmt.Errorf("reading the build information of matrixrun: %w", err)
	}
	p := Program{Version: info.Main.Version, Go: info.GoVersion}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			p.Commit = s.Value
		case "vcs.modified":
			p.Modified = s.Value == "true"
		}
	}
	if p.Commit == "" { // the go command records no commit in a linked worktree
		if head, err := git.Show(ctx, ".", "HEAD"); err == nil {
			p.Commit = head.Hash
		}
	}
	return p, nil
}

// toolchains returns the names of the toolchains of all rows, separated by commas.
func (l *lab) toolchains() string {
	var all []string
	for _, r := range l.rows {
		all = append(all, r.Toolchain)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

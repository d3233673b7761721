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

// folder is where this program lies, below the module's root.
const folder = "matrix/suites/zerortt/bench"

// A lab is all that a measurement needs.
type lab struct {
	set       Settings
	suite     *matrix.Spec
	rows      []matrix.Row      // that are measured
	scenarios []matrix.Scenario // all of the suite's
	script    string            // plain.sh
	tool      string            // the matrixrun that is measured
	temp      string            // for everything, removed at the end
	homes     int
	start     time.Time
}

// newLab plans what is to be measured. Its error names every mistake in the
// settings.
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

// say tells how far it is, with the seconds since the start.
func (l *lab) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%5.0f s  %s\n", time.Since(l.start).Seconds(), fmt.Sprintf(format, args...))
}

// build compiles the matrixrun that is measured. Where the version control does
// not answer, the binary is the same without the commit's name.
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
		return Program{}, fmt.Errorf("reading what matrixrun was built from: %w", err)
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
	if p.Commit == "" { // the go command stamps no linked worktree
		if head, err := git.Show(ctx, ".", "HEAD"); err == nil {
			p.Commit = head.Hash
		}
	}
	return p, nil
}

// toolchains lists those that compile the rows.
func (l *lab) toolchains() string {
	var all []string
	for _, r := range l.rows {
		all = append(all, r.Toolchain)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/source"
)

// Bisected has the runs of the command bisect over a history of commits.
type Bisected struct {
	Commits int      `json:"commits"` // between the ends
	Tried   int      `json:"tried"`   // of them, with the ends, in each run
	Runs    []Timing `json:"runs"`
}

// The history begins with a release that leaks. A patch fixes it halfway.
const (
	bisectRelease  = "v0.47.0"
	bisectScenario = "after-write"
	bisectCommits  = 50
)

// bisect measures bisects over histories in which each commit changes the package at the
// root. Each run has a history of its own, so that it compiles what its commits change. All
// other packages were compiled before.
func (l *lab) bisect(ctx context.Context, h home) (*Bisected, error) {
	b := &Bisected{Commits: bisectCommits}
	for n := range l.set.Runs + 1 { // the first one only compiles
		dir := filepath.Join(l.temp, fmt.Sprintf("history%d", n))
		if err := l.makeHistory(ctx, h, dir, n); err != nil {
			return nil, fmt.Errorf("making a history: %w", err)
		}
		var out bytes.Buffer
		args := []string{"bisect", "--git", dir, "--scenario", bisectScenario, "--bad", "begin", "--good", "end", "--cache", h.record(), "--format", "json"}
		t, _, err := clock(ctx, proc.Cmd{Path: l.tool, Args: args, Env: h.environ(n == 0), Stdout: &out})
		if err != nil {
			return nil, err
		}
		var found matrix.Bisection
		if err := json.Unmarshal(out.Bytes(), &found); err != nil {
			return nil, fmt.Errorf("reading what bisect printed: %w", err)
		}
		if len(found.Changes) != 1 || found.Changes[0].Kind != matrix.TurnFixed || found.Changes[0].After.Subject != "fix" {
			return nil, fmt.Errorf("bisect did not find the commit: %s", out.String())
		}
		if n > 0 {
			b.Runs, b.Tried = append(b.Runs, t), len(found.Visits)
			l.logf("bisect %d/%d: %d commits tried in %.1f s, %.1f CPU s", n, l.set.Runs, b.Tried, t.Wall, t.CPU)
		}
	}
	return b, nil
}

// makeHistory makes a repository in dir. N is part of what its commits change.
func (l *lab) makeHistory(ctx context.Context, h home, dir string, n int) error {
	at := slices.IndexFunc(l.suite.Lock, func(r matrix.Release) bool { return r.Version == bisectRelease })
	if at < 0 {
		return fmt.Errorf("the lock has no %s", bisectRelease)
	}
	release, err := source.NewProxy().Fetch(ctx, l.suite.Lock[at])
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, os.DirFS(release.Dir)); err != nil {
		return err
	}
	fork := dir + "-fixed"
	args := []string{"fork", bisectRelease, "--patch", thePatch, "-o", fork}
	if _, _, err := clock(ctx, proc.Cmd{Path: l.tool, Args: args, Env: h.environ(true)}); err != nil {
		return err
	}
	git := func(args ...string) {
		args = append([]string{"git", "-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "gc.auto=0"}, args...)
		_, _, failed := clock(ctx, proc.Cmd{Path: "/usr/bin/env", Args: args, Dir: dir, Env: h.environ(false)})
		err = errors.Join(err, failed)
	}
	git("init", "-q")
	for i := range bisectCommits + 1 {
		subject := "change"
		if i == bisectCommits/2 {
			subject = "fix"
			err = errors.Join(err, copyCode(fork, dir))
		}
		change := fmt.Sprintf("package quic\n\nfunc init() { _ = \"history %d, commit %d\" }\n", n, i)
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, "bench_change.go"), []byte(change), 0o666))
		git("add", "-A")
		git("commit", "-q", "-m", subject)
		switch i {
		case 0:
			git("tag", "begin")
		case bisectCommits:
			git("tag", "end")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// copyCode copies the Go files at the top of a folder to another one.
func copyCode(from, to string) error {
	files, err := filepath.Glob(filepath.Join(from, "*.go"))
	for _, file := range files {
		data, readErr := os.ReadFile(file)
		err = errors.Join(err, readErr, os.WriteFile(filepath.Join(to, filepath.Base(file)), data, 0o666))
	}
	return err
}

// bisectFigures returns the figure of the part bisect.
func bisectFigures(b *Bisected) []Figure {
	if b == nil {
		return nil
	}
	f := Figure{
		Name: fmt.Sprintf("bisect over %d commits", b.Commits), Unit: "s", Matrixrun: spread(each(b.Runs, func(t Timing) float64 { return t.Wall })),
		Note: fmt.Sprintf("%d commits were built and tried; each had changed the package that most others of the module import", b.Tried),
	}
	return []Figure{aim{below: 30}.apply(f, f.Matrixrun, " s")}
}

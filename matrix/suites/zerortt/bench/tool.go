package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// An account collects the events that a run of matrixrun prints with --json.
type account struct {
	rest  []byte             // the beginning of an incomplete line
	heard func(matrix.Event) // called for each event; may be nil

	rows  []*matrix.RowResult
	built []string // rows that were compiled
	done  *matrix.Done
}

// Write parses events, one a line. A line that is not an event is an error, which ends
// the run.
func (a *account) Write(p []byte) (int, error) {
	a.rest = append(a.rest, p...)
	for {
		line, rest, complete := bytes.Cut(a.rest, []byte("\n"))
		if !complete {
			return len(p), nil
		}
		a.rest = rest
		var e matrix.Event
		if err := json.Unmarshal(line, &e); err != nil {
			return 0, fmt.Errorf("reading the event %.200q: %w", line, err)
		}
		a.take(e)
	}
}

// take keeps what the bench needs of an event.
func (a *account) take(e matrix.Event) {
	switch {
	case e.Row != nil:
		a.rows = append(a.rows, e.Row)
	case e.Step != nil && e.Step.Stage == "build":
		a.built = append(a.built, e.Step.Row)
	case e.Done != nil:
		a.done = e.Done
	}
	if a.heard != nil {
		a.heard(e)
	}
}

// A job is one run of matrixrun.
type job struct {
	only   []string           // versions; nil for the whole suite
	trials int                // per cell
	args   []string           // more arguments
	online bool               // whether it may download
	source bool               // compile matrixrun first, with go run
	heard  func(matrix.Event) // called for each event; may be nil
}

// run runs matrixrun, and checks that it built every row and has all trials of every
// cell.
func (l *lab) run(ctx context.Context, h home, j job) (Tool, *account, error) {
	args := []string{"run", "--json", "--evidence", "none", "--cache", h.record(), "--trials", strconv.Itoa(j.trials), "--fixed"}
	if j.only != nil {
		args = append(args, "--only", strings.Join(j.only, ","))
	}
	args = append(args, j.args...)
	heard := &account{heard: j.heard}
	var t Tool
	var err error
	path := l.tool
	if j.source {
		path, args = "/usr/bin/env", append([]string{"go", "run", "./cmd/matrixrun"}, args...)
	}
	t.Timing, t.Exit, err = clock(ctx, proc.Cmd{Path: path, Args: args, Env: h.environ(j.online), Stdout: heard}, 1)
	if err != nil {
		return t, heard, fmt.Errorf("%w%s", err, heard.trouble())
	}
	if err := t.fill(heard, j.trials); err != nil {
		return t, heard, fmt.Errorf("matrixrun %s: %w", strings.Join(args, " "), err)
	}
	return t, heard, nil
}

// fill copies the numbers of an account. It is an error if a row was not built, or if
// a cell has fewer trials.
func (t *Tool) fill(a *account, trials int) error {
	if a.done == nil || a.done.Rows != len(a.rows) {
		return fmt.Errorf("it reported %d rows, and ended with %+v", len(a.rows), a.done)
	}
	t.Rows, t.Built, t.Trials = a.done.Rows, a.done.Built, a.done.Trials
	t.Tools, t.Repro = a.done.CPU.Tools, a.done.CPU.Trials
	if u := a.done.Remote; u != nil {
		t.Fetched, t.Written = u.BytesFetched, u.BytesWritten
	}
	for _, r := range a.rows {
		if r.State != matrix.StateOK || r.Binary == "" {
			return fmt.Errorf("%s is %s: %s", r.ID, r.State, r.Reason)
		}
		t.Binaries++
		for _, c := range r.Cells {
			if c.Trials+c.Inconclusive < trials {
				return fmt.Errorf("%s/%s has %d trials: want %d", r.ID, c.Scenario, c.Trials+c.Inconclusive, trials)
			}
			t.Cells++
		}
	}
	return nil
}

// did checks that a run built exactly these rows, given by their IDs in any order.
func (a *account) did(want []string) error {
	got, want := slices.Sorted(slices.Values(a.built)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) || a.done.Built != len(want) {
		return fmt.Errorf("matrixrun made %d builds, of %v: want %v", a.done.Built, got, want)
	}
	return nil
}

// trouble returns a line for each row and cell without an answer. With --json,
// matrixrun prints them only as events.
func (a *account) trouble() string {
	var lines strings.Builder
	for _, r := range a.rows {
		if r.State != matrix.StateOK {
			fmt.Fprintf(&lines, "\n%s is %s: %s", r.ID, r.State, r.Reason)
		}
		for _, c := range r.Cells {
			if c.Verdict != c.Expected && c.Verdict.Undecided() {
				fmt.Fprintf(&lines, "\n%s/%s is %s: %s", r.ID, c.Scenario, c.Verdict, c.Reason)
			}
		}
	}
	return lines.String()
}

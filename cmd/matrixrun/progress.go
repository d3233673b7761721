package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// progress shows a run's events as they happen. event is called by one
// goroutine at a time; close ends what is drawn on a terminal.
type progress interface {
	event(matrix.Event)
	close()
}

// newProgress chooses how to show a run: JSON lines on stdout where they were
// asked for, a live line on a terminal that can draw one, plain lines elsewhere.
func newProgress(asJSON bool, stdout, stderr io.Writer) progress {
	switch {
	case asJSON:
		return &jsonLines{out: json.NewEncoder(stdout)}
	case screen.IsTerminal(stderr) && os.Getenv("TERM") != "dumb":
		return newLive(stderr)
	default:
		return &plainLines{out: stderr}
	}
}

// finish shows the last event of a run and ends its progress.
func finish(show progress, d matrix.Done, exit int) {
	d.Exit = exit
	show.event(matrix.Event{Time: time.Now().UTC(), Done: &d})
	show.close()
}

// interrupt finishes a run that was stopped, and returns its error.
func interrupt(show progress, d matrix.Done, answered, planned int) error {
	d.Rows, d.Interrupted = answered, true // d counts rows that were begun, too
	finish(show, d, exitUnknown)
	return interruptedError{done: answered, rows: planned}
}

// jsonLines prints an event a line.
type jsonLines struct{ out *json.Encoder }

func (p *jsonLines) event(e matrix.Event) { _ = p.out.Encode(e) } // stdout keeps the error
func (p *jsonLines) close()               {}

// plainLines prints a line for each row as it is answered.
type plainLines struct {
	out   io.Writer
	tally tally
}

func (p *plainLines) event(e matrix.Event) {
	for _, line := range p.tally.lines(e) {
		fmt.Fprintln(p.out, line)
	}
}

func (p *plainLines) close() {}

// A tally words events, and counts the rows as they come in.
type tally struct {
	start      time.Time
	rows, done int
	width      int                    // of the longest row's name
	kinds      map[string]matrix.Kind // of the scenarios, by name
	scenarios  int
	explain    bool // say why rows are not recalled
	missed     int  // rows that were not
}

// lines returns what to print for an event: nothing for most.
func (t *tally) lines(e matrix.Event) []string {
	switch {
	case e.Planned != nil:
		return t.planned(e)
	case e.Missed != nil:
		t.missed++
		return t.reasons(e.Missed)
	case e.Row != nil:
		t.done++
		return []string{fmt.Sprintf("[%*d/%d] %-*s  %s", len(fmt.Sprint(t.rows)), t.done, t.rows, t.width, short(e.Row.ID), t.summary(e.Row))}
	case e.Done != nil && !e.Done.Interrupted: // the error of the command says that
		d := e.Done
		var lines []string
		if t.explain && t.missed == 0 {
			lines = append(lines, "the record lacked nothing")
		}
		return append(lines, fmt.Sprintf("%s in %s: %d built, %s run, %s recalled", text.Count(d.Rows, "row"), e.Time.Sub(t.start).Round(time.Second), d.Built, text.Count(d.Trials, "trial"), text.Count(d.Recalled, "row")), "")
	default:
		return nil
	}
}

// short names a row as the table does: by its ID, or by how many patches it has,
// where their names would leave no room for what came of it.
func short(id string) string {
	if row := matrix.ParseRowID(id); len(row.Patches) > 1 {
		return fmt.Sprintf("%s + %d patches", row.Version, len(row.Patches))
	}
	return id
}

func (t *tally) planned(e matrix.Event) []string {
	t.start, t.rows = e.Time, len(e.Planned.Rows)
	t.scenarios, t.explain = len(e.Planned.Scenarios), e.Planned.Explain
	for _, id := range e.Planned.Rows {
		t.width = max(t.width, utf8.RuneCountInString(short(id)))
	}
	t.kinds = make(map[string]matrix.Kind)
	for _, s := range e.Planned.Scenarios {
		t.kinds[s.Name] = s.Kind
	}
	lines := []string{fmt.Sprintf("%s: %s, %s", e.Planned.Suite, text.Count(t.rows, "row"), text.Count(len(e.Planned.Scenarios), "scenario"))}
	for _, s := range e.Planned.Skips {
		lines = append(lines, fmt.Sprintf("skipping %s: %s", s.ID, s.Reason))
	}
	return lines
}

// summary says in a few words what a row came to: what could not be found out
// first, then what leaks. Invariants that hold go without saying.
func (t *tally) summary(r *matrix.RowResult) string {
	if r.State != matrix.StateOK {
		return fmt.Sprintf("%s: %s", r.State, matrix.Gist(r.Reason))
	}
	by := make(map[matrix.Verdict][]string)
	for _, c := range r.Cells {
		if !t.kinds[c.Scenario].Holds(c.Verdict) {
			by[c.Verdict] = append(by[c.Verdict], c.Scenario)
		}
	}
	var parts []string
	for _, v := range []matrix.Verdict{matrix.VerdictError, matrix.VerdictVacuous, matrix.VerdictUnsupported, matrix.VerdictFlaky, matrix.VerdictLeak, matrix.VerdictClean} {
		if names := by[v]; len(names) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", len(names), v))
		}
	}
	return strings.Join(parts, ", ")
}

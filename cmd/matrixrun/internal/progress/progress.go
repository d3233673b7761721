// Package progress shows the events of a run while it runs: as JSON lines, as a
// line that is redrawn on a terminal, or as plain lines.
package progress

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/quantity"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Display shows events. Any goroutine may call Event. Close removes what is drawn on a
// terminal.
type Display interface {
	Event(matrix.Event)
	Close()
}

// New returns the display for a run: JSON lines on stdout if asJSON is set, else a
// live line if stderr is a terminal that can draw one, else plain lines on stderr. The words
// are those of the suite, as far as it has some.
func New(asJSON bool, stdout, stderr io.Writer, words matrix.Words) Display {
	switch {
	case asJSON:
		return &serial{Display: &jsonLines{out: stdout}}
	case screen.IsTerminal(stderr) && os.Getenv("TERM") != "dumb":
		return &serial{Display: newLive(stderr, words)}
	default:
		return &serial{Display: &plainLines{out: stderr, tally: tally{suite: words}}}
	}
}

// A serial is a display that any goroutine may call.
type serial struct {
	mu sync.Mutex
	Display
}

func (s *serial) Event(e matrix.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Display.Event(e)
}

// Note shows that something went wrong that the run does not depend on.
func Note(d Display, what string) {
	d.Event(matrix.Event{Time: time.Now().UTC(), Noted: &matrix.Noted{Text: what}})
}

// Finish shows the last event of a run, and closes the display.
func Finish(d Display, done matrix.Done, exit int) {
	done.Exit = exit
	d.Event(matrix.Event{Time: time.Now().UTC(), Done: &done})
	d.Close()
}

// jsonLines prints an event on each line.
type jsonLines struct{ out io.Writer }

func (p *jsonLines) Event(e matrix.Event) { _ = text.WriteJSON(p.out, e, false) } // the command's stdout keeps the error
func (p *jsonLines) Close()               {}

// plainLines prints a line when a row is answered.
type plainLines struct {
	out   io.Writer
	tally tally
}

func (p *plainLines) Event(e matrix.Event) {
	for _, line := range p.tally.lines(e) {
		fmt.Fprintln(p.out, line)
	}
}

func (p *plainLines) Close() {}

// A tally counts the rows of a run and words its events.
type tally struct {
	start      time.Time
	rows, done int
	width      int                    // of the longest name of a row
	kinds      map[string]matrix.Kind // of the scenarios, by name
	scenarios  int
	suite      matrix.Words // what the suite calls verdicts, as far as it has some
	explain    bool         // print why rows are not recalled
	missed     int          // the number of these rows

	waits map[matrix.Step]bool // that were printed
}

// lines returns the lines to print for an event, none for most. No value in them can
// begin a line of its own.
func (t *tally) lines(e matrix.Event) []string {
	lines := t.words(e)
	for i, line := range lines {
		lines[i] = strings.Join(strings.FieldsFunc(line, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	}
	return lines
}

// words returns the lines for an event as its values make them.
func (t *tally) words(e matrix.Event) []string {
	switch {
	case e.Planned != nil:
		return t.planned(e)
	case e.Step != nil && e.Step.Stage == "wait":
		return t.waiting(*e.Step)
	case e.Missed != nil:
		t.missed++
		return t.reasons(e.Missed)
	case e.Row != nil:
		t.done++
		return []string{fmt.Sprintf("[%*d/%d] %s  %s", len(fmt.Sprint(t.rows)), t.done, t.rows, text.Pad(short(e.Row.ID), t.width), t.summary(e.Row))}
	case e.Refined != nil:
		t.done, t.rows = 0, len(e.Refined.Rows)
		return []string{"refining: " + text.Count(t.rows, "more row") + ", between releases whose verdicts differ"}
	case e.Surer != nil:
		t.done, t.rows = 0, len(e.Surer.Rows)
		return []string{fmt.Sprintf("surer: %s of %s, %s", text.Count(e.Surer.Cells, "cell"), text.Count(t.rows, "row"), text.Count(e.Surer.Trials, "trial"))}
	case e.Noted != nil:
		return []string{e.Noted.Text}
	case e.Done != nil && !e.Done.Interrupted: // else the command's error says how far it came
		d := e.Done
		var lines []string
		if t.explain && t.missed == 0 {
			lines = append(lines, "everything was in the record")
		}
		lines = append(lines, fmt.Sprintf("%s in %s: %d built, %s run, %s recalled", text.Count(d.Rows, "row"), e.Time.Sub(t.start).Round(time.Second), d.Built, text.Count(d.Trials, "trial"), text.Count(d.Recalled, "row")))
		return append(append(lines, exchanged(d.Remote)...), "")
	default:
		return nil
	}
}

// exchanged says what a run exchanged with a remote record, if it exchanged anything.
func exchanged(r *matrix.RemoteUse) []string {
	if r == nil {
		return nil
	}
	what := func(builds, traces int, done string, bytes int64) string {
		var parts []string
		if builds > 0 {
			parts = append(parts, text.Count(builds, "build"))
		}
		if traces > 0 {
			parts = append(parts, "the trials of "+text.Count(traces, "binary"))
		}
		if len(parts) == 0 {
			return ""
		}
		size := quantity.Size(bytes)
		return fmt.Sprintf("%s %s (%s)", text.List(parts), done, size.String())
	}
	all := []string{what(r.Builds, r.Traces, "fetched", r.BytesFetched), what(r.PushedBuilds, r.PushedTraces, "written", r.BytesWritten)}
	if all = slices.DeleteFunc(all, func(s string) bool { return s == "" }); len(all) == 0 {
		return nil
	}
	return []string{r.Name + ": " + strings.Join(all, ", ")}
}

// waiting returns the line for a row that waits for another process. A row may wait
// for each of its cells, and says so once. Two rows of this process that share a lock
// by chance are not worth a line.
func (t *tally) waiting(s matrix.Step) []string {
	if t.waits[s] || s.Process == os.Getpid() {
		return nil
	}
	if t.waits == nil {
		t.waits = make(map[matrix.Step]bool)
	}
	t.waits[s] = true
	return []string{Waiting(short(s.Row), "does the same", s.Process, s.Silent)}
}

// Waiting says that something waits for another process, or no longer does because
// that is silent, and what the process does. The process is 0 if it is unknown.
func Waiting(who, does string, process int, silent bool) string {
	other := "another matrixrun"
	if process != 0 {
		other = fmt.Sprintf("process %d", process)
	}
	if silent {
		return fmt.Sprintf("%s goes on without %s, which gives no sign of life", who, other)
	}
	return fmt.Sprintf("%s waits for %s, which %s", who, other, does)
}

// short returns the name of a row as the table has it: its ID, or the number of
// its patches if their names would leave no room for the summary.
func short(id string) string {
	if row := matrix.ParseRowID(id); len(row.Patches) > 1 {
		return fmt.Sprintf("%s + %d patches", row.Version, len(row.Patches))
	}
	return id
}

// planned notes what the run is about, and returns its first lines.
func (t *tally) planned(e matrix.Event) []string {
	t.start, t.rows = e.Time, len(e.Planned.Rows)
	t.scenarios, t.explain = len(e.Planned.Scenarios), e.Planned.Explain
	for _, id := range e.Planned.Rows {
		t.width = max(t.width, text.Width(short(id)))
	}
	t.kinds = make(map[string]matrix.Kind)
	for _, s := range e.Planned.Scenarios {
		t.kinds[s.Name] = s.Kind
	}
	lines := []string{fmt.Sprintf("%s: %s, %s", e.Planned.Suite, text.Count(t.rows, "row"), text.Count(len(e.Planned.Scenarios), "scenario"))}
	for _, s := range e.Planned.Skips {
		lines = append(lines, fmt.Sprintf("skipping %s: %s", s.ID, s.Reason))
	}
	if s := e.Planned.Sandbox; s != nil && s.Gaps() {
		lines = append(lines, "sandbox: "+s.Summary())
	}
	return lines
}

// summary counts the verdicts of a row: first what could not be found out, then
// what leaks. It leaves out invariants that hold.
func (t *tally) summary(r *matrix.RowResult) string {
	if r.State != matrix.StateOK {
		return fmt.Sprintf("%s: %s", r.State, matrix.Gist(r.Reason))
	}
	counts := make(map[matrix.Verdict]int)
	for _, c := range r.Cells {
		if !t.kinds[c.Scenario].Holds(c.Verdict) {
			counts[c.Verdict]++
		}
	}
	var parts []string
	w := t.suite.Complete()
	for _, v := range []matrix.Verdict{matrix.VerdictError, matrix.VerdictVacuous, matrix.VerdictUnsupported, matrix.VerdictFlaky, matrix.VerdictLeak, matrix.VerdictClean} {
		if counts[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[v], w.Name(v)))
		}
	}
	return strings.Join(parts, ", ")
}

package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A CellReport is everything that is known of one cell.
type CellReport struct {
	Suite    string           `json:"suite"`
	Target   string           `json:"target"`
	Row      matrix.RowResult `json:"row"`      // with this cell only
	Scenario matrix.Scenario  `json:"scenario"` // what the cell is about
	Cell     *matrix.Cell     `json:"cell"`     // null where the row has no binary
	Trace    *matrix.Trace    `json:"trace"`    // the trials that the cell is judged by
	Apart    *matrix.Trace    `json:"apart"`    // the trials that ran while nothing else did; null unless the cell was flaky

	// Sandbox is what trials could not reach in the run of From, or, without From, what
	// they cannot reach on this machine. Nil if that is not known.
	Sandbox *matrix.Sandbox `json:"sandbox,omitempty"`

	Counts []matrix.Outcome `json:"counts"` // what each trial of trace, then of apart, counts for
	More   int              `json:"more"`   // the number of further trials in the record
	Kept   []string         `json:"kept"`   // files of evidence in the record, or in Folder if that is set
	From   string           `json:"from"`   // the folder of the results that the cell was read from; empty for the record
	Folder string           `json:"folder"` // the folder that evidence and workspace were written to; may be empty
	Repeat []string         `json:"repeat"` // lines for a shell in an empty folder

	Words matrix.Words `json:"-"` // what the suite calls verdicts, as far as it says

	// Observed says that a test or an exit code shows the outcome of a trial: no side of it
	// could have seen anything, and it leaves no evidence.
	Observed bool `json:"-"`
}

// words returns what verdicts are called.
func (r *CellReport) words() matrix.Words { return r.Words.Complete() }

// Cell writes a cell for people: the verdict, the trials, what they saw, the frames on
// the wire, the evidence, and how to repeat it. It does not break commands into lines, nor
// what a process printed.
func Cell(w io.Writer, r *CellReport, screen Screen) error {
	var out strings.Builder
	r.verdict(&out, screen)
	at := 0
	for i, t := range []*matrix.Trace{r.Trace, r.Apart} {
		if t != nil {
			r.trials(&out, screen, []string{"Trials", "Trials while nothing else ran"}[i], t, r.Counts[at:])
			at += len(t.Trials)
		}
	}
	if r.Cell != nil && !r.Observed {
		saw(&out, screen, r.Cell.Saw, r.words())
		wire(&out, screen, r.Cell.Frames, r.words())
		if r.Cell.Unread != "" {
			out.WriteString("\nThe capture does not confirm these trials:\n" + screen.wrap(plain(r.Cell.Unread), "  ", "  "))
		}
		r.evidence(&out, screen)
	}
	if len(r.Repeat) > 0 {
		out.WriteString("\nRepeat it by hand" + inFolder(r.Folder) + ":\n")
		for _, line := range r.Repeat {
			out.WriteString("  " + line + "\n")
		}
	}
	return screen.show(w, out.String())
}

// CellJSON writes a cell as one document.
func CellJSON(w io.Writer, r *CellReport) error { return writeJSON(w, r) }

// inFolder says where the commands have to run, unless they name a folder.
func inFolder(folder string) string {
	if folder == "" {
		return ", in an empty folder"
	}
	return ""
}

// verdict writes what came of the cell, or why the row has none, and what was built.
func (r *CellReport) verdict(out *strings.Builder, screen Screen) {
	name := r.Row.ID + "/" + r.Scenario.Name
	if c := r.Cell; c == nil {
		fmt.Fprintf(out, "%s: %s\n", plain(name), r.Row.State)
		for line := range strings.Lines(inLines(r.Row.Reason)) {
			out.WriteString(strings.TrimRight("  "+line, " \n") + "\n")
		}
	} else {
		out.WriteString(screen.wrap(plain(name+": "+Numbers(c, r.words())), "", "  "))
		if c.Reason != "" {
			out.WriteString(screen.wrap(plain(c.Reason), "  ", "  "))
		}
	}
	out.WriteString(screen.wrap(plain(r.Scenario.Title), "  ", "  "))
	built := []string{"replace " + r.Target + " " + r.Row.Replace, r.Row.Toolchain}
	if r.Row.Adapter != "" {
		built = append(built, "tags "+r.Row.Adapter)
	}
	if r.Row.Source.Rehomed {
		built = append(built, "rehomed from "+r.Row.Source.Module)
	}
	if r.Row.Server != "" {
		built = append(built, "against a server of "+r.Row.Server)
	}
	out.WriteString(screen.entry("", []string{plain(strings.Join(built, ", "))}, "    "))
	if r.Sandbox != nil {
		where := "here"
		if r.From != "" {
			where = "in that run"
		}
		out.WriteString(screen.wrap(plain("the sandbox "+where+": "+r.Sandbox.Summary()), "  ", "    "))
	}
}

// trials writes a line for each trial, and for each process that failed. A line begins
// with what the trial counts for; if its own report differs, that comes next, then the
// severity of a leak, the time it took, if the reproduction reports times, and what it proves:
//
//	0  leak          mild          5.1ms  attempted=true used=true
//
// Trials that follow each other and differ in their times alone share a line, with the
// longest time, if there are many or if a line is not enough for one:
//
//	0 - 98  clean  5.1ms  attempted=true used=true
func (r *CellReport) trials(out *strings.Builder, screen Screen, title string, t *matrix.Trace, counts []matrix.Outcome) {
	fmt.Fprintf(out, "\n%s:\n", title)
	timed := slices.ContainsFunc(t.Trials, func(t matrix.Trial) bool { return t.ElapsedUS > 0 })
	for from := 0; from < len(t.Trials); {
		to, longest := from+1, t.Trials[from].ElapsedUS
		outcome, rest := trialWords(&t.Trials[from], counts[from], r.words())
		entry := func() string {
			number := fmt.Sprintf("%4d", from)
			if to > from+1 {
				number += fmt.Sprintf(" - %d", to-1)
			}
			head := number + "  " + outcome
			if timed {
				head += fmt.Sprintf("  %8s", time.Duration(longest)*time.Microsecond)
			}
			return screen.entry(head, rest, strings.Repeat(" ", 6))
		}
		share := len(t.Trials) > manyTrials || strings.Count(entry(), "\n") > 1
		for ; share && to < len(t.Trials); to++ {
			if o, r := trialWords(&t.Trials[to], counts[to], r.words()); o != outcome || !slices.Equal(r, rest) {
				break
			}
			longest = max(longest, t.Trials[to].ElapsedUS)
		}
		out.WriteString(entry())
		from = to
	}
	for _, f := range t.Failures {
		out.WriteString(plain(fmt.Sprintf("%s: %s", f.Kind, f.Reason)) + "\n")
		for line := range strings.Lines(f.Log) {
			out.WriteString("  | " + plain(line) + "\n")
		}
	}
	if r.More > 0 && t == r.Trace {
		more := fmt.Sprintf("and %s in the record, which this verdict does not need: --sure, or --trials N --fixed, takes them in", text.Count(r.More, "more trial"))
		out.WriteString(screen.entry("", []string{more}, "  "))
	}
}

// manyTrials is how many trials fit a screen, a line each.
const manyTrials = 50

// trialWords returns what the line of a trial says before its time, and the parts of what
// it says after it.
func trialWords(t *matrix.Trial, count matrix.Outcome, w matrix.Words) (outcome string, rest []string) {
	outcome = w.Name(matrix.Verdict(count))
	if count != t.Outcome {
		outcome += " (says " + w.Name(matrix.Verdict(t.Outcome)) + ")"
	}
	rest = []string{proof(t.Proof)}
	if t.Wire != nil && !t.Wire.Agrees {
		rest = append(rest, "the capture disagrees: "+plain(t.Wire.Why))
	}
	if t.Why != "" {
		rest = append(rest, plain(t.Why))
	}
	return fmt.Sprintf("%-12s  %s", plain(outcome), pad(plain(w.Harm(t.Severity).Name), 10)), rest
}

// proof writes what a trial proves, sorted by key: "attempted=true used=true".
func proof(values map[string]any) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, fmt.Sprintf("%s=%v", key, values[key]))
	}
	return plain(strings.Join(parts, " "))
}

// saw writes what each side saw in the trial that decided the verdict. That neither
// side saw anything is said, too: it is what a clean cell is based on.
func saw(out *strings.Builder, screen Screen, sightings []matrix.Sighting, w matrix.Words) {
	if len(sightings) == 0 {
		out.WriteString("\nNeither side saw anything happen to it.\n")
		return
	}
	out.WriteString("\nSeen in the trial that decided:\n")
	for _, s := range sightings {
		columns := fmt.Sprintf("  %-8s  %-10s  %s", plain(s.Side), Part(s, w), Code(s))
		out.WriteString(screen.entry(strings.TrimRight(columns, " "), []string{plain(s.Error)}, strings.Repeat(" ", 12)))
	}
}

// wire writes what the reproduction's own decoder saw of that trial.
func wire(out *strings.Builder, screen Screen, frames []matrix.WireFrame, w matrix.Words) {
	if len(frames) == 0 {
		return
	}
	out.WriteString("\nOn the wire in that trial:\n")
	for _, f := range frames {
		columns := fmt.Sprintf("  %8s  %-6s  %s packet %d", time.Duration(f.US)*time.Microsecond, plain(f.From), plain(f.Packet), f.Number)
		about := fmt.Sprintf("%s, code %d, final size %d", w.Place(f.Stream), f.Code, f.FinalSize)
		out.WriteString(screen.entry(columns, []string{plain(f.Type), about}, strings.Repeat(" ", 12)))
	}
}

// evidence says where the files of evidence are, or how to get them.
func (r *CellReport) evidence(out *strings.Builder, screen Screen) {
	out.WriteString("\nEvidence:\n")
	switch {
	case r.Cell.NoEvidence != "":
		out.WriteString(screen.wrap("none: "+plain(r.Cell.NoEvidence), "  ", "  "))
	case len(r.Kept) == 0:
		out.WriteString("  none in " + r.source() + "\n")
	}
	for _, name := range r.Kept {
		switch {
		case r.Folder != "":
			name = plain(r.Folder + "/" + name)
		case r.From != "":
			name = plain(r.From + "/" + name)
		default:
			name = plain(name) + ", in the record: -o DIR writes it"
		}
		out.WriteString(screen.entry("", []string{name}, "    "))
	}
}

// source names where the cell was read from.
func (r *CellReport) source() string {
	if r.From != "" {
		return plain(r.From)
	}
	return "the record"
}

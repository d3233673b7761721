package grid

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// footnotes are the doubts about the table, each once, in reading order.
type footnotes struct {
	texts []string
	words matrix.Words
}

// add returns the index of a footnote, which it appends if it is new.
func (f *footnotes) add(text string) int {
	if i := slices.Index(f.texts, text); i >= 0 {
		return i
	}
	f.texts = append(f.texts, text)
	return len(f.texts) - 1
}

// ofRow adds what is special about a row as a whole, and returns the indexes of
// those footnotes. Twin is the ID of an earlier row with the same binary, if there
// is one, and about says what the target is, if that needs a footnote. G has the
// toolchain and the server that need none.
func (f *footnotes) ofRow(row *matrix.RowResult, twin, about string, g *matrix.Grid) []int {
	var marks []int
	note := func(format string, args ...any) { marks = append(marks, f.add(fmt.Sprintf(format, args...))) }
	if len(row.Patches) > fewPatches {
		note("%d patches: %s", len(row.Patches), patchNames(row))
	}
	if row.State != matrix.StateOK {
		note("%s: %s", row.State.Missing(), matrix.Gist(row.Reason))
	}
	if row.Toolchain != "" && row.Toolchain != g.Toolchain && row.Toolchain != row.Source.Toolchain {
		note("built with %s", row.Toolchain)
	}
	if line := row.GoLine; line != (matrix.GoLine{}) {
		note("the go line of the reproduction is %s here, and not its own, %s: the release needs that", line.Row, line.Own)
	}
	if from := trialsFrom(row); from != "" {
		note("its trials ran elsewhere, and were fetched from %s", from)
	}
	if len(row.Cgo) > 0 {
		note("built without cgo, which %s would need", text.Some(row.Cgo, 3))
	}
	if row.CCompiler != "" {
		note("built with cgo, by %s", row.CCompiler)
	}
	if about != "" {
		note("%s", about)
	}
	if row.Source.Retracted != "" && len(row.Patches) == 0 {
		note("retracted %s", row.Source.Retracted)
	}
	if row.Server != g.Server && row.Server != "" {
		note("against a server of %s", row.Server)
	}
	if twin != "" {
		note("the same binary as %s: the results of one hold for both", twin)
	}
	for _, p := range row.Patches {
		if len(p.Passed) > 0 {
			note("%s", variant(p))
		}
	}
	if len(row.Patches) > fewPatches {
		return marks // a footnote for each would fill the screen; results.json says how each was applied
	}
	for _, p := range row.Patches {
		switch p.Apply {
		case matrix.ApplyOffset:
			note("%s applies at other lines, up to %d away", p.Name, max(p.Offset, -p.Offset))
		case matrix.ApplyAlready:
			note("the release has %s already", p.Name)
		}
		if p.Partly() {
			note("%s", leftOut(p))
		}
	}
	return marks
}

// aboutTarget says in a footnote what a target is that is not just a release. Short says
// that the table has only a short name of it.
func aboutTarget(row *matrix.RowResult, short bool) string {
	switch {
	case row.Source.OfRelease() && row.Source.Rehomed:
		return "rehomed from " + row.Source.Module
	case row.Source.OfRelease():
		return ""
	}
	about := origin(&row.Source)
	if row.Swap != (matrix.Swap{}) {
		about += fmt.Sprintf("; the reproduction was built with %s in place of %s, since its API takes types of that", row.Swap.To, row.Swap.From)
	}
	if short {
		about = strings.TrimSuffix(row.Version()+": "+about, ": ")
	}
	return about
}

// variant says which variant of a patch was applied, if one was, and why no nearer one was.
func variant(p matrix.Applied) string {
	var passed []string
	for _, v := range p.Passed {
		passed = append(passed, fmt.Sprintf("that for %s (%s)", v.Releases, v.Why))
	}
	if p.Releases == "" {
		return fmt.Sprintf("no variant of %s fits: not %s", p.Name, text.List(passed))
	}
	return fmt.Sprintf("%s is applied in its variant for %s, and not in %s", p.Name, p.Releases, text.List(passed))
}

// leftOut says what of a patch was left out.
func leftOut(p matrix.Applied) string {
	var parts []string
	if len(p.LeftOut) > 0 {
		parts = append(parts, "what it changes outside of the module, or in settings of other programs: "+text.Some(p.LeftOut, 5))
	}
	if len(p.Aside) > 0 {
		parts = append(parts, "its changes of "+text.Some(p.AsideFiles(), 5)+", which conflict and are not compiled into a program")
	}
	return p.Name + " is applied without " + strings.Join(parts, "; and without ")
}

// ofCell adds what a reader must know about a cell's verdict, and returns the
// indexes of those footnotes.
func (f *footnotes) ofCell(c matrix.Cell) []int {
	var marks []int
	switch c.Verdict {
	case matrix.VerdictFlaky:
		marks = append(marks, f.add(odds(c, f.words)))
	case matrix.VerdictLeak:
		if c.Reason != "" { // what matrixrun saw itself
			marks = append(marks, f.add(fmt.Sprintf("%s: %s", f.words.Name(c.Verdict), matrix.Gist(c.Reason))))
		}
	case matrix.VerdictVacuous, matrix.VerdictError, matrix.VerdictUnsupported:
		marks = append(marks, f.add(fmt.Sprintf("%s: %s", f.words.Name(c.Verdict), matrix.Gist(c.Reason))))
	}
	if c.Unread != "" {
		marks = append(marks, f.add("not confirmed by a capture: "+c.Unread))
	}
	return marks
}

// odds says how often a flaky cell leaked: "flaky: 2 of 10 trials, 95 % interval
// 3 % - 56 %".
func odds(c matrix.Cell, w matrix.Words) string {
	text := fmt.Sprintf("%s: %d of %d trials", w.Flaky.Name, c.Leaks, c.Trials)
	if c.Interval != nil {
		text += fmt.Sprintf(", 95 %% interval %s - %s", percent(c.Interval[0]), percent(c.Interval[1]))
	}
	if c.Kills() {
		text += ", " + w.Severe.One
	}
	if c.Reason != "" { // the counts of each run
		text += "; " + c.Reason
	}
	return text
}

// percent writes a fraction of 1 as a percentage. It takes as many digits, up to
// four, as are needed so that a rate that is possible is not rounded to 0 % and one
// that is not certain is not rounded to 100 %.
func percent(rate float64) string {
	p := 100 * rate
	for digits, scale := 0, 1.0; digits < 4; digits, scale = digits+1, scale*10 {
		rounded := math.Round(p*scale) / scale
		if (rounded != 0 || p == 0) && (rounded != 100 || p == 100) {
			return fmt.Sprintf("%.*f %%", digits, rounded)
		}
	}
	return fmt.Sprintf("%.4f %%", p)
}

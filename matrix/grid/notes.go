package grid

import (
	"fmt"
	"math"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// footnotes are the doubts about the table, each told once, in the order in
// which a reader meets them.
type footnotes []string

// add returns the index of a footnote.
func (f *footnotes) add(text string) int {
	if i := slices.Index(*f, text); i >= 0 {
		return i
	}
	*f = append(*f, text)
	return len(*f) - 1
}

// ofRow adds what is special about a row as a whole.
func (f *footnotes) ofRow(row *matrix.RowResult, twin string, of *matrix.Grid) []int {
	var marks []int
	note := func(format string, args ...any) { marks = append(marks, f.add(fmt.Sprintf(format, args...))) }
	if len(row.Patches) > fewPatches {
		note("%d patches: %s", len(row.Patches), patchNames(row))
	}
	if row.State != matrix.StateOK {
		note("%s: %s", stateWord(row.State), matrix.Gist(row.Reason))
	}
	// What goes for most rows is said once, above the table.
	if row.Toolchain != "" && row.Toolchain != of.Toolchain {
		note("built with %s", row.Toolchain)
	}
	if row.Source.Rehomed {
		note("rehomed from %s", row.Source.Module)
	}
	if row.Server != of.Server && row.Server != "" {
		note("against a server of %s", row.Server)
	}
	if twin != "" {
		note("the same binary as %s: what was tried of one is true of both", twin)
	}
	if len(row.Patches) > fewPatches {
		return marks // where each of so many went on is no news: results.json tells it
	}
	for _, p := range row.Patches {
		switch p.Apply {
		case matrix.ApplyOffset:
			note("%s went on at other lines, up to %d away", p.Name, max(p.Offset, -p.Offset))
		case matrix.ApplyAlready:
			note("the release has %s already", p.Name)
		}
	}
	return marks
}

// ofCell adds what qualifies a cell's verdict.
func (f *footnotes) ofCell(c matrix.Cell) []int {
	marks := f.ofVerdict(c)
	if c.Unread != "" {
		marks = append(marks, f.add("without a second opinion: "+c.Unread))
	}
	return marks
}

// ofVerdict adds what a verdict needs to be understood.
func (f *footnotes) ofVerdict(c matrix.Cell) []int {
	switch c.Verdict {
	case matrix.VerdictFlaky:
		return []int{f.add(odds(c))}
	case matrix.VerdictVacuous, matrix.VerdictError, matrix.VerdictUnsupported:
		return []int{f.add(fmt.Sprintf("%s: %s", c.Verdict, matrix.Gist(c.Reason)))}
	default:
		return nil
	}
}

// odds tells how often a flaky cell leaked.
func odds(c matrix.Cell) string {
	text := fmt.Sprintf("flaky: %d of %d trials", c.Leaks, c.Trials)
	if c.Interval != nil {
		text += fmt.Sprintf(", 95 %% interval %s - %s", Percent(c.Interval[0]), Percent(c.Interval[1]))
	}
	if c.Kills() {
		text += ", can kill the connection"
	}
	if c.Reason != "" { // what each of its runs showed
		text += "; " + c.Reason
	}
	return text
}

// Percent writes a fraction of 1 as a percentage of as many digits as it
// takes to keep what is possible apart from 0 and from 100.
func Percent(rate float64) string {
	p := 100 * rate
	for digits, scale := 0, 1.0; digits < 4; digits, scale = digits+1, scale*10 {
		rounded := math.Round(p*scale) / scale
		if (rounded != 0 || p == 0) && (rounded != 100 || p == 100) {
			return fmt.Sprintf("%.*f %%", digits, rounded)
		}
	}
	return fmt.Sprintf("%.4f %%", p)
}

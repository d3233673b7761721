package page

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A row is a row of the table, and what the page says of it below the table.
type row struct {
	matrix.GridRow
	Date    string // of the release
	Leaking int    // the number of probes that leak
	Known   int    // the number of probes with a known verdict
	Tenth   int    // the share of Known that leaks, in tenths, rounded up so that one leak shows; a class of the style sheet
	Effects bool   // the table has a column of effects
	Cells   []cell
	Tried   bool   // it has cells
	Span    int    // the number of columns that its cells take, or that Reason takes instead
	Reason  string // why it has none
	Gist    string // how it fares
	Ways    list   // what a program does that leaks, what happens then, and whom it concerns
	Sure    list   // how sure that is
	Do      list   // what can be done
	Built   []fact // what was built
}

// newRow makes a row. Changed has the marks of cells.
func newRow(g matrix.GridRow, table *matrix.Grid, changed map[place]string) row {
	out := row{GridRow: g, Tried: len(g.Cells) > 0, Span: len(table.Columns), Effects: table.Patched() > 0, Built: built(&g, table), Do: list{Class: "do", Items: g.Advice.Do}}
	out.Label = strings.TrimSpace(out.Label)
	if !g.Source.Time.IsZero() {
		out.Date = g.Source.Time.UTC().Format(time.DateOnly)
	}
	if !out.Tried {
		out.Reason = string(g.State)
	}
	patches := strings.Join(g.PatchNames(), " ")
	for i, c := range g.Cells {
		s := table.Columns[i]
		out.Cells = append(out.Cells, newCell(c, changed[place{s.Name, g.Version(), patches}], s.Kind, table.Words))
	}
	out.rate(table)
	out.Ways = list{Class: "ways", Items: ways(&g, table.Families)}
	out.Sure = list{Class: "sure", Items: sure(&g, table)}
	out.Gist = strings.Replace(g.Advice.Gist, g.ID, out.Called(), 1)
	return out
}

// ways says of each family that leaks in a row what happens, and whom that concerns.
func ways(r *matrix.GridRow, families []matrix.GridFamily) (sentences []string) {
	for _, in := range r.Advice.Families {
		for _, f := range families {
			if f.Name == in.Family && in.Verdict.Leaks() {
				sentences = append(sentences, fmt.Sprintf("If %s, %s. Only %s.", f.Title, f.Consequence, f.Condition))
			}
		}
	}
	return sentences
}

// Called names a row by its ID, or by the release and the label that it has below
// that.
func (r *row) Called() string {
	if len(r.Patches) == 0 || r.Label == r.ID {
		return r.ID
	}
	return r.Version() + " " + r.Label
}

// Fares is the gist of a row after its name.
func (r *row) Fares() string { return strings.TrimPrefix(r.Gist, r.Called()) }

// rate counts the probes that leak.
func (r *row) rate(table *matrix.Grid) {
	var n matrix.VerdictCounts
	for i, c := range r.GridRow.Cells {
		if table.Columns[i].Kind == matrix.KindProbe {
			n.Add(c.Verdict)
		}
	}
	if r.Leaking, r.Known = n.Leaking, n.Known(); r.Known > 0 {
		r.Tenth = (10*r.Leaking + r.Known - 1) / r.Known
	}
}

// sure says how many trials the verdicts on a row's probes are based on. Probes with
// the same numbers share a sentence; those that leaked most often come first:
//
//	19 probes: 10 of 10 proven trials of each leaked (95 % interval: 69.2 - 100.0 %)
//	5 probes: 0 of 72 proven trials of each leaked (excludes more than 5 %)
//	its checks held
func sure(r *matrix.GridRow, table *matrix.Grid) []string {
	type counts struct{ leaks, trials int }
	var order []counts
	alike := make(map[counts]int)
	intervals := make(map[counts]string)
	for i, c := range r.Cells {
		if table.Columns[i].Kind != matrix.KindProbe || c.Trials == 0 {
			continue
		}
		n := counts{c.Leaks, c.Trials}
		if !slices.Contains(order, n) {
			order = append(order, n)
		}
		alike[n]++
		if c.Interval != nil {
			intervals[n] = " (" + sureOf(&c.Cell) + ")"
		}
	}
	// a.leaks/a.trials > b.leaks/b.trials, without a division.
	slices.SortFunc(order, func(a, b counts) int { return b.leaks*a.trials - a.leaks*b.trials })
	var out []string
	for _, n := range order {
		subject, of := fmt.Sprintf("%d probes", alike[n]), "each"
		if alike[n] == 1 {
			subject, of = "1 probe", "it"
		}
		out = append(out, fmt.Sprintf("%s: %d of %d proven trials of %s %s%s", subject, n.leaks, n.trials, of, table.Words.Leak.Past, intervals[n]))
	}
	if len(out) > 0 && invariantsHold(r, table.Columns) {
		out = append(out, "its checks held")
	}
	return out
}

// sureOf says how sure the rate of a cell is. It is short, since every row says it.
func sureOf(c *matrix.Cell) string {
	if c.Verdict == matrix.VerdictClean {
		return "excludes more than " + text.PercentUp(c.Interval[1])
	}
	return "95 % interval: " + report.Bounds(c)
}

// invariantsHold reports whether a row has both kinds of invariants, and all of
// them hold.
func invariantsHold(r *matrix.GridRow, columns []matrix.Scenario) bool {
	held := make(map[matrix.Kind]bool)
	for i, c := range r.Cells {
		if kind := columns[i].Kind; kind.Invariant() {
			held[kind] = true
			if !c.Holds {
				return false
			}
		}
	}
	return len(held) == 2
}

// built lists what was compiled, and from what.
func built(r *matrix.GridRow, table *matrix.Grid) []fact {
	var out []fact
	add := func(name, value string) {
		if value != "" {
			out = append(out, fact{name, value})
		}
	}
	// A patched build differs from that of its release, which has a list of its own,
	// in the patches alone.
	if len(r.Patches) == 0 {
		if r.Replace != "" && r.Replace != "=> "+table.Target+" "+r.Source.Version { // else the row's name says it
			add("in go.mod", "replace "+table.Target+" "+r.Replace)
		}
		add("toolchain", r.Toolchain)
		add("adapter", r.Adapter)
		if r.Source.Rehomed {
			add("source", r.Source.Module+" "+r.Source.Version+", given the path "+table.Target+" in a copy")
		}
		add("nearest to", r.Near)
		add("treated like", r.Source.As)
		add("go line", r.Source.Go)
		add("sum", r.Source.Sum)
		add("ref", r.Source.Ref)
		add("binary", r.Binary)
	}
	var patches []string
	for _, p := range r.Patches {
		patches = append(patches, went(p))
	}
	add("patches", strings.Join(patches, "; "))
	add("effect", string(r.Effect))
	add("server", r.Server)
	add("reason", r.Reason)
	return out
}

// went says how a patch was applied.
func went(p matrix.Applied) string {
	how := p.Name
	switch p.Apply {
	case matrix.ApplyOffset:
		how = fmt.Sprintf("%s, at other lines, up to %d away", p.Name, max(p.Offset, -p.Offset))
	case matrix.ApplyAlready:
		how = p.Name + ", which the release has already"
	case matrix.ApplyConflict:
		how = p.Name + ", which does not apply"
	}
	if p.Partly() {
		how += ", without " + text.Some(append(p.AsideFiles(), p.LeftOut...), 5)
	}
	return how
}

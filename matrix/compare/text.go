package compare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A limit is how much of a change a text names at most.
type limit struct {
	names, ranges int
	reason        int // characters
}

var noLimit = limit{names: 1 << 30, ranges: 1 << 30, reason: 200}

// text describes a change in a clause that is read after its kind.
func (d *differ) text(key alike, c matrix.Change, found []finding, most limit) string {
	what := some(c.Scenarios, most.names)
	where := d.places(key.series, c.Ranges, most.ranges)
	with := ""
	if key.series != "" {
		with = "with " + some(c.Patches, most.names) + " "
	}
	switch {
	case key.about == aboutScenario:
		return "the " + text.Plural(len(c.Scenarios), "scenario") + " " + what
	case key.kind == matrix.ChangeExpected:
		return expected(what, key) + ", " + with + where
	case key.about == aboutEffect:
		return fmt.Sprintf("what %s does: %s %s", some(c.Patches, most.names), turn(key), where)
	case key.about == aboutUpstream:
		return fmt.Sprintf("the release's own tests: %s %s%s", turn(key), with, where)
	case key.about == aboutRow:
		if with != "" {
			with = strings.TrimSpace(with) + ", "
		}
		return d.rowText(key, with+strings.TrimPrefix(where, "in "), found, most)
	case key.from == "" && key.to == "":
		return fmt.Sprintf("%s: %s %s%s", what, trials(found), with, where)
	case key.from == key.to:
		return fmt.Sprintf("%s: %s %s %s%s", what, key.to, map[bool]string{true: "more often", false: "less often"}[key.kind == matrix.ChangeWorse], with, where)
	}
	clause := fmt.Sprintf("%s: %s %s%s", what, turn(key), with, where)
	if key.kind == matrix.ChangeWorse && !key.counts {
		clause += ", which may be chance"
	}
	return clause
}

// turn says from what to what something changed.
func turn(key alike) string {
	switch {
	case key.gap:
		return fmt.Sprintf("%s in the last release tried before, %s", key.from, key.to)
	case key.release:
		return fmt.Sprintf("%s in the release before, %s", key.from, key.to)
	}
	return key.from + " -> " + key.to
}

// rowText describes a change of rows as a whole.
func (d *differ) rowText(key alike, where string, found []finding, most limit) string {
	switch {
	case key.from == "" && key.to == string(matrix.StateOK):
		return where + d.leaks(found)
	case key.from == "":
		return where + ": " + key.to + reason(found, most)
	case key.to == "":
		return where
	}
	return where + ": " + turn(key) + reason(found, most)
}

// expected describes a change of what is expected.
func expected(what string, key alike) string {
	is := "expected to be " + key.to
	if key.to == "" {
		is = "no longer expected to be anything"
	}
	if key.from != "" {
		is += ", was " + key.from
	}
	if what == "" {
		return is
	}
	return what + ": " + is
}

// reason returns the first line of the newest row's reason, in parentheses.
func reason(found []finding, most limit) string {
	why, _, _ := strings.Cut(strings.TrimSpace(found[len(found)-1].why), "\n")
	if why == "" {
		return ""
	}
	return " (" + text.Cut(why, most.reason) + ")"
}

// leaks says how many scenarios leak in new rows.
func (d *differ) leaks(found []finding) string {
	least, greatest, of := -1, 0, 0
	for _, f := range found {
		var n matrix.VerdictCounts
		for _, s := range d.scenarios {
			if c := d.is[d.order[f.row].id].cells[s.Name]; c != nil && !s.Kind.Invariant() {
				n.Add(c.Verdict)
			}
		}
		of = n.Known() + n.Unknown
		if greatest = max(greatest, n.Leaking); least < 0 || n.Leaking < least {
			least = n.Leaking
		}
	}
	switch {
	case of == 0:
		return ""
	case least == greatest:
		return fmt.Sprintf(": %d of %d scenarios %s", least, of, d.words.Leak.Many)
	}
	return fmt.Sprintf(": %d - %d of %d scenarios %s", least, greatest, of, d.words.Leak.Many)
}

// trials says how the number of trials changed.
func trials(found []finding) string {
	was := [2]int{found[0].was.Trials, found[0].was.Trials}
	is := [2]int{found[0].is.Trials, found[0].is.Trials}
	for _, f := range found {
		was[0], was[1] = min(was[0], f.was.Trials), max(was[1], f.was.Trials)
		is[0], is[1] = min(is[0], f.is.Trials), max(is[1], f.is.Trials)
	}
	return span(was) + " -> " + span(is) + " trials"
}

// span writes bounds as one number if they are equal.
func span(bounds [2]int) string {
	if bounds[0] == bounds[1] {
		return fmt.Sprint(bounds[0])
	}
	return fmt.Sprintf("%d - %d", bounds[0], bounds[1])
}

// places says in which releases something changed. After most ranges it only counts
// them.
func (d *differ) places(series string, ranges []matrix.Range, most int) string {
	if len(ranges) == 1 && ranges[0].Rows > 2 && ranges[0].Rows == d.rowsOf(series) && ranges[0].Untried == 0 {
		return fmt.Sprintf("in all %d releases, %s - %s", ranges[0].Rows, ranges[0].From, ranges[0].To)
	}
	words := make([]string, len(ranges))
	for i, r := range ranges {
		words[i] = r.String()
	}
	rest := 0
	for _, r := range ranges[min(most, len(ranges)):] {
		rest += r.Rows
	}
	if rest > 0 && len(ranges) > most+1 {
		words = append(slices.Clone(words[:most]), fmt.Sprintf("%d more releases", rest))
	}
	return "in " + text.List(words)
}

// rowsOf counts the rows of a series.
func (d *differ) rowsOf(series string) int {
	n := 0
	for _, p := range d.order {
		if p.series == series {
			n++
		}
	}
	return n
}

// some lists names: of more than most, only the first.
func some(names []string, most int) string {
	if len(names) > most+1 {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("%d more", len(names)-most))
	}
	return text.List(names)
}

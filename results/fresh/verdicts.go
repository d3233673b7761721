package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// verdicts makes the answer at the top of README.md: how much was tried, which
// probes leak where, those with one answer in a row, and what works everywhere.
func verdicts(k known, _ string) (string, error) {
	r := asReleased(k.results)
	if len(r.Rows) == 0 {
		return "", fmt.Errorf("the results have no row")
	}
	last := version(r, len(r.Rows)-1)
	trials := 0
	for _, row := range r.Rows {
		for _, c := range row.Cells {
			trials += c.Trials
		}
	}
	out := wrap(fmt.Sprintf("The last full run, of %s, took %s proven trials: %s on %s, %s - %s.",
		r.Generated.UTC().Format("2006-01-02"), thousands(trials), count(len(r.Scenarios), "scenario"), count(len(r.Rows), "release"), version(r, 0), last))
	if patched := mended(k.results); patched != "" {
		out += "\n" + wrap(patched)
	}
	out += "\n" + lined(append([][]string{{"scenarios", "leak in", last}}, answers(r)...))
	var works []string
	for _, s := range r.Scenarios {
		if s.Kind == matrix.KindWorkaround && isAll(r, s.Name, matrix.VerdictClean) {
			works = append(works, "`"+s.Name+"`")
		}
	}
	if len(works) > 0 {
		out += "\n" + wrap("Workarounds that hold in every release: "+text.List(works)+".")
	}
	return out, nil
}

// asReleased returns results without patched rows.
func asReleased(r *matrix.Results) *matrix.Results {
	bare := *r
	bare.Rows = slices.DeleteFunc(slices.Clone(r.Rows), func(row matrix.RowResult) bool { return len(row.Patches) > 0 })
	return &bare
}

// mended says in how many releases nothing leaks with all patches that name them,
// nothing where no row is patched.
func mended(r *matrix.Results) string {
	all, clean := 0, 0
	for i := range r.Rows {
		row := &r.Rows[i]
		if len(row.Patches) == 0 {
			continue
		}
		all++
		if row.State == matrix.StateOK && !slices.ContainsFunc(r.Scenarios, func(s matrix.Scenario) bool {
			c, _ := row.Cell(s.Name)
			return !s.Kind.Invariant() && c.Verdict.Leaks()
		}) {
			clean++
		}
	}
	if all == 0 {
		return ""
	}
	return fmt.Sprintf("Each release was built with all [patches](#patches) that name it, too: in %d of %d nothing leaks.", clean, all)
}

func version(r *matrix.Results, row int) string { return r.Rows[row].Source.Version }

// answers has a row for each set of probes that leak in the same releases, and are
// known in the same ones.
func answers(r *matrix.Results) (rows [][]string) {
	names := make(map[string][]string)
	var order []string
	for _, s := range r.Scenarios {
		if s.Kind != matrix.KindProbe {
			continue
		}
		key := ranges(r, s.Name) + "|" + word(r, s.Name)
		if names[key] == nil {
			order = append(order, key)
		}
		names[key] = append(names[key], "`"+s.Name+"`")
	}
	for _, key := range order {
		leaks, newest, _ := strings.Cut(key, "|")
		rows = append(rows, []string{strings.Join(names[key], ", "), leaks, newest})
	}
	return rows
}

// word says what a scenario is in the newest release.
func word(r *matrix.Results, scenario string) string {
	row := &r.Rows[len(r.Rows)-1]
	c, ok := row.Cell(scenario)
	switch {
	case !ok:
		return "not known"
	case c.Verdict.Leaks():
		return "**" + string(c.Verdict) + "**"
	}
	return string(c.Verdict)
}

// ranges says in which releases a scenario leaks, and in how many nothing is known
// of it.
func ranges(r *matrix.Results, scenario string) string {
	unknown := 0
	var found []span
	for i := range r.Rows {
		c, ok := r.Rows[i].Cell(scenario)
		if !ok || !c.Verdict.Known() {
			unknown++
			continue
		}
		if c.Verdict.Leaks() {
			found = extend(found, i)
		}
	}
	text := "none"
	if len(found) > 0 {
		text = spans(found, func(i int) string { return version(r, i) })
	}
	if unknown > 0 {
		text += "; not known in " + count(unknown, "release")
	}
	return text
}

// isAll reports whether a scenario has one verdict in all rows.
func isAll(r *matrix.Results, scenario string, v matrix.Verdict) bool {
	for i := range r.Rows {
		if c, _ := r.Rows[i].Cell(scenario); c.Verdict != v {
			return false
		}
	}
	return true
}

// A span is a run of neighbours in a list: its first and its last index.
type span struct{ from, to int }

// extend adds an index, which comes after all others.
func extend(all []span, i int) []span {
	if n := len(all); n > 0 && all[n-1].to == i-1 {
		all[n-1].to = i
		return all
	}
	return append(all, span{i, i})
}

// spans writes them.
func spans(all []span, name func(i int) string) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = name(s.from)
		if s.to > s.from {
			words[i] += " - " + name(s.to)
		}
	}
	return strings.Join(words, ", ")
}

// patchRanges sets the column of releases in the table of patches: those that a
// patch has a variant for. What the other columns say is kept.
func patchRanges(k known, now string) (string, error) {
	var rows [][]string
	at := -1
	for line := range strings.Lines(strings.TrimSpace(now)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
			if len(rows) == 0 && cells[i] == "releases" {
				at = i
			}
		}
		if strings.Trim(strings.Join(cells, ""), "-") == "" {
			continue
		}
		rows = append(rows, cells)
	}
	if at < 0 {
		return "", fmt.Errorf("want a table with a column %q", "releases")
	}
	told := make(map[string]bool)
	for _, row := range rows[1:] {
		name := strings.Trim(row[0], "`")
		told[name] = true
		for _, p := range k.patches {
			if p.Name == name && len(row) == len(rows[0]) {
				row[at] = patched(k, p)
			}
		}
	}
	for _, p := range k.patches {
		if !told[p.Name] {
			return "", fmt.Errorf("its table lacks the patch %s: add a line", p.Name)
		}
	}
	return lined(rows), nil
}

// patched says which releases a patch has a variant for.
func patched(k known, p *matrix.Patch) string {
	var found []span
	for i, row := range k.todo.Rows {
		if _, ok := p.For(row.Release.Version); ok {
			found = extend(found, i)
		}
	}
	return spans(found, func(i int) string { return k.todo.Rows[i].Release.Version })
}

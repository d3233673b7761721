package main

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// verdicts returns the answer at the top of README.md: where the probes leak, how much
// was tried, which workarounds hold in every release, and how sure that is. People
// write the lines of its table; the last two columns are filled in.
func verdicts(k known, now string) (string, error) {
	r := asReleased(k.results)
	if len(r.Rows) == 0 {
		return "", fmt.Errorf("the results have no row")
	}
	last := r.Rows[len(r.Rows)-1].Version()
	lines, err := answers(r, now)
	if err != nil {
		return "", err
	}
	trials := 0
	for _, row := range r.Rows {
		for _, c := range row.Cells {
			trials += c.Trials
		}
	}
	out := text.Table(lines) + "\n" + wrap(fmt.Sprintf("The last full run, of %s, took %s proven trials: %s on %s, %s - %s.",
		r.Generated.UTC().Format("2006-01-02"), thousands(trials), count(len(r.Scenarios), "scenario"), count(len(r.Rows), "release"), r.Rows[0].Version(), last))
	if patched := patchedSummary(k.results); patched != "" {
		out += "\n" + wrap(patched)
	}
	var works []string
	for _, s := range r.Scenarios {
		if s.Kind == matrix.KindWorkaround && everywhere(r, s.Name, matrix.VerdictClean) {
			works = append(works, "`"+s.Name+"`")
		}
	}
	if len(works) > 0 {
		out += "\n" + wrap("Workarounds that hold in every release: "+text.List(works)+".")
	}
	if sure := grid.New(k.results).Sure; len(sure) > 0 {
		out += "\n" + wrap("How sure that is: "+strings.Join(sure, "; ")+".")
	}
	return out, nil
}

// asReleased returns the results without patched rows.
func asReleased(r *matrix.Results) *matrix.Results {
	bare := *r
	bare.Rows = slices.DeleteFunc(slices.Clone(r.Rows), func(row matrix.RowResult) bool { return len(row.Patches) > 0 })
	return &bare
}

// patchedSummary returns the number of releases in which nothing leaks with all patches
// that name them, as a sentence. It returns "" if no row is patched.
func patchedSummary(r *matrix.Results) string {
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
	return fmt.Sprintf("Each release was built with all [patches](#if-you-cannot-upgrade) that name it, too: in %d of %d nothing leaks.", clean, all)
}

// answers fills in the last two columns of the table of README.md: where the scenarios
// of a line leak, and what they show in the newest release. The first line whose column
// "scenarios" matches a probe has it.
func answers(r *matrix.Results, now string) ([][]string, error) {
	lines, at, err := cellsOf(now, "scenarios")
	if err != nil {
		return nil, err
	}
	newest := len(lines[0]) - 1
	found := make([][]string, len(lines)) // the probes of each line
	for _, s := range r.Scenarios {
		if s.Kind != matrix.KindProbe {
			continue
		}
		line := slices.IndexFunc(lines[1:], func(cells []string) bool { return matches(cells[at], s.Name) }) + 1
		if line == 0 {
			return nil, fmt.Errorf("its table has no line for the scenario %s: add one", s.Name)
		}
		found[line] = append(found[line], s.Name)
	}
	lines[0][newest-1], lines[0][newest] = "leaks in", r.Rows[len(r.Rows)-1].Version()
	for i, names := range found[1:] {
		if len(names) == 0 {
			return nil, fmt.Errorf("its table has a line of %s, which are no probes: remove it", lines[i+1][at])
		}
		lines[i+1][newest-1] = together(names, func(name string) string { return ranges(r, name) })
		lines[i+1][newest] = together(names, func(name string) string { return newestVerdict(r, name) })
	}
	return lines, nil
}

// matches reports whether a list of globs in backquotes matches a name.
func matches(globs, name string) bool {
	return slices.ContainsFunc(strings.Split(globs, ","), func(glob string) bool {
		ok, err := path.Match(strings.Trim(strings.TrimSpace(glob), "`"), name)
		return ok && err == nil
	})
}

// together returns what of says of all names, or of each set of names for which it says
// something else.
func together(names []string, of func(name string) string) string {
	var order []string
	saying := make(map[string][]string)
	for _, name := range names {
		says := of(name)
		if saying[says] == nil {
			order = append(order, says)
		}
		saying[says] = append(saying[says], "`"+name+"`")
	}
	if len(order) == 1 {
		return order[0]
	}
	for i, says := range order {
		order[i] = strings.Join(saying[says], ", ") + ": " + says
	}
	return strings.Join(order, "; ")
}

// newestVerdict returns the verdict on a scenario in the newest release.
func newestVerdict(r *matrix.Results, scenario string) string {
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

// ranges returns the releases in which a scenario leaks, and the number of those in
// which its verdict is not known.
func ranges(r *matrix.Results, scenario string) string {
	unknown := 0
	found := matrix.Series{Rows: r.Rows, Untried: r.Untried}.RangesOf(func(row *matrix.RowResult) string {
		c, ok := row.Cell(scenario)
		switch {
		case !ok || !c.Verdict.Known():
			unknown++
		case c.Verdict.Leaks():
			return wanted
		}
		return ""
	})
	text := cmp.Or(spans(found), "none")
	if unknown > 0 {
		text += "; not known in " + count(unknown, "release")
	}
	return text
}

// wanted is the Verdict of the ranges that spans returns.
const wanted = "wanted"

// spans returns the wanted ranges as text: "v0.1.0 - v0.4.0, v0.6.0".
func spans(all []matrix.Range) string {
	var words []string
	for _, s := range all {
		switch {
		case s.Verdict != wanted:
		case s.From == s.To:
			words = append(words, s.From)
		default:
			words = append(words, s.From+" - "+s.To)
		}
	}
	return strings.Join(words, ", ")
}

// everywhere reports whether a scenario has the verdict v in all rows.
func everywhere(r *matrix.Results, scenario string, v matrix.Verdict) bool {
	for i := range r.Rows {
		if c, _ := r.Rows[i].Cell(scenario); c.Verdict != v {
			return false
		}
	}
	return true
}

// patchRanges updates the column "releases" in the table of patches: the releases
// for which a patch has a variant. The other columns are kept.
func patchRanges(k known, now string) (string, error) {
	rows, at, err := cellsOf(now, "releases")
	if err != nil {
		return "", err
	}
	listed := make(map[string]bool)
	for _, row := range rows[1:] {
		name := strings.Trim(row[0], "`")
		listed[name] = true
		for _, p := range k.patches {
			if p.Name == name {
				row[at] = patched(k, p)
			}
		}
	}
	for _, p := range k.patches {
		if !listed[p.Name] {
			return "", fmt.Errorf("its table has no line for the patch %s: add one", p.Name)
		}
	}
	return text.Table(rows), nil
}

// patched returns the releases for which a patch has a variant.
func patched(k known, p *matrix.Patch) string {
	rows := make([]matrix.RowResult, len(k.plain.Rows))
	for i, row := range k.plain.Rows {
		rows[i].Source.Version = row.Release.Version
	}
	return spans(matrix.Series{Rows: rows}.RangesOf(func(row *matrix.RowResult) string {
		if _, ok := p.For(row.Version()); ok {
			return wanted
		}
		return ""
	}))
}

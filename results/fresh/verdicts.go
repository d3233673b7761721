package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// verdicts returns the answer at the top of README.md: where the probes leak, how much
// was tried, which workarounds hold in every release, and how sure that is.
func verdicts(k known, _ string) (string, error) {
	r := asReleased(k.results)
	r.Families = k.suite.Families // in its present words
	if len(r.Rows) == 0 {
		return "", errors.New("the results have no row")
	}
	if len(r.Families) == 0 {
		return "", errors.New("matrix.yaml has no families, which are the lines of its table")
	}
	last := r.Rows[len(r.Rows)-1].Version()
	trials := 0
	for _, row := range r.Rows {
		for _, c := range row.Cells {
			trials += c.Trials
		}
	}
	out := text.Table(report.FamilyTable(grid.New(r))) + "\n" + wrap(fmt.Sprintf("The last full run, of %s, took %s proven trials: %s, things that an application does, on %s, %s - %s. A trial is one run of a scenario. It is proven if it reports that it did what the scenario says.",
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
		out += "\n" + wrap("How sure that is, where a cell is one scenario on one build: "+strings.Join(sure, "; ")+".")
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

package report

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// releasesOf returns the rows of releases without patches, by version. What was
// built from a folder or a commit has no version that others know.
func releasesOf(g *matrix.Grid) (rows []*matrix.GridRow) {
	for i := range g.Rows {
		row := &g.Rows[i]
		v := row.Source.Version
		if len(row.Patches) == 0 && row.Source.IsRelease() && semver.IsValid(v) && semver.Canonical(v)+semver.Build(v) == v {
			rows = append(rows, row)
		}
	}
	return rows
}

// bare returns a row's version as the format wants it: without the v.
func bare(row *matrix.GridRow) string { return strings.TrimPrefix(row.Source.Version, "v") }

// osvProbe lists in which releases a probe leaks, and how often.
func osvProbe(rows []*matrix.GridRow, column int, s matrix.Scenario) osvMeasured {
	probe := osvMeasured{Name: plain(s.Name), Title: plain(s.Title)}
	for _, row := range rows {
		if c := osvCell(row, column); c.Verdict.Leaks() {
			probe.Measured = append(probe.Measured, osvTried{bare(row), c.Leaks, c.Trials, c.Interval, c.Severity, plain(c.From)})
		}
	}
	return probe
}

// osvAffects returns the affected releases of each module path, the newest path
// first: most readers know the target by that one.
func osvAffects(rows []*matrix.GridRow, untried matrix.Untried, column int) (affected []osvAffected) {
	var modules []string
	for _, row := range slices.Backward(rows) {
		if m := row.Source.Module; m != "" && !slices.Contains(modules, m) {
			modules = append(modules, m)
		}
	}
	for _, module := range modules {
		own := slices.DeleteFunc(slices.Clone(rows), func(row *matrix.GridRow) bool { return row.Source.Module != module })
		if a := osvModule(module, own, untried, column); len(a.Versions) > 0 {
			affected = append(affected, a)
		}
	}
	return affected
}

// osvModule returns the affected releases of one module path, which are sorted by
// version. A fix under another path does not end a range: nobody can upgrade to it
// without a change of their imports. With leaks in v0.2.0 and v0.3.0, nothing known
// of v0.4.0, a leak in v0.5.0 and none in v0.6.0, the events of the ranges are
//
//	introduced 0.2.0, last_affected 0.3.0
//	introduced 0.5.0, fixed 0.6.0
//
// so that no scanner takes v0.4.0 for affected, or v0.3.0 for fixed by it. It is the same
// if v0.4.0 was not tried, if whether it leaks depends on the toolchain, or if too few trials were
// clean next to a release in which some leak. A clean release
// fixes nothing either if its go line is another one, which may be what makes the difference:
// programs have go lines of their own.
func osvModule(module string, rows []*matrix.GridRow, untried matrix.Untried, column int) osvAffected {
	a := osvAffected{Package: osvPackage{"Go", plain(module)}}
	last := "" // the release before, if it leaks
	var line matrix.GoLine
	for _, row := range rows {
		if last != "" && untried.Between(last, row.Source.Version) > 0 {
			a.end("last_affected", last)
			last = ""
		}
		cell := osvCell(row, column)
		verdict := cell.Verdict
		if cell.Faint && verdict == matrix.VerdictClean {
			verdict = "" // it may be chance
		}
		if cell.Otherwise != "" && verdict == matrix.VerdictClean {
			verdict = "" // it fixes nothing for those who build with another toolchain
		}
		switch {
		case verdict.Leaks() && last == "":
			a.Ranges = append(a.Ranges, osvRange{"SEMVER", []map[string]string{{"introduced": bare(row)}}})
		case verdict.Leaks():
		case last != "" && verdict == matrix.VerdictClean && row.GoLine == line:
			a.end("fixed", row.Source.Version)
		case last != "":
			a.end("last_affected", last)
		}
		if last = ""; verdict.Leaks() {
			last, line = row.Source.Version, row.GoLine
			a.Versions = append(a.Versions, bare(row))
		}
	}
	if last != "" {
		a.end("last_affected", last)
	}
	return a
}

// end closes the open range.
func (a *osvAffected) end(event, version string) {
	r := &a.Ranges[len(a.Ranges)-1]
	r.Events = append(r.Events, map[string]string{event: strings.TrimPrefix(version, "v")})
}

// osvGaps returns where a probe changes among releases that were not tried.
func osvGaps(g *matrix.Grid, scenario string) (gaps []osvGap) {
	for _, in := range g.Intervals {
		if in.Scenario != scenario || len(in.Patches) > 0 {
			continue
		}
		for _, gap := range matrix.Gaps(in.Ranges) {
			gaps = append(gaps, osvGap{string(gap.Kind), strings.TrimPrefix(gap.After, "v"), strings.TrimPrefix(gap.Before, "v"), gap.Untried})
		}
	}
	return gaps
}

// osvUnknowns returns the releases that were tried without a verdict for a probe.
func osvUnknowns(g *matrix.Grid, rows []*matrix.GridRow, column int) (all []osvUnknown) {
	last, open := "", false // the last release with a verdict, and whether any without one follow it
	leaks := false          // last
	end := func(before string, leaksToo bool) {
		untried := g.Untried.Between(last, before)
		if !open && untried > 0 && leaks && leaksToo { // else it is a gap
			all, open = append(all, osvUnknown{After: strings.TrimPrefix(last, "v"), Tried: []string{}, Why: []string{}}), true
		}
		if open {
			is := &all[len(all)-1]
			is.Before, is.Untried = strings.TrimPrefix(before, "v"), untried
		}
		last, leaks, open = before, leaksToo, false
	}
	for _, row := range rows {
		cell := osvCell(row, column)
		if cell.Verdict.Known() && !cell.Faint {
			end(row.Source.Version, cell.Verdict.Leaks())
			continue
		}
		if !open {
			all, open = append(all, osvUnknown{After: strings.TrimPrefix(last, "v")}), true
		}
		why := row.State.Missing()
		if cell.Verdict != "" {
			why = g.Words.Name(cell.Verdict)
		}
		if cell.Faint {
			why = "too few trials, next to a release in which some " + g.Words.Leak.Many
		}
		is := &all[len(all)-1]
		if is.Tried = append(is.Tried, bare(row)); !slices.Contains(is.Why, plain(why)) {
			is.Why = append(is.Why, plain(why))
		}
	}
	end("", false)
	return all
}

// osvNotKnown describes the releases without a verdict, a line for all probes that have the same
// ones.
func osvNotKnown(probes []osvMeasured) (lines []string) {
	names := make(map[string][]string)
	for _, p := range probes {
		for _, u := range p.Unknown {
			line := fmt.Sprintf("what is between %s and %s: %s", u.After, u.Before, matrix.NotTried(u.Untried))
			if n := len(u.Tried); n > 0 {
				line = fmt.Sprintf("%s: %s", matrix.Range{From: u.Tried[0], To: u.Tried[n-1], Rows: n}, text.List(u.Why))
				if u.Untried > 0 {
					line += "; next to them, " + matrix.NotTried(u.Untried)
				}
			}
			if names[line] == nil {
				lines = append(lines, line)
			}
			names[line] = append(names[line], p.Name)
		}
	}
	for i, line := range lines {
		lines[i] = text.List(names[line]) + " in " + line
	}
	return lines
}

// osvCell returns the cell of a row in a column, the zero cell if the row was not
// run.
func osvCell(row *matrix.GridRow, column int) matrix.GridCell {
	if len(row.Cells) == 0 {
		return matrix.GridCell{}
	}
	return row.Cells[column]
}

// osvToolchains says in which releases the toolchain decides about a probe.
func osvToolchains(g *matrix.Grid, rows []*matrix.GridRow, column int) (all []osvToolchain) {
	for _, row := range rows {
		if c := osvCell(row, column); c.Otherwise != "" {
			all = append(all, osvToolchain{plain(g.Columns[column].Name), bare(row), plain(g.Words.Name(c.Verdict)), plain(row.Toolchain), plain(c.Otherwise)})
		}
	}
	return all
}

package report

import (
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// releasesOf returns the releases as they are, by version, as far as they have one
// that others know: what was built of a folder or of a commit is no release.
func releasesOf(g *matrix.Grid) (rows []*matrix.GridRow) {
	for i := range g.Rows {
		row := &g.Rows[i]
		released := row.Source.Kind == "" || row.Source.Kind == "release"
		v := row.Source.Version
		if len(row.Patches) == 0 && released && semver.IsValid(v) && semver.Canonical(v)+semver.Build(v) == v {
			rows = append(rows, row)
		}
	}
	return rows
}

// bare is a row's version as the format wants it: without the v.
func bare(row *matrix.GridRow) string { return strings.TrimPrefix(row.Source.Version, "v") }

// osvFate tells in which releases of which module a probe leaks, and how often.
func osvFate(rows []*matrix.GridRow, column int, s matrix.Scenario) (affected []osvAffected, measured osvMeasured) {
	measured = osvMeasured{Name: plain(s.Name), Title: plain(s.Title)}
	for _, row := range rows {
		if c := osvCell(row, column); c.Verdict.Leaks() {
			measured.Measured = append(measured.Measured, osvTried{bare(row), c.Leaks, c.Trials, c.Interval, c.Severity})
		}
	}
	for _, module := range osvModules(rows) {
		own := slices.DeleteFunc(slices.Clone(rows), func(row *matrix.GridRow) bool { return row.Source.Module != module })
		if a := osvModule(module, own, column); len(a.Versions) > 0 {
			affected = append(affected, a)
		}
	}
	return affected, measured
}

// osvModules lists the paths under which releases are served, the newest first: it
// is the one that most readers know the target by.
func osvModules(rows []*matrix.GridRow) (modules []string) {
	for _, row := range slices.Backward(rows) {
		if m := row.Source.Module; m != "" && !slices.Contains(modules, m) {
			modules = append(modules, m)
		}
	}
	return modules
}

// osvModule tells in which releases under one module path a probe leaks. They are by
// version; a fix under another path is none that this path can be upgraded to.
func osvModule(module string, rows []*matrix.GridRow, column int) osvAffected {
	a := osvAffected{Package: osvPackage{"Go", plain(module)}}
	last := "" // the release that leaks before the present one
	for _, row := range rows {
		verdict := osvCell(row, column).Verdict
		leaks := verdict.Leaks()
		switch {
		case leaks && last == "":
			a.Ranges = append(a.Ranges, osvRange{"SEMVER", []map[string]string{{"introduced": bare(row)}}})
		case last != "" && verdict == matrix.VerdictClean:
			a.end("fixed", bare(row))
		case !leaks && last != "":
			a.end("last_affected", last)
		}
		if last = ""; leaks {
			last = bare(row)
			a.Versions = append(a.Versions, last)
		}
	}
	if last != "" {
		a.end("last_affected", last)
	}
	return a
}

// end closes the range that is open.
func (a *osvAffected) end(event, version string) {
	r := &a.Ranges[len(a.Ranges)-1]
	r.Events = append(r.Events, map[string]string{event: version})
}

// osvCell returns the cell of a row in a column, which is the zero one if the row
// was not run.
func osvCell(row *matrix.GridRow, column int) matrix.Cell {
	if len(row.Cells) == 0 {
		return matrix.Cell{}
	}
	return row.Cells[column].Cell
}

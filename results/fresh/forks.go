package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// checkForks returns what changed after the run of the forks. Which releases a fork is
// nearest to is taken from its row, since finding that out needs the network.
func checkForks(k known) (found []stale, err error) {
	var forks []matrix.Release
	for _, f := range k.suite.Forks {
		name := f.Module + "@" + f.Version
		row := rowOf(k.forks, name)
		if row == nil || row.Source.Sum != f.Sum {
			found = append(found, stale{ofForks + "/" + resultsFile, "it has no row of " + name + " as forks.lock has it", cureRun})
			continue
		}
		f.Origin = &matrix.Origin{
			Kind: matrix.SourceModule, Name: name, Path: cmp.Or(row.Source.Path, f.Module), Go: row.Source.Go, Likeness: row.Source.Likeness,
		}
		forks = append(forks, f)
	}
	if len(found) > 0 {
		return found, nil
	}
	todo, err := plan.New(k.suite, plan.Selection{Others: forks, Patches: k.patches, Together: true})
	if err != nil {
		return nil, fmt.Errorf("planning the rows of the forks: %w", err)
	}
	return checkRun(k, ofForks, k.forks, todo, ""), nil
}

// rowOf returns the row with an ID, or nil.
func rowOf(r *matrix.Results, id string) *matrix.RowResult {
	if at := slices.IndexFunc(r.Rows, func(row matrix.RowResult) bool { return row.ID == id }); at >= 0 {
		return &r.Rows[at]
	}
	return nil
}

// forkTable returns a table of the forks: what each is nearest to, whether it has the
// same verdicts, and what the patches do.
func forkTable(k known, _ string) (string, error) {
	rows := [][]string{{"fork", "nearest release", "its verdicts", "with all patches that name that release"}}
	for i := range k.forks.Rows {
		row := &k.forks.Rows[i]
		if row.Source.IsRelease() || len(row.Patches) > 0 {
			continue
		}
		rows = append(rows, []string{"`" + row.ID + "`", nearest(row), likeBase(k.forks, row), withPatches(k.forks, row)})
	}
	if len(rows) == 1 {
		return "", fmt.Errorf("%s/%s has no row of a fork", ofForks, resultsFile)
	}
	return text.Table(rows), nil
}

// nearest returns the releases that a fork is nearest to.
func nearest(row *matrix.RowResult) string {
	var names []string
	if l := row.Source.Likeness; l != nil {
		for _, n := range l.Nearest {
			names = append(names, n.Version)
		}
	}
	return cmp.Or(text.List(names), "none")
}

// likeBase compares the verdicts of a fork with those of its nearest release.
func likeBase(r *matrix.Results, row *matrix.RowResult) string {
	base := rowOf(r, row.Source.Base())
	if row.State != matrix.StateOK || base == nil || base.State != matrix.StateOK {
		return "not known"
	}
	var differ []string
	for _, c := range row.Cells {
		if b, _ := base.Cell(c.Scenario); b.Verdict != c.Verdict {
			differ = append(differ, fmt.Sprintf("%#q is %s, not %s", c.Scenario, c.Verdict, b.Verdict))
		}
	}
	if len(differ) == 0 {
		return fmt.Sprintf("as %s in all %d", base.ID, len(row.Cells))
	}
	return fmt.Sprintf("as %s, but %s", base.ID, strings.Join(differ, ", "))
}

// withPatches says what leaks in a fork with patches.
func withPatches(r *matrix.Results, fork *matrix.RowResult) string {
	for i := range r.Rows {
		row := &r.Rows[i]
		if len(row.Patches) == 0 || row.Version() != fork.ID {
			continue
		}
		switch leaks := leaking(row, r.Scenarios); {
		case row.State == matrix.StateBuildFailed:
			return "does not compile"
		case row.State == matrix.StatePatchConflict:
			return "do not apply"
		case row.State != matrix.StateOK:
			return "not known"
		case len(leaks) > 0:
			return "leaks in " + text.List(leaks)
		}
		return "leaks nowhere"
	}
	return "none names it"
}

// leaking returns the scenarios that leak in a row, without those that must.
func leaking(row *matrix.RowResult, scenarios []matrix.Scenario) (names []string) {
	for _, s := range scenarios {
		if c, _ := row.Cell(s.Name); !s.Kind.Invariant() && c.Verdict.Leaks() {
			names = append(names, "`"+s.Name+"`")
		}
	}
	return names
}

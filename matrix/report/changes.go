package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// changes says, newest first, in which rows something changed: since the release
// before, or for what is no release since the one that it is nearest to, and after all of
// these, with patches since the same row without them.
func changes(g *matrix.Grid) []string {
	var plain, patched []string
	var release, bare *matrix.GridRow // the last release, and the last row, without patches
	for i := range g.Rows {
		row := &g.Rows[i]
		from := since(row, release, bare)
		if len(row.Patches) == 0 {
			if bare = row; row.Source.IsRelease() {
				release = row
			}
		}
		if what := changed(g.Columns, from, row); what != "" {
			if n := g.Untried.Between(from.Version(), row.Version()); n > 0 && row.Source.IsRelease() {
				what += fmt.Sprintf(" (since %s; %s)", from.Version(), matrix.NotTried(n))
			}
			to := &plain
			if len(row.Patches) > 0 {
				to = &patched
			}
			*to = append(*to, build(*row)+": "+what)
		}
	}
	slices.Reverse(plain)
	slices.Reverse(patched)
	return append(plain, patched...)
}

// since returns the row that a row is compared with, given the last release before it and the
// last row before it, both without patches; nil if the table does not have it.
func since(row, release, bare *matrix.GridRow) *matrix.GridRow {
	switch {
	case len(row.Patches) > 0 && bare != nil && bare.Version() == row.Version():
		return bare
	case len(row.Patches) == 0 && row.Source.IsRelease():
		return release
	case len(row.Patches) == 0 && release != nil && release.Version() == row.Source.Base():
		return release
	default:
		return nil
	}
}

// changed says what differs between two rows: "a, b leak → clean; c clean → flaky
// 2/10". Scenarios that changed in the same way are together. It is empty if nothing
// differs, or if there is no row to compare with.
func changed(columns []matrix.Scenario, from, to *matrix.GridRow) string {
	switch {
	case from == nil:
		return ""
	case len(from.Cells) == 0 || len(to.Cells) == 0:
		was, is := stateOf(from), stateOf(to)
		if was == is {
			return ""
		}
		return was + " → " + is
	}
	var kinds []string
	names := map[string][]string{}
	for i, s := range columns {
		was, is := from.Cells[i], to.Cells[i]
		if was.Verdict == is.Verdict {
			continue
		}
		kind := wordOf(was) + " → " + wordOf(is)
		if names[kind] == nil {
			kinds = append(kinds, kind)
		}
		names[kind] = append(names[kind], s.Name)
	}
	for i, kind := range kinds {
		kinds[i] = strings.Join(names[kind], ", ") + " " + kind
	}
	return strings.Join(kinds, "; ")
}

// stateOf says how far a row came.
func stateOf(row *matrix.GridRow) string {
	if len(row.Cells) > 0 {
		return "it builds and runs"
	}
	return row.State.Missing()
}

// wordOf returns the verdict of a cell in words.
func wordOf(c matrix.GridCell) string {
	if c.Verdict == "" {
		return matrix.StateOK.Missing()
	}
	return c.Word
}

package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// changes says, newest first, in which rows something changed: since the release
// before, and after all of these, with patches since the same release without them.
func changes(g *matrix.Grid) []string {
	var plain, patched []string
	var release *matrix.GridRow // the last row without patches
	for i := range g.Rows {
		row, from := &g.Rows[i], release
		if len(row.Patches) == 0 {
			release = row
		} else if from == nil || from.Version() != row.Version() {
			continue // the table does not have its release
		}
		if what := changed(g.Columns, from, row); what != "" {
			if n := g.Untried.Between(from.Version(), row.Version()); n > 0 {
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

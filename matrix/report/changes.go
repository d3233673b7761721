package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// newestFirst turns the order of a table's rows round, and leaves those of one
// release behind each other as they are: what is patched follows what is not.
func newestFirst(rows []matrix.GridRow) []matrix.GridRow {
	out := make([]matrix.GridRow, 0, len(rows))
	for _, group := range slices.Backward(byRelease(rows)) {
		out = append(out, group...)
	}
	return out
}

// byRelease groups the rows of each release: it, and it with patches.
func byRelease(rows []matrix.GridRow) (groups [][]matrix.GridRow) {
	for i, row := range rows {
		if i == 0 || len(row.Patches) == 0 || row.Version() != rows[i-1].Version() {
			groups = append(groups, nil)
		}
		last := &groups[len(groups)-1]
		*last = append(*last, row)
	}
	return groups
}

// changes tells, newest first, of the rows in which something is not as in the
// release before them, or, with patches, as in the same one without.
func changes(g *matrix.Grid) (out []string) {
	var before *matrix.GridRow // the release before
	for _, group := range byRelease(g.Rows) {
		for i := range group {
			row := &group[i]
			if len(row.Patches) > 0 && i == 0 {
				continue // there is nothing beside it
			}
			from := before
			if i > 0 {
				from = &group[0]
			}
			if said := changed(g.Columns, from, row); from != nil && said != "" {
				out = append(out, build(*row)+": "+said)
			}
		}
		if len(group[0].Patches) == 0 {
			before = &group[0]
		}
	}
	slices.Reverse(out)
	return out
}

// changed says what of one row differs from another: nothing where all is alike.
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
		was, is := from.Cells[i].Word, to.Cells[i].Word
		if from.Cells[i].Verdict == to.Cells[i].Verdict {
			continue
		}
		kind := fmt.Sprintf("%s → %s", nothing(was), nothing(is))
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
	return word(row.State)
}

// nothing names a cell that is not there.
func nothing(word string) string {
	if word == "" {
		return "not run"
	}
	return word
}

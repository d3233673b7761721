package grid

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// unknown finds what could not be found out, each with what to do next. What
// was expected to come out just so is none of it.
func unknown(rows []matrix.RowResult, scenarios []matrix.Scenario) []matrix.Finding {
	var out []matrix.Finding
	for i := range rows {
		row := &rows[i]
		if row.State == matrix.StateOK {
			out = append(out, open(row, baseOf(row, rows))...)
			out = append(out, absent(row, scenarios)...)
			continue
		}
		// A conflict tells something about the patch, and so does a release
		// that no longer compiles with it; of the release itself nothing is
		// known when it does not compile alone.
		patched := len(row.Patches) > 0
		found := row.State == matrix.StatePatchConflict || row.State == matrix.StateBuildFailed && patched
		expected := row.ExpectedState != "" && row.State == row.ExpectedState && !patched
		if found || expected {
			continue
		}
		out = append(out, matrix.Finding{Row: row.ID, Text: row.ID + ": " + next(row)})
	}
	return out
}

// next says what came in the way of a row, and what to do about it.
func next(row *matrix.RowResult) string {
	switch row.State {
	case matrix.StateBuildFailed:
		toolchain := ""
		if row.Toolchain != "" {
			toolchain = " with " + row.Toolchain
		}
		return fmt.Sprintf("it does not build%s: %s. Give it another toolchain or adapter in matrix.yaml, or expect build-failed there",
			toolchain, matrix.Gist(row.Reason))
	case matrix.StateUnavailable:
		return fmt.Sprintf("it could not be had: %s. Run again when that is mended; what is known by now is kept", matrix.Gist(row.Reason))
	default:
		return "it was not run. Run again; what is known by now is kept"
	}
}

// baseOf returns the row of a patched row's release without the patches, nil
// where there is none.
func baseOf(row *matrix.RowResult, rows []matrix.RowResult) *matrix.RowResult {
	base := slices.IndexFunc(rows, func(r matrix.RowResult) bool {
		return len(r.Patches) == 0 && r.Version() == row.Version()
	})
	if len(row.Patches) == 0 || base < 0 {
		return nil
	}
	return &rows[base]
}

// open finds the cells whose trials left their question open, those of one
// verdict together. Where that is expected of a release, it is no wonder in the
// same one with patches.
func open(row, base *matrix.RowResult) []matrix.Finding {
	var out []matrix.Finding
	for _, group := range alike(row.Cells, func(c matrix.Cell) string {
		expected := c.Expected
		if base != nil {
			of, _ := base.Cell(c.Scenario)
			expected = of.Expected
		}
		if !c.Verdict.Undecided() || expected == c.Verdict {
			return ""
		}
		return string(c.Verdict)
	}) {
		names := scenarioNames(group)
		which := text.List(names)
		if len(group) == len(row.Cells) && len(group) > 1 {
			which = "every scenario"
		}
		// The footnotes tell the others' reasons where they are not the same.
		out = append(out, matrix.Finding{
			Row: row.ID, Scenarios: names,
			Text: fmt.Sprintf("%s: %s came out as %s: %s. Run it again with %s", row.ID, which, group[0].Verdict, matrix.Gist(group[0].Reason), again(row)),
		})
	}
	return out
}

// absent finds the scenarios that a row has no cell for.
func absent(row *matrix.RowResult, scenarios []matrix.Scenario) []matrix.Finding {
	var names []string
	for _, s := range scenarios {
		if _, ok := row.Cell(s.Name); !ok {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	verb := "was"
	if len(names) > 1 {
		verb = "were"
	}
	return []matrix.Finding{{
		Row: row.ID, Scenarios: names,
		Text: fmt.Sprintf("%s: %s %s not run. Run again; what is known by now is kept", row.ID, text.List(names), verb),
	}}
}

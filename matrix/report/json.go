package report

import (
	"encoding/json"
	"io"

	"github.com/matrixrun/matrixrun/matrix"
)

// JSON writes results.json: indented, with a newline at its end, and the same
// bytes for the same results. What is a list in its schema is one in every
// file: an empty one is written as [], never as null.
func JSON(w io.Writer, r *matrix.Results) error {
	out := *r
	out.Scenarios = listed(r.Scenarios)
	out.Rows = listed(r.Rows)
	for i := range out.Rows {
		out.Rows[i].Patches = listed(out.Rows[i].Patches)
		out.Rows[i].Cells = listed(out.Rows[i].Cells)
		for j := range out.Rows[i].Cells {
			c := &out.Rows[i].Cells[j]
			c.Saw, c.Evidence = listed(c.Saw), listed(c.Evidence)
		}
	}
	out.Intervals = listed(r.Intervals)
	for i := range out.Intervals {
		out.Intervals[i].Patches = listed(out.Intervals[i].Patches)
		out.Intervals[i].Ranges = listed(out.Intervals[i].Ranges)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false) // no browser reads it as a page, people do
	return e.Encode(&out)
}

// listed copies a list, and makes an empty one of none.
func listed[T any](items []T) []T { return append(make([]T, 0, len(items)), items...) }

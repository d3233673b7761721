package report

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// JSON writes results.json: a line for each cell, so that two files can be
// compared line by line, with a newline at its end, and the same bytes for the
// same results. What is a list in its schema is one in every file: an empty one
// is written as [], never as null.
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
	var compact bytes.Buffer
	e := json.NewEncoder(&compact)
	e.SetEscapeHTML(false) // no browser reads it as a page, people do
	if err := e.Encode(&out); err != nil {
		return err
	}
	_, err := w.Write(laidOut(compact.Bytes(), cellDepth))
	return err
}

// cellDepth is in how many objects and lists a cell lies in results.json. What
// lies in so many, or in more, stands on one line.
const cellDepth = 4

// laidOut breaks compact JSON into lines, indented, down to what lies in so many
// objects and lists.
func laidOut(compact []byte, deepest int) []byte {
	var out bytes.Buffer
	depth, quoted := 0, false
	newline := func() { out.WriteString("\n" + strings.Repeat("  ", depth)) }
	for i := 0; i < len(compact); i++ {
		c := compact[i]
		switch {
		case quoted:
			out.WriteByte(c)
			if c == '\\' {
				i++
				out.WriteByte(compact[i])
			}
			quoted = c != '"'
		case c == '{' || c == '[':
			out.WriteByte(c)
			depth++
			if depth <= deepest && !bytes.ContainsRune([]byte("]}"), rune(compact[i+1])) {
				newline()
			}
		case c == '}' || c == ']':
			depth--
			if depth < deepest && !bytes.ContainsRune([]byte("[{"), rune(compact[i-1])) {
				newline()
			}
			out.WriteByte(c)
		case c == ',' || c == ':':
			out.WriteByte(c)
			switch {
			case c == ',' && depth <= deepest:
				newline()
			default:
				out.WriteByte(' ')
			}
		default:
			out.WriteByte(c)
			quoted = c == '"'
		}
	}
	return out.Bytes()
}

// listed copies a list, and makes an empty one of none.
func listed[T any](items []T) []T { return append(make([]T, 0, len(items)), items...) }

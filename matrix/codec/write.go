package codec

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Write writes results.json: one line for each cell, so that two files can be
// compared line by line, and a newline at the end. The same results give the
// same bytes. A list of the schema is a list in every file: an empty one is
// written as [], never as null. The results are not changed.
func Write(w io.Writer, r *matrix.Results) error {
	out := *r
	out.Scenarios = nonNil(r.Scenarios)
	out.Rows = nonNil(r.Rows)
	for i := range out.Rows {
		out.Rows[i].Patches = nonNil(out.Rows[i].Patches)
		out.Rows[i].Cells = nonNil(out.Rows[i].Cells)
		for j := range out.Rows[i].Cells {
			c := &out.Rows[i].Cells[j]
			c.Saw, c.Evidence = nonNil(c.Saw), nonNil(c.Evidence)
		}
	}
	out.Intervals = nonNil(r.Intervals)
	for i := range out.Intervals {
		out.Intervals[i].Patches = nonNil(out.Intervals[i].Patches)
		out.Intervals[i].Ranges = nonNil(out.Intervals[i].Ranges)
	}
	compact, err := encode(&out)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text.HarmlessJSON(string(Indent(compact, cellDepth))))
	return err
}

// encode returns a value as JSON in one line, with its newline.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // people read the file, browsers do not
	err := e.Encode(value)
	return out.Bytes(), err
}

// cellDepth is the number of objects and lists around the fields of a cell.
const cellDepth = 4

// Indent breaks compact JSON into indented lines, and leaves everything inside
// of deepest or more objects and lists on one line. json.Indent has no such limit.
func Indent(compact []byte, deepest int) []byte {
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

// nonNil copies a list, and returns an empty one for nil.
func nonNil[T any](items []T) []T { return append(make([]T, 0, len(items)), items...) }

package codec

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Outline reads what Write wrote, without what the trials of the cells saw and what was
// on the wire. That is most of the file, and the verdicts do not need it. CellsOf reads
// it for one row. Several processors share the work.
func Outline(file string, data []byte) (*matrix.Results, error) {
	r, err := outlineParts(data)
	if err != nil || len(check(r)) > 0 {
		return Read(file, outline(data)) // it says where the mistakes are
	}
	return r, nil
}

// outlineParts reads an outline without checking it. Several goroutines read some of the
// rows each.
func outlineParts(data []byte) (*matrix.Results, error) {
	const begin, end = "\n  \"rows\": [\n", "\n  ]"
	before, rows, _ := bytes.Cut(data, []byte(begin))
	rows, after, _ := bytes.Cut(rows, []byte(end)) // without rows, what is left is not JSON
	var group errgroup.Group
	pieces := pieces(rows, 4)
	parts := make([][]matrix.RowResult, len(pieces))
	for i, piece := range pieces {
		group.Go(func() (err error) {
			parts[i], err = outlineRows(piece)
			return err
		})
	}
	r := new(matrix.Results)
	err := json.Unmarshal(slices.Concat(before, []byte(begin), []byte(end), after), r)
	if err := cmp.Or(err, group.Wait()); err != nil {
		return nil, err
	}
	r.Rows = slices.Concat(parts...)
	return r, nil
}

// errOtherLayout is the error for rows that Write did not write.
var errOtherLayout = errors.New("the rows have another layout")

// outlineRows reads some rows. Most cells have the same text as others, without what was
// seen: each text is read once, and such cells share their lists.
func outlineRows(piece []byte) (rows []matrix.RowResult, err error) {
	known := cellTexts{cells: make(map[string]matrix.Cell)}
	var cells [][]matrix.Cell // by row
	rest := append(make([]byte, 0, len(piece)/8), '[')
	within, more := false, false // the cells of a row, and before another one
	for line := range bytes.Lines(piece) {
		switch {
		case within && !more && bytes.HasPrefix(line, []byte("      ]")):
			within = false
		case within:
			var cell []byte
			if cell, more, err = cutCell(line, more); err != nil {
				return nil, err
			}
			c, err := known.read(cell)
			if err != nil {
				return nil, err
			}
			cells[len(cells)-1] = append(cells[len(cells)-1], c)
			continue
		case bytes.Equal(line, []byte("    {\n")):
			cells = append(cells, nil)
		case bytes.Equal(line, []byte("      \"cells\": [\n")) && len(cells) > 0:
			n := len(cells) - 1
			if cells[n] != nil {
				return nil, errOtherLayout // a row has one list of cells
			}
			within, more = true, true
			cells[n] = make([]matrix.Cell, 0, len(cells[max(0, n-1)])) // most rows have as many as the one before
		}
		rest = append(rest, line...)
	}
	if err := json.Unmarshal(append(rest, ']'), &rows); err != nil {
		return nil, err
	}
	if len(rows) != len(cells) {
		return nil, errOtherLayout
	}
	for i := range rows {
		switch {
		case len(rows[i].Cells) > 0:
			return nil, errOtherLayout
		case len(cells[i]) > 0:
			rows[i].Cells = cells[i]
		}
	}
	return rows, nil
}

// cutCell returns the cell in a line, and whether another one must follow in the next line.
// After says that one must be in this line: it is the first, or the line before has a comma.
func cutCell(line []byte, after bool) (cell []byte, more bool, err error) {
	end := len(line)
	switch {
	case !after:
		return nil, false, errOtherLayout
	case bytes.HasSuffix(line, []byte("},\n")):
		return line[:end-2], true, nil
	case bytes.HasSuffix(line, []byte("}\n")):
		return line[:end-1], false, nil
	}
	return nil, false, errOtherLayout
}

// cellTexts are cells by their text.
type cellTexts struct {
	cells map[string]matrix.Cell
	text  []byte // of the last one
}

// read reads a cell from its line, without the line's end.
func (t *cellTexts) read(line []byte) (c matrix.Cell, err error) {
	t.text = appendUnseen(t.text[:0], line)
	c, ok := t.cells[string(t.text)]
	if !ok {
		err = json.Unmarshal(t.text, &c)
		t.cells[string(t.text)] = c
	}
	return c, err
}

// pieces divides rows, as Write writes them, into about n pieces of a similar size.
func pieces(rows []byte, n int) (all [][]byte) {
	const between = ",\n    {"
	for size := len(rows)/n + 1; len(rows) > size; {
		at := bytes.Index(rows[size:], []byte(between))
		if at < 0 {
			break
		}
		all, rows = append(all, rows[:size+at]), rows[size+at+1:]
	}
	return append(all, rows)
}

// outline removes saw and frames from the lines of cells. Write puts both between the two
// keys that it looks for, and their quotes cannot be in a string.
func outline(data []byte) []byte {
	out := make([]byte, 0, len(data)/2)
	for line := range bytes.Lines(data) {
		out = appendUnseen(out, line)
	}
	return out
}

// appendUnseen appends a line without saw and frames, if it is that of a cell.
func appendUnseen(out, line []byte) []byte {
	from, to := bytes.Index(line, []byte(`, "saw": [`)), bytes.LastIndex(line, []byte(`, "evidence": [`))
	if from >= 0 && to > from && bytes.HasPrefix(line, []byte(`        {"scenario": "`)) {
		out = append(append(out, line[:from]...), `, "saw": []`...)
		line = line[to:]
	}
	return append(out, line...)
}

// CellsOf reads the cells of one row of what Write wrote.
func CellsOf(file string, data []byte, row string) ([]matrix.Cell, error) {
	at := find(data, row)
	if at < 0 {
		return nil, fmt.Errorf("reading the row %s of %s: there is no such row", row, file)
	}
	var r matrix.RowResult
	if err := json.NewDecoder(bytes.NewReader(data[at:])).Decode(&r); err != nil {
		return nil, fmt.Errorf("reading the row %s of %s: %w", row, file, err)
	}
	return r.Cells, nil
}

// Has reports whether what Write wrote has a row.
func Has(data []byte, row string) bool { return find(data, row) >= 0 }

// find returns where a row begins in what Write wrote, negative if it has no such row.
func find(data []byte, row string) int {
	id, err := encode(row)
	if err != nil {
		return -1 // every text can be encoded
	}
	const begin = "\n    {"
	at := bytes.Index(data, []byte(begin+"\n      \"id\": "+strings.TrimSpace(text.HarmlessJSON(string(id)))+",\n"))
	if at < 0 {
		return at
	}
	return at + len(begin) - 1
}

package codec

import (
	"bytes"
	"cmp"
	"encoding/json"
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
		group.Go(func() error {
			return json.Unmarshal(slices.Concat([]byte("["), outline(piece), []byte("]")), &parts[i])
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
		from, to := bytes.Index(line, []byte(`, "saw": [`)), bytes.LastIndex(line, []byte(`, "evidence": [`))
		if from >= 0 && to > from && bytes.HasPrefix(line, []byte(`        {"scenario": "`)) {
			out = append(append(out, line[:from]...), `, "saw": []`...)
			line = line[to:]
		}
		out = append(out, line...)
	}
	return out
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

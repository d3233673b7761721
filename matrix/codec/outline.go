package codec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Outline reads what Write wrote, without what the trials of the cells saw and what was
// on the wire. That is most of the file, and the verdicts do not need it. CellsOf reads
// it for one row.
func Outline(file string, data []byte) (*matrix.Results, error) { return Read(file, outline(data)) }

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

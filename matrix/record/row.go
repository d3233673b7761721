package record

import (
	"encoding/json"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// A RowKey names a row by what stays the same while its sources, toolchain and
// patches change.
type RowKey struct {
	Suite, Target, Row string
	Server             bool // as the server of other rows
}

// String returns the hash that stands for the key.
func (k RowKey) String() string {
	text, err := json.Marshal(k) // JSON keeps neighbouring fields apart
	if err != nil {
		panic(err)
	}
	return checksum.Bytes(text)
}

// Row reads into v how a row was made the last time, in the words of whoever
// kept it. The miss is empty for a hit, and else the reason why there is none.
// Nothing but a reason for another miss may rest on it.
func (s *Store) Row(key RowKey, v any) (miss string) { return s.get("row", key.String(), v) }

// PutRow keeps how a row was made.
func (s *Store) PutRow(key RowKey, v any) error {
	if err := s.put("row", key.String(), v); err != nil {
		return fmt.Errorf("recording how a row was made: %w", err)
	}
	return nil
}

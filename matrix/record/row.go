package record

// A RowKey names a row by what does not change when its sources, its toolchain or its
// patches do.
type RowKey struct {
	Suite, Target, Row string
	Server             bool   // as the server of other rows
	Package            string `json:",omitempty"` // of the tests, but for the first one
}

// String returns the SHA-256 of the key.
func (k RowKey) String() string { return hash(k) }

// Row reads into v how a row was made last time, in the form that PutRow was given.
// The miss is empty for a hit, and the reason otherwise. Use it for explanations only:
// no result may depend on it.
func (s *Store) Row(key RowKey, v any) (miss string) { return s.get("row", key.String(), v) }

// PutRow records how a row was made.
func (s *Store) PutRow(key RowKey, v any) error { return s.put("row", key.String(), v) }

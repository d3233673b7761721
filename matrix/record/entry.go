package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// format is the number of the file format. Files of another format are misses.
const format = 1

// An entry is the contents of a file of the record.
type entry struct {
	Format  int             `json:"format"`
	Kind    string          `json:"kind"`
	Key     string          `json:"key"`    // shows whether the file is in the right place
	SHA256  string          `json:"sha256"` // of the payload's bytes
	Payload json.RawMessage `json:"payload"`
}

// NotRecorded is the miss for what was never recorded, or was removed.
const NotRecorded = "not in the record"

// get reads what is recorded for a key into v, or returns the reason why it cannot.
func (s *Store) get(kind, key string, v any) (miss string) {
	if !isDigest(key) {
		return fmt.Sprintf("%q is not a key", key)
	}
	data, err := s.readUsed(s.place(kind, key))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return NotRecorded
	case err != nil:
		return "unreadable: " + reason(err)
	}
	e, miss := read(data, kind, key)
	if miss != "" {
		return miss
	}
	if err := json.Unmarshal(e.Payload, v); err != nil {
		return "damaged: " + err.Error()
	}
	return ""
}

// read parses a file of the record, or returns the reason why it cannot be trusted.
func read(data []byte, kind, key string) (e entry, miss string) {
	if payload := plain(data, kind, key); payload != nil {
		return entry{Payload: payload}, ""
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return e, "damaged: " + err.Error()
	}
	switch {
	case e.Format != format:
		miss = fmt.Sprintf("of format %d, which this version of matrixrun does not read", e.Format)
	case e.Kind != kind || e.Key != key:
		miss = "damaged: it is the record of something else"
	case e.SHA256 != checksum.Bytes(e.Payload):
		miss = "damaged: its checksum does not match"
	}
	return e, miss
}

// plain returns the payload of a file that has the exact bytes that put writes, and
// nil for any other. Most files are of that kind. Parsing takes most of the time of a
// run that recalls everything; with plain the parser sees each payload only once.
func plain(data []byte, kind, key string) []byte {
	rest, ok := bytes.CutPrefix(data, fmt.Appendf(nil, `{"format":%d,"kind":%q,"key":%q,"sha256":"`, format, kind, key))
	if !ok || len(rest) < 2*sha256.Size {
		return nil
	}
	sum, rest := string(rest[:2*sha256.Size]), rest[2*sha256.Size:]
	payload, ok := bytes.CutPrefix(rest, []byte(`","payload":`))
	if !ok {
		return nil
	}
	payload, ok = bytes.CutSuffix(payload, []byte("}\n"))
	if !ok || checksum.Bytes(payload) != sum {
		return nil
	}
	return payload
}

// put records v for a key. It replaces what was recorded before.
func (s *Store) put(kind, key string, v any) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("recording a result: %w", err)
		}
	}()
	if !isDigest(key) {
		return fmt.Errorf("%q is not a key", key)
	}
	payload, err := json.Marshal(v)
	if err != nil {
		return err
	}
	data, err := json.Marshal(entry{Format: format, Kind: kind, Key: key, SHA256: checksum.Bytes(payload), Payload: payload})
	if err != nil {
		return err
	}
	path := s.place(kind, key)
	if err := s.makeFolder(path); err != nil {
		return err
	}
	return replaceFile(path, bytes.NewReader(append(data, '\n')), 0o644)
}

// makeFolder makes the folder of a file of the record.
func (s *Store) makeFolder(path string) error {
	if err := s.tag(); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Dir(path), 0o777)
}

// reason returns the text of a file system error without the file's name.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err.Error()
}

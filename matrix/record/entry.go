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

// format is the number of the files' format. Files of another one are misses.
const format = 1

// An entry is what a file of the record has.
type entry struct {
	Format  int             `json:"format"`
	Kind    string          `json:"kind"`
	Key     string          `json:"key"`    // a file in the place of another one is noticed
	SHA256  string          `json:"sha256"` // of the payload, byte for byte
	Payload json.RawMessage `json:"payload"`
}

// NotRecorded is the miss for what was never kept, or was removed.
const NotRecorded = "not in the record"

// get reads what is kept for a key into v, and returns why it cannot.
func (s *Store) get(kind, key string, v any) (miss string) {
	if !isDigest(key) {
		return fmt.Sprintf("%q is no key", key)
	}
	data, err := s.use(s.place(kind, key))
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

// read takes a file of the record apart, and says why it cannot be believed.
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

// plain returns the payload of a file that is, byte for byte, as put writes one:
// most are. Parsing them takes most of the time of a run that recalls all, and
// this way the parser sees each but once. Others return nil.
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

// put keeps v for a key.
func (s *Store) put(kind, key string, v any) error {
	if !isDigest(key) {
		return fmt.Errorf("%q is no key", key)
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

// makeFolder makes the folder that a file of the record goes to.
func (s *Store) makeFolder(path string) error {
	if err := s.tag(); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Dir(path), 0o777)
}

// reason is an error of the file system without the file's name.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err.Error()
}

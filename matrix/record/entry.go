package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"
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

// notRecorded is the miss for what was never kept, or was removed.
const notRecorded = "not in the record"

// get reads what is kept for a key into v, and returns why it cannot.
func (s *Store) get(kind, key string, v any) (miss string) {
	if !isDigest(key) {
		return fmt.Sprintf("%q is no key", key)
	}
	data, err := os.ReadFile(s.place(kind, key))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return notRecorded
	case err != nil:
		return "unreadable: " + reason(err)
	}
	var e entry
	if err := json.Unmarshal(data, &e); err != nil {
		return "damaged: " + err.Error()
	}
	switch {
	case e.Format != format:
		return fmt.Sprintf("of format %d, which this version of matrixrun does not read", e.Format)
	case e.Kind != kind || e.Key != key:
		return "damaged: it is the record of something else"
	case e.SHA256 != digest(e.Payload):
		return "damaged: its checksum does not match"
	}
	if err := json.Unmarshal(e.Payload, v); err != nil {
		return "damaged: " + err.Error()
	}
	return ""
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
	data, err := json.Marshal(entry{Format: format, Kind: kind, Key: key, SHA256: digest(payload), Payload: payload})
	if err != nil {
		return err
	}
	path := s.place(kind, key)
	if err := s.makeFolder(path); err != nil {
		return err
	}
	return maybe.WriteFile(path, append(data, '\n'), 0o666)
}

// makeFolder makes the folder that a file of the record goes to.
func (s *Store) makeFolder(path string) error {
	if err := s.tag(); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Dir(path), 0o777)
}

// cacheTag is what backup programs look for, see https://bford.info/cachedir/.
const cacheTag = `Signature: 8a477f597d28d172789f06886806bc55
# Everything here was made by matrixrun, and is made again where it is missing.
`

// writeTag makes the record's folder with its tag. A folder that has something
// in it already gets no tag: it may be somebody's, who wants a backup of it.
func (s *Store) writeTag() error {
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return err
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil || len(entries) > 0 {
		return err
	}
	return maybe.WriteFile(filepath.Join(s.dir, "CACHEDIR.TAG"), []byte(cacheTag), 0o666)
}

// reason is an error of the file system without the file's name.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err.Error()
}

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
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
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
	text, miss := s.payload(kind, key)
	if miss != "" {
		return miss
	}
	if err := json.Unmarshal(text, v); err != nil {
		return "damaged: " + err.Error()
	}
	return ""
}

// payload returns what is recorded for a key, as JSON, or the reason why it cannot.
func (s *Store) payload(kind, key string) (text []byte, miss string) {
	if !isDigest(key) {
		return nil, fmt.Sprintf("%q is not a key", key)
	}
	if spare := s.spare.Load(); spare != nil {
		if text, miss := spare.payload(kind, key); miss == "" {
			return text, ""
		}
	}
	path := s.place(kind, key)
	data, info, err := regular.Read(path, maxSize(kind))
	if err != nil {
		return nil, missOf(err)
	}
	mark(path, info)
	e, miss := read(data, kind, key)
	return e.Payload, miss
}

// missOf returns the miss for an error of reading a file.
func missOf(err error) string {
	var odd *regular.Error
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return NotRecorded
	case errors.As(err, &odd):
		return "damaged: " + odd.Error()
	default:
		return "unreadable: " + reason(err)
	}
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
	data = append(data, '\n')
	if n, most := int64(len(data)), maxSize(kind); n > most {
		return fmt.Errorf("it takes %d bytes, and only %d are read", n, most)
	}
	return s.orSpare(kind, key, func(to *Store) error {
		return to.write(to.place(kind, key), func(path string) error {
			return replaceFile(path, bytes.NewReader(data), 0o644)
		})
	})
}

// write calls replace, which writes a file of the record. It makes the folder before,
// and again if somebody removes it meanwhile. A folder in the place of the file is
// removed; a file, a link or a device is replaced.
func (s *Store) write(path string, replace func(path string) error) (err error) {
	for range 20 { // several times while all of the record is removed
		if err = s.makeFolder(path); err == nil {
			if info, statErr := os.Lstat(path); statErr == nil && info.IsDir() {
				_ = os.RemoveAll(path) // replace reports that it is still there
			}
			err = replace(path)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return err
}

// makeFolder makes the folder of a file of the record. Anything else in the place of
// that folder is removed, except in a folder that is not the record's alone: a file
// named like a kind may be its owner's.
func (s *Store) makeFolder(path string) error {
	dir := filepath.Dir(path)
	if info, err := os.Lstat(dir); err == nil && info.IsDir() {
		return nil
	}
	if err := s.writeTag(); err != nil {
		return err
	}
	// The folder of a kind may be a link: its owner may keep binaries on another disk.
	s.clear(filepath.Dir(dir), os.Stat)
	s.clear(dir, os.Lstat)
	return os.MkdirAll(dir, 0o777)
}

// clear removes what is in the place of a folder of the record if stat finds no folder
// there. Another process may make the folder at any time, so no folder is removed. What
// remains, MkdirAll reports.
func (s *Store) clear(dir string, stat func(string) (fs.FileInfo, error)) {
	if info, err := stat(dir); err == nil && info.IsDir() {
		return
	}
	inside, err := filepath.Rel(s.dir, dir)
	if err != nil || inside == "." || !filepath.IsLocal(inside) || filepath.Dir(inside) == "." && !s.ownsAll() {
		return
	}
	_ = removeFile(dir)
}

// reason returns the text of a file system error without the file's name.
func reason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return err.Error()
}

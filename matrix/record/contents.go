package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// kinds are the kinds of entries. Each has a folder of that name.
var kinds = []string{"build", "bin", "trace", "evidence", "tests", "upstream", "row"}

// Contents describes what a record holds.
type Contents struct {
	Folder string `json:"folder"`
	Kinds  []Kind `json:"kinds"` // every kind, in a fixed order
	Kind          // the total
	// Oldest is when the least recently used entry was used, to within an hour; zero in
	// an empty record.
	Oldest time.Time `json:"oldest,omitzero"`
	// Leftovers are files whose writers were killed.
	Leftovers Kind `json:"leftovers"`
}

// A Kind counts the entries of one kind.
type Kind struct {
	Name    string `json:"kind,omitempty"`
	Entries int    `json:"entries"`
	Bytes   int64  `json:"bytes"`
}

func (k *Kind) add(size int64) { k.Entries, k.Bytes = k.Entries+1, k.Bytes+size }

// A ForeignError means that a folder is not a record. Nothing in it is touched.
type ForeignError struct{ Folder string }

func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s is not a record of matrixrun: it has neither a %s nor a %s", e.Folder, cacheTagName, ownTagName)
}

// Contents counts what the record holds. A folder that is missing or empty holds
// nothing. For a folder that has files and is not a record the error is a
// *ForeignError.
func (s *Store) Contents(ctx context.Context) (Contents, error) {
	if err := s.checkOwner(); err != nil {
		return Contents{}, err
	}
	files, err := s.list(ctx)
	return s.sum(files), err
}

// checkOwner returns a *ForeignError for a folder with files and without a tag.
func (s *Store) checkOwner() error {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 || s.tagged() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the record: %w", err)
	}
	return &ForeignError{s.dir}
}

// sum counts files.
func (s *Store) sum(files []file) Contents {
	c := Contents{Folder: s.dir}
	at := make(map[string]int)
	for i, name := range kinds {
		c.Kinds = append(c.Kinds, Kind{Name: name})
		at[name] = i
	}
	for _, f := range files {
		if f.leftover {
			c.Leftovers.add(f.size)
			continue
		}
		c.Kinds[at[f.kind]].add(f.size)
		c.add(f.size)
		if c.Oldest.IsZero() || f.used.Before(c.Oldest) {
			c.Oldest = f.used.UTC().Truncate(time.Second)
		}
	}
	return c
}

// A file is a file of the record.
type file struct {
	kind     string
	path     string
	size     int64
	used     time.Time
	leftover bool // not complete: its writer was killed, or is writing it
	damaged  bool // set by verify
}

// list finds the files of the record. It ignores files with other names than the
// record gives, since they may be anybody's.
func (s *Store) list(ctx context.Context) (files []file, err error) {
	for _, kind := range kinds {
		dir := filepath.Join(s.dir, kind)
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			continue // nothing was recorded, or something else has the name
		}
		folders, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return files, fmt.Errorf("reading the record: %w", err)
		}
		for _, folder := range folders {
			if err := ctx.Err(); err != nil {
				return files, context.Cause(ctx)
			}
			// The record makes no links.
			if !folder.IsDir() || len(folder.Name()) != 2 {
				continue
			}
			more, err := listFolder(filepath.Join(s.dir, kind, folder.Name()), kind)
			if err != nil {
				return files, fmt.Errorf("reading the record: %w", err)
			}
			files = append(files, more...)
		}
	}
	return files, nil
}

// listFolder finds the files in one folder of a kind.
func listFolder(dir, kind string) (files []file, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		complete := isDigest(e.Name()) && strings.HasPrefix(e.Name(), filepath.Base(dir))
		if !e.Type().IsRegular() || !complete && !isLeftover(e.Name()) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // another process has removed it
		}
		if err != nil {
			return nil, err
		}
		files = append(files, file{kind: kind, path: filepath.Join(dir, e.Name()), size: info.Size(), used: info.ModTime(), leftover: !complete})
	}
	return files, nil
}

// isLeftover reports whether a name is that of a temporary file: from replaceFile, or
// from renameio, which earlier versions used and which appends digits to a key.
func isLeftover(name string) bool {
	if rest, ok := strings.CutPrefix(name, newPrefix); ok {
		return rest != "" && strings.Trim(rest, "0123456789") == ""
	}
	return len(name) > 65 && name[0] == '.' && isDigest(name[1:65]) && strings.Trim(name[65:], "0123456789") == ""
}

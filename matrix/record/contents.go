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

// kinds are what the record keeps, each in a folder of that name.
var kinds = []string{"build", "bin", "trace", "evidence", "tests", "upstream", "row"}

// Contents are what a record holds.
type Contents struct {
	Folder string `json:"folder"`
	Kinds  []Kind `json:"kinds"` // all that there can be, in a fixed order
	Kind          // of all together
	// Oldest is when what was not used for the longest time was used last, give
	// or take an hour; zero in an empty record.
	Oldest time.Time `json:"oldest,omitzero"`
	// Leftovers are files of processes that were killed while they wrote them.
	Leftovers Kind `json:"leftovers"`
}

// A Kind counts the entries of one kind.
type Kind struct {
	Name    string `json:"kind,omitempty"`
	Entries int    `json:"entries"`
	Bytes   int64  `json:"bytes"`
}

func (k *Kind) add(size int64) { k.Entries, k.Bytes = k.Entries+1, k.Bytes+size }

// A ForeignError says that a folder is no record, and is left alone.
type ForeignError struct{ Folder string }

func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s is no record of matrixrun: it has neither its %s nor its %s", e.Folder, cacheTagName, ownTagName)
}

// Contents counts what the record holds. A folder that is missing or empty holds
// nothing; one that has something in it and is no record is a *ForeignError.
func (s *Store) Contents(ctx context.Context) (Contents, error) {
	if err := s.own(); err != nil {
		return Contents{}, err
	}
	files, err := s.list(ctx)
	return s.sum(files), err
}

// own refuses a folder that has something in it and no tag of the record's.
func (s *Store) own() error {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 || s.marked() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the record: %w", err)
	}
	return &ForeignError{s.dir}
}

// sum adds files up.
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

// A file is one of the record's.
type file struct {
	kind     string
	path     string
	size     int64
	used     time.Time
	leftover bool // its writer was killed, or is writing it
	damaged  bool // where somebody looked
}

// list finds the files of the record. Those that are not named as the record's
// are, are not: they may be anybody's.
func (s *Store) list(ctx context.Context) (files []file, err error) {
	for _, kind := range kinds {
		folders, err := os.ReadDir(filepath.Join(s.dir, kind))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return files, fmt.Errorf("reading the record: %w", err)
		}
		for _, folder := range folders {
			if err := ctx.Err(); err != nil {
				return files, context.Cause(ctx)
			}
			// A link is none of ours, wherever it leads.
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

func listFolder(dir, kind string) (files []file, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		whole := isDigest(e.Name()) && strings.HasPrefix(e.Name(), filepath.Base(dir))
		if !e.Type().IsRegular() || !whole && !isLeftover(e.Name()) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // another process was quicker
		}
		if err != nil {
			return nil, err
		}
		files = append(files, file{kind: kind, path: filepath.Join(dir, e.Name()), size: info.Size(), used: info.ModTime(), leftover: !whole})
	}
	return files, nil
}

// isLeftover reports whether a file is named as those are that are about to get
// the name of a key: by replaceFile, or by renameio, which earlier versions used and
// which puts digits behind it.
func isLeftover(name string) bool {
	if rest, ok := strings.CutPrefix(name, newPrefix); ok {
		return rest != "" && strings.Trim(rest, "0123456789") == ""
	}
	return len(name) > 65 && name[0] == '.' && isDigest(name[1:65]) && strings.Trim(name[65:], "0123456789") == ""
}

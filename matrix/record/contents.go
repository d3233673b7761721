package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// kinds are the kinds of entries. Each has a folder of that name.
var kinds = []string{"build", "bin", "trace", "evidence", "tests", "upstream", "row", "folder"}

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
	// Odd are folders, links, pipes and devices in the place of entries.
	Odd Kind `json:"odd"`
	// Foreign are slash-separated names in the folders of the record that it does not
	// give. They stay.
	Foreign Foreign `json:"foreign"`
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

// A Foreign counts what is in the folders of a record and does not belong to it.
type Foreign struct {
	Entries int      `json:"entries"`
	Names   []string `json:"names"` // the first of them, sorted
}

// mostForeign is how many names a Foreign has.
const mostForeign = 20

// add counts a name. Names must come in order.
func (f *Foreign) add(name string) {
	f.Entries++
	if len(f.Names) < mostForeign {
		f.Names = append(f.Names, name)
	}
}

// Contents counts what the record holds. A folder that is missing or empty holds
// nothing. For a folder that has files and is not a record the error is a
// *ForeignError. If some of it cannot be read, the result has the rest.
func (s *Store) Contents(ctx context.Context) (Contents, error) {
	if err := s.checkOwner(); err != nil {
		return Contents{}, err
	}
	found, err := s.list(ctx)
	return s.sum(found.files, found.foreign), err
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
func (s *Store) sum(files []file, foreign Foreign) Contents {
	c := Contents{Folder: s.dir, Foreign: foreign}
	at := make(map[string]int)
	for i, name := range kinds {
		c.Kinds = append(c.Kinds, Kind{Name: name})
		at[name] = i
	}
	for _, f := range files {
		switch {
		case f.leftover:
			c.Leftovers.add(f.size)
			continue
		case f.odd:
			c.Odd.add(f.size)
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

package record

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2/maybe"
)

// What tells that a folder is a record. Nothing is ever removed from one that has
// neither: somebody may have named it by mistake.
const (
	cacheTagName = "CACHEDIR.TAG"  // of a folder that has nothing else in it
	ownTagName   = "MATRIXRUN.TAG" // of one that had something in it before
)

// ownLine is in both. It is that of all versions, and no other program's.
const ownLine = "# Everything here was made by matrixrun, and is made again where it is missing.\n"

// cacheTag is what backup programs look for, see https://bford.info/cachedir/.
const cacheTag = "Signature: 8a477f597d28d172789f06886806bc55\n" + ownLine

// ownTag keeps no backup away.
const ownTag = ownLine + "# \"Here\" are the folders that are named after what is kept, with 64 digits for each file.\n"

// writeTag makes the record's folder with its tag. A folder that has something
// in it already gets no CACHEDIR.TAG: it may be somebody's, who wants a backup
// of it.
func (s *Store) writeTag() error {
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return err
	}
	if s.marked() {
		return nil
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	// Another process may be writing the tag just now.
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), "."+cacheTagName) })
	name, text := cacheTagName, cacheTag
	if len(entries) > 0 && !s.marked() {
		name, text = ownTagName, ownTag
	}
	return maybe.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o666)
}

// marked reports whether the folder has a tag of the record's.
func (s *Store) marked() bool {
	for _, name := range []string{cacheTagName, ownTagName} {
		text, err := os.ReadFile(filepath.Join(s.dir, name))
		if err == nil && bytes.Contains(text, []byte(ownLine)) {
			return true
		}
	}
	return false
}

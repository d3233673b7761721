package record

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// The tags that make a folder a record. Nothing is ever removed from a folder that
// has neither: the user may have named it by mistake.
const (
	cacheTagName = "CACHEDIR.TAG"  // in a folder that was empty before
	ownTagName   = "MATRIXRUN.TAG" // in a folder that had something in it before
)

// ownLine is in both tags, in all versions of this program and in no other program's.
const ownLine = "# Everything here was made by matrixrun, and is made again where it is missing.\n"

// cacheTag is what backup programs look for, see https://bford.info/cachedir/.
const cacheTag = "Signature: 8a477f597d28d172789f06886806bc55\n" + ownLine

// ownTag does not keep backups away.
const ownTag = ownLine + "# \"Here\" are the folders that are named after what is kept, with 64 digits for each file.\n"

// writeTag makes the record's folder with its tag. A folder that already has files
// gets no CACHEDIR.TAG: its owner may want a backup of it.
func (s *Store) writeTag() error {
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return err
	}
	if s.tagged() {
		return nil
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	// Another process may be writing the tag right now.
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), newPrefix) })
	name, text := cacheTagName, cacheTag
	if len(entries) > 0 && !s.tagged() {
		name, text = ownTagName, ownTag
	}
	return replaceFile(filepath.Join(s.dir, name), strings.NewReader(text), 0o644)
}

// tagged reports whether the folder has a tag of a record.
func (s *Store) tagged() bool { return s.hasTag(cacheTagName) || s.hasTag(ownTagName) }

// ownsAll reports whether everything in the folder belongs to the record.
func (s *Store) ownsAll() bool { return s.hasTag(cacheTagName) }

// hasTag reports whether the folder has one of the tags.
func (s *Store) hasTag(name string) bool {
	text, _, err := regular.Read(filepath.Join(s.dir, name), maxTag)
	return err == nil && bytes.Contains(text, []byte(ownLine))
}

package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A file is a file of the record, or what is in the place of one.
type file struct {
	kind     string
	path     string
	size     int64 // of a regular file
	used     time.Time
	leftover bool // not complete: its writer was killed, or is writing it
	odd      bool // not a regular file, or a file in the place of a folder
	damaged  bool // too large, or found by verify
}

// A listing is what the folders of a record have.
type listing struct {
	files   []file
	foreign Foreign
	failed  []error // folders and entries that cannot be read
}

// topNames are what a record has in its folder apart from the folders of its kinds.
var topNames = []string{cacheTagName, ownTagName, stampName, "lock"}

// list finds the files of the record, without following links below the folders of its
// kinds. What has another name than the record gives may be anybody's. Where it cannot
// read a folder it goes on with the next one: the listing then has the rest, and the
// error is not nil.
func (s *Store) list(ctx context.Context) (l listing, err error) {
	l.foreign.Names = []string{} // for JSON
	entries, err := readDir(s.dir)
	if err != nil {
		return l, err
	}
	all := s.ownsAll()
	for _, e := range entries {
		isKind := slices.Contains(kinds, e.Name())
		switch info, statErr := os.Stat(filepath.Join(s.dir, e.Name())); {
		case isKind && statErr == nil && info.IsDir(): // or a link: its owner may keep it on another disk
			if err := s.listKind(ctx, e.Name(), &l); err != nil {
				return l, err
			}
		case !all || slices.Contains(topNames, e.Name()):
		case isKind || isLeftover(e.Name()):
			l.add(e, s.dir, "", !isKind)
		default:
			l.foreign.add(e.Name())
		}
	}
	return l, errors.Join(l.failed...)
}

// folderName matches the names of the folders of a kind.
var folderName = regexp.MustCompile(`^[0-9a-f]{2}$`)

// listKind finds the files of a kind. The error is the context's.
func (s *Store) listKind(ctx context.Context, kind string, l *listing) error {
	dir := filepath.Join(s.dir, kind)
	for _, folder := range l.readDir(dir) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		switch {
		case !folderName.MatchString(folder.Name()):
			l.foreign.add(path.Join(kind, folder.Name()))
		case folder.IsDir():
			l.addFolder(dir, folder.Name(), kind)
		default:
			l.add(folder, dir, kind, false)
		}
	}
	return nil
}

// addFolder adds what is in one of the folders of a kind.
func (l *listing) addFolder(dir, name, kind string) {
	for _, e := range l.readDir(filepath.Join(dir, name)) {
		complete := isDigest(e.Name()) && strings.HasPrefix(e.Name(), name)
		if !complete && !isLeftover(e.Name()) {
			l.foreign.add(path.Join(kind, name, e.Name()))
			continue
		}
		l.add(e, filepath.Join(dir, name), kind, !complete)
	}
}

// add adds an entry of a folder.
func (l *listing) add(e fs.DirEntry, dir, kind string, leftover bool) {
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return // another process has removed it
	}
	if err != nil {
		l.failed = append(l.failed, fmt.Errorf("reading the record: %w", err))
		return
	}
	f := file{kind: kind, path: filepath.Join(dir, e.Name()), used: info.ModTime(), leftover: leftover}
	if info.Mode().IsRegular() && (leftover || isDigest(e.Name())) {
		f.size = info.Size()
		f.damaged = !leftover && f.size > maxSize(kind)
	} else {
		f.odd, f.leftover = true, false
	}
	l.files = append(l.files, f)
}

// readDir reads a folder below that of the record.
func (l *listing) readDir(dir string) []fs.DirEntry {
	entries, err := readDir(dir)
	if err != nil {
		l.failed = append(l.failed, err)
	}
	return entries
}

// readDir reads a folder of the record, which another process may remove.
func readDir(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the record: %w", err)
	}
	return entries, nil
}

// isLeftover reports whether a name is that of a temporary file: from replaceFile, or
// from renameio, which earlier versions used and which appends digits to a key.
func isLeftover(name string) bool {
	if rest, ok := strings.CutPrefix(name, newPrefix); ok {
		return rest != "" && strings.Trim(rest, "0123456789") == ""
	}
	return len(name) > 65 && name[0] == '.' && isDigest(name[1:65]) && strings.Trim(name[65:], "0123456789") == ""
}

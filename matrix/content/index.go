package content

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
)

// An Index has what identifies the files of all releases of a target. It is safe for
// concurrent use, except that Add changes it.
type Index struct {
	releases []release // by version
	digest   string    // of the text that it was read from; empty if it is not what was read

	once  sync.Once
	terms terms
}

// A release is what identifies the files of one release.
type release struct {
	version     string
	sum         string              // of its zip, as in releases.lock
	goLine      string              // version in the go line of its go.mod; empty if it has none
	retractions []matrix.Retraction // of releases of the same module
	files       []entry             // by path
}

// An entry is a file that a build can contain, or go.mod.
type entry struct {
	path  string
	text  string // digest of a Go file's text; empty for other files
	code  string // digest of what counts in a build
	funcs string // digests of the functions, funcLen characters each
	built bool   // some build can have it
	embed bool   // it has go:embed directives
}

// funcLen is the length of the digest of a function in the index.
const funcLen = nameLen + bodyLen

// isGo reports whether the entry is a Go file.
func (e entry) isGo() bool { return e.text != "" }

// functions calls yield with the digest of each function.
func (e entry) functions(yield func(string) bool) {
	for at := 0; at < len(e.funcs); at += funcLen {
		if !yield(e.funcs[at : at+funcLen]) {
			return
		}
	}
}

// Missing returns the releases that the index does not have, or has with another
// checksum.
func (x *Index) Missing(lock []matrix.Release) (missing []matrix.Release) {
	for _, r := range lock {
		if at, found := x.find(r.Version); !found || x.releases[at].sum != r.Sum {
			missing = append(missing, r)
		}
	}
	return missing
}

// Keep removes what is not one of the given releases, and reports whether that was
// anything.
func (x *Index) Keep(lock []matrix.Release) bool {
	before := len(x.releases)
	x.releases = slices.DeleteFunc(x.releases, func(has release) bool {
		return !slices.ContainsFunc(lock, func(r matrix.Release) bool { return r.Version == has.version && r.Sum == has.sum })
	})
	x.changed()
	return len(x.releases) < before
}

// find returns where a release is, or should be.
func (x *Index) find(version string) (at int, found bool) {
	return slices.BinarySearchFunc(x.releases, version, func(r release, version string) int { return matrix.CompareVersions(r.version, version) })
}

// Add adds a downloaded release to the index, or replaces it.
func (x *Index) Add(ctx context.Context, src matrix.Source, target matrix.Target) error {
	r, err := read(ctx, src, target)
	if err != nil {
		return fmt.Errorf("reading the files of %s: %w", src.Version, err)
	}
	at, found := x.find(r.version)
	if found {
		x.releases[at] = r
	} else {
		x.releases = slices.Insert(x.releases, at, r)
	}
	x.changed()
	return nil
}

// changed forgets what was made of the releases.
func (x *Index) changed() { x.once, x.digest = sync.Once{}, "" }

// read reads what identifies the files of a release.
func read(ctx context.Context, src matrix.Source, target matrix.Target) (release, error) {
	r := release{version: src.Version, sum: src.Sum}
	files, done, err := OpenZip(src.Zip, src.Module, src.Version)
	if err != nil {
		return r, err
	}
	defer done()
	if err := r.readGoMod(files); err != nil {
		return r, err
	}
	t, err := list(ctx, Code{Files: files, Path: src.Module})
	if err != nil {
		return r, err
	}
	paths := newPaths(target.Paths()...)
	for _, name := range t.names {
		e, err := t.entry(ctx, name, name, paths)
		if err != nil {
			return r, err
		}
		if e.code == tooLarge {
			return r, largeError(name)
		}
		r.files = append(r.files, e)
	}
	return r, nil
}

// packages returns the code of a list of files by folder: for each file that a build can
// have, the digest of its code.
func packages(files []entry) map[string]map[string]string {
	all := make(map[string]map[string]string)
	for _, e := range files {
		if !e.built {
			continue
		}
		dir := path.Dir(e.path)
		if all[dir] == nil {
			all[dir] = make(map[string]string)
		}
		all[dir][e.path] = e.code
	}
	return all
}

// byPath orders entries.
func byPath(a, b entry) int { return cmp.Compare(a.path, b.path) }

// below returns the name of a file in a folder of an fs.FS, and whether it is there.
func below(name, dir string) (string, bool) {
	if dir == "." {
		return name, true
	}
	return strings.CutPrefix(name, dir+"/")
}

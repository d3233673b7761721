package content

import (
	"cmp"
	"context"
	"fmt"
	"maps"
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
	x.once = sync.Once{}
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
	x.once = sync.Once{}
	return nil
}

// read reads what identifies the files of a release.
func read(ctx context.Context, src matrix.Source, target matrix.Target) (release, error) {
	r := release{version: src.Version, sum: src.Sum}
	files, done, err := openZip(src.Zip, src.Module, src.Version)
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

// terms are what a search looks for.
type terms struct {
	names    map[name]bool       // of functions
	funcs    map[string]bool     // digests of functions
	paths    map[string][]string // of Go files, by their last element
	least    int                 // a copy has at least that many functions; 0 if there are none to look for
	releases []names
}

// names are how many functions of a release have which name. A copy of the release has at
// least that many of the names.
type names struct {
	functions map[name]int
	least     int
}

// look returns what to look for.
func (x *Index) look() *terms {
	x.once.Do(func() {
		x.terms = terms{names: map[name]bool{}, funcs: map[string]bool{}, paths: map[string][]string{}}
		for _, r := range x.releases {
			x.terms.add(r)
		}
	})
	return &x.terms
}

// add adds what to look for of a release.
func (t *terms) add(r release) {
	all, functions := make(map[name]int), 0
	for _, e := range r.files {
		for f := range e.functions {
			n, _ := parseName(f[:nameLen])
			all[n]++
			t.names[n], t.funcs[f] = true, true
			functions++
		}
		if base := path.Base(e.path); e.isGo() && !slices.Contains(t.paths[base], e.path) {
			t.paths[base] = append(t.paths[base], e.path)
		}
	}
	if functions == 0 {
		return
	}
	if n := least(functions); t.least == 0 || n < t.least {
		t.least = n
	}
	t.releases = append(t.releases, names{all, fewest(all, least(functions))})
}

// enough reports whether code with functions of these names can be a copy of a release.
func (t *terms) enough(seen map[name]bool) bool {
	return slices.ContainsFunc(t.releases, func(r names) bool {
		common := 0
		for n := range seen {
			if r.functions[n] > 0 {
				common++
			}
		}
		return common >= r.least
	})
}

// fewest returns how many names that many functions have at least: those that most
// functions share come first.
func fewest(names map[name]int, functions int) (n int) {
	counts := slices.Sorted(maps.Values(names))
	for i := len(counts) - 1; i >= 0 && functions > 0; i-- {
		functions -= counts[i]
		n++
	}
	return n
}

// least returns how many functions of a release some code must have to count as a copy:
// a twentieth of them, but more than a few, unless the release has so few that half of
// them is less.
func least(functions int) int {
	return max((functions+19)/20, min(10, (functions+1)/2))
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

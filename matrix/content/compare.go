package content

import (
	"cmp"
	"context"
	"path"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
)

// Compare compares a module that is the target, or that is built in its place, with the
// releases. However little they have in common, the answer has the nearest ones; without
// any common file or function it has none.
func (x *Index) Compare(ctx context.Context, code Code, target matrix.Target) (matrix.Likeness, error) {
	t, err := list(ctx, code)
	if err != nil {
		return matrix.Likeness{}, err
	}
	l, _, err := x.compare(ctx, t, ".", code, target)
	return l, err
}

// compare compares the code in a folder of a module with the releases. It also returns
// whether it has enough of one to be a copy.
func (x *Index) compare(ctx context.Context, t *tree, dir string, code Code, target matrix.Target) (l matrix.Likeness, copied bool, err error) {
	files, err := t.below(ctx, dir, code, target)
	if err != nil {
		return l, false, err
	}
	s := summarize(files)
	if dir != "." {
		l.Dir = dir
	}
	l.Files, l.Functions = s.files, s.functions
	var all []matrix.Nearness
	for _, r := range x.releases {
		n := s.nearness(r)
		n.Exact = n.Functions == s.functions && same(files, r.files)
		copied = copied || n.Exact || n.Functions > 0 && n.Functions >= least(summarize(r.files).functions)
		if n.Equal > 0 || n.Functions > 0 || n.Exact {
			all = append(all, n)
		}
	}
	l.Nearest = nearest(all, s.files)
	return l, copied, nil
}

// fewEqual: if less than this part of the files are equal, the equal ones are small files
// that have hardly changed in years, and the functions tell more.
const fewEqual = 10

// nearest returns those of all releases that share most with code of so many files, by
// version: those that it is equal to, if there are any. Otherwise, by files, those with
// most equal files, and of these those with fewest others.
func nearest(all []matrix.Nearness, files int) []matrix.Nearness {
	if len(all) == 0 {
		return []matrix.Nearness{}
	}
	most := slices.MaxFunc(all, func(a, b matrix.Nearness) int { return cmp.Compare(a.Equal, b.Equal) })
	order := func(a, b matrix.Nearness) int {
		switch {
		case a.Exact || b.Exact:
			return exactFirst(a, b)
		case most.Equal*fewEqual < files:
			return cmp.Or(b.Functions-a.Functions, b.Equal-a.Equal)
		default:
			return cmp.Or(b.Equal-a.Equal, (a.Of-a.Equal)-(b.Of-b.Equal))
		}
	}
	best := slices.MinFunc(all, order)
	return slices.DeleteFunc(all, func(n matrix.Nearness) bool { return order(best, n) != 0 })
}

// exactFirst orders what is equal to a release before what is not.
func exactFirst(a, b matrix.Nearness) int {
	switch {
	case a.Exact == b.Exact:
		return 0
	case a.Exact:
		return -1
	}
	return 1
}

// below reads what identifies the files in a folder of the module, with their paths in it.
func (t *tree) below(ctx context.Context, dir string, code Code, target matrix.Target) ([]entry, error) {
	roots := append(target.Paths(), path.Join(code.Path, dir))
	if slices.Contains(t.names, goMod) && dir == "." {
		data, err := t.content(ctx, goMod)
		if err != nil {
			return nil, err
		}
		roots = append(roots, modfile.ModulePath(data))
	}
	paths := newPaths(roots...)
	var files []entry
	for _, name := range t.names {
		as, ok := below(name, dir)
		if !ok {
			continue
		}
		e, err := t.entry(ctx, name, as, paths)
		if err != nil {
			return nil, err
		}
		files = append(files, e)
	}
	return files, nil
}

// A summary counts the files and functions of some code by their digests.
type summary struct {
	texts, funcs     map[string]int
	files, functions int
}

func summarize(files []entry) summary {
	s := summary{texts: map[string]int{}, funcs: map[string]int{}}
	for _, e := range files {
		if e.isGo() {
			s.texts[e.text]++
			s.files++
		}
		for f := range e.functions {
			s.funcs[f]++
			s.functions++
		}
	}
	return s
}

// nearness counts what the code shares with a release. A file or function that the code
// has twice counts twice only if the release has it twice.
func (s summary) nearness(r release) matrix.Nearness {
	n := matrix.Nearness{Version: r.version}
	texts, funcs := make(map[string]int, len(s.texts)), make(map[string]int, len(s.funcs))
	for _, e := range r.files {
		if !e.isGo() {
			continue
		}
		n.Of++
		if texts[e.text]++; texts[e.text] <= s.texts[e.text] {
			n.Equal++
		}
		for f := range e.functions {
			if funcs[f]++; funcs[f] <= s.funcs[f] {
				n.Functions++
			}
		}
	}
	return n
}

// same reports whether a build with the code is a build with the release: each package of
// the code is that of the release, file by file, and so is go.mod. Packages may be
// missing, as in a vendor folder: nothing can import them. Files that go:embed directives
// name are not in the index, so code with such directives cannot be known to be the same.
func same(code, released []entry) bool {
	if slices.ContainsFunc(code, func(e entry) bool { return e.embed }) {
		return false
	}
	want := packages(released)
	found := false
	for dir, files := range packages(code) {
		if dir == "." && files[goMod] == "" {
			delete(want[dir], goMod) // a vendor folder has none
		}
		if len(files) != len(want[dir]) {
			return false
		}
		for name, digest := range files {
			if want[dir][name] != digest {
				return false
			}
			found = found || isGo(name)
		}
	}
	return found
}

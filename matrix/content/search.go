package content

import (
	"cmp"
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// ErrTooLittle is the error for a search for releases that have no function to recognise
// them by.
var ErrTooLittle = errors.New("the releases have too little code to recognise a copy")

// maxCopies bounds how many copies are found in one module.
const maxCopies = 10

// Search finds the copies of the target in a module: the module itself, or folders of it.
// Code in folders named testdata is not part of a build, unless it is imported. A module
// without any gives nil.
//
// It reads each file once and looks at the lines that begin a function. It reads files
// again only if their functions have names that many functions of the target have. If a
// file is too large to be read, the error is ErrTooLarge, and the copies in other files
// are returned all the same.
func (x *Index) Search(ctx context.Context, code Code, target matrix.Target) ([]matrix.Likeness, error) {
	t, err := list(ctx, code)
	if err != nil {
		return nil, err
	}
	return x.search(ctx, t, code, target)
}

// search finds the copies of the target in the files of a module.
func (x *Index) search(ctx context.Context, t *tree, code Code, target matrix.Target) ([]matrix.Likeness, error) {
	if !slices.ContainsFunc(t.names, isGo) {
		return nil, nil
	}
	if len(x.look().releases) == 0 {
		return nil, ErrTooLittle
	}
	candidates, unread, err := x.candidates(ctx, t, code.Ignored)
	if err != nil || candidates == nil {
		return nil, cmp.Or(err, unread)
	}
	hits, err := x.hits(ctx, t, candidates, newPaths(append(target.Paths(), code.Path)...))
	if err != nil {
		return nil, err
	}
	var found []matrix.Likeness
	for len(found) < maxCopies && x.look().enough(countNames(hits)) {
		dir := x.root(hits)
		l, copied, err := x.compare(ctx, t, dir, code, target)
		if inside := common(hits, dir); err == nil && inside != dir && !slices.ContainsFunc(l.Nearest, func(n matrix.Nearness) bool { return n.Exact }) {
			l, copied, err = x.compare(ctx, t, inside, code, target) // other code in dir does not count
		}
		if err != nil {
			return nil, err
		}
		if copied {
			found = append(found, l)
		}
		for name := range hits {
			if _, ok := below(name, dir); ok {
				delete(hits, name)
			}
		}
	}
	slices.SortFunc(found, func(a, b matrix.Likeness) int { return strings.Compare(a.Dir, b.Dir) })
	return found, unread
}

// candidates returns the files with functions that are called like some of the target, or
// nil if there are too few of them for a copy. Unread is about a file that is too large.
// Imported are folders with packages that count although they are data of tests.
func (x *Index) candidates(ctx context.Context, t *tree, imported []string) (files []string, unread, err error) {
	look := x.look()
	seen := make(map[int]int) // how many functions have a name, by its number
	for _, file := range t.names {
		if !isGo(file) || inTestdata(file) && !slices.Contains(imported, path.Dir(file)) {
			continue
		}
		hit := false
		ok, err := t.lines(ctx, file, func(lines []byte) {
			functionNames(lines, func(n name) {
				if number, ok := look.number(n); ok {
					hit = true
					seen[number]++
				}
			})
		})
		switch {
		case err != nil:
			return nil, nil, err
		case !ok:
			unread = largeError(file)
		case hit:
			files = append(files, file)
		}
	}
	if !look.enough(seen) {
		return nil, unread, nil
	}
	return files, unread, nil
}

// inTestdata reports whether a file is in a folder with data of tests.
func inTestdata(name string) bool {
	return slices.Contains(strings.Split(path.Dir(name), "/"), "testdata")
}

// hits finds the functions of the target in files of a module: by file, the numbers of their
// names.
func (x *Index) hits(ctx context.Context, t *tree, files []string, paths *paths) (map[string][]int, error) {
	look := x.look()
	hits := make(map[string][]int)
	wanted := func(n name) bool {
		_, ok := look.number(n)
		return ok
	}
	for _, name := range files {
		data, err := t.content(ctx, name)
		if err != nil {
			return nil, err
		}
		for _, f := range parseFunctions(data, paths, wanted) { // none in a file that is too large
			if number, ok := look.funcs[f]; ok {
				hits[name] = append(hits[name], number)
			}
		}
	}
	return hits, nil
}

// countNames counts the functions of hits by the numbers of their names.
func countNames(hits map[string][]int) map[int]int {
	counts := make(map[int]int)
	for _, numbers := range hits {
		for _, n := range numbers {
			counts[n]++
		}
	}
	return counts
}

// root returns the folder of a copy: the one in which most functions are in files that
// the target has at the same place. If all files have other names, it is the folder
// that contains them all.
func (x *Index) root(hits map[string][]int) string {
	look := x.look()
	votes := make(map[string]int)
	best := ""
	for name, functions := range hits {
		for _, at := range look.paths[path.Base(name)] {
			dir, ok := strings.CutSuffix("./"+name, "/"+at)
			if !ok {
				continue
			}
			dir = path.Clean(dir)
			votes[dir] += len(functions)
		}
	}
	for dir, n := range votes {
		if best == "" || n > votes[best] || n == votes[best] && dir < best {
			best = dir
		}
	}
	if best == "" {
		return common(hits, ".")
	}
	return best
}

// common returns the innermost folder that contains all files below dir.
func common(hits map[string][]int, dir string) string {
	var elements []string
	for name := range hits {
		if _, ok := below(name, dir); ok {
			elements = commonDir(elements, strings.Split(path.Dir(name), "/"))
		}
	}
	return path.Join(append([]string{"."}, elements...)...)
}

// commonDir returns the elements that two folders begin with. Nil is any folder.
func commonDir(a, b []string) []string {
	if a == nil {
		return b
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

package diff

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// compiled are the extensions of files that the go command compiles or links.
var compiled = []string{".go", ".s", ".S", ".sx", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".swig", ".swigcxx", ".syso"}

// decides reports whether a file counts for how a diff applies, by its name alone: one that
// a program that imports the module is built from. Tests, testdata and documents do not count,
// unless they are embedded.
func decides(name string) bool {
	switch {
	case matrix.IsTest(name):
		return false
	case moduleFile(name):
		return true
	default:
		return slices.Contains(compiled, path.Ext(name))
	}
}

// decides reports whether a change counts for how a diff applies, by its names alone.
func (c change) decides() bool { return decides(c.from) || decides(c.to) }

// embeddable reports whether a file decides if a program embeds it.
func embeddable(name string) bool {
	return name != "" && !decides(name) && !strings.HasSuffix(name, "_test.go")
}

// deciding returns a function that reports whether a change counts for how the diff applies
// to a tree: if it decides, or changes a file that go:embed directives of the tree or of the
// diff make a part of a program. If no change counts, all do.
func (d *Diff) deciding(tree fs.FS) (func(change) bool, error) {
	patterns := map[string][]string{} // by folder
	embedded := map[string]bool{}
	for _, name := range d.Paths() {
		if !embeddable(name) {
			continue
		}
		for _, dir := range append(above(path.Dir(name)), ".") {
			if _, known := patterns[dir]; !known {
				var err error
				if patterns[dir], err = d.embeds(tree, dir); err != nil {
					return nil, err
				}
			}
			embedded[name] = embedded[name] || matches(patterns[dir], strings.TrimPrefix(name, dir+"/"))
		}
	}
	counts := func(c change) bool { return c.decides() || embedded[c.from] || embedded[c.to] }
	if !slices.ContainsFunc(d.changes(), counts) {
		return func(change) bool { return true }, nil
	}
	return counts, nil
}

// embeds returns the patterns of the go:embed directives in a folder of the tree, which need
// not exist, and those that the diff adds. Tests have no part in programs.
func (d *Diff) embeds(tree fs.FS, dir string) (patterns []string, err error) {
	for _, c := range d.changes() {
		for _, h := range c.hunks {
			if path.Dir(c.to) == dir && isSource(c.to) {
				patterns = append(patterns, matrix.EmbedPatterns(h.after.lines)...)
			}
		}
	}
	entries, err := fs.ReadDir(tree, dir)
	if err != nil && !missing(err) {
		return nil, fmt.Errorf("reading the tree: %w", err)
	}
	for _, entry := range entries {
		name := path.Join(dir, entry.Name())
		if !entry.Type().IsRegular() || !isSource(name) {
			continue
		}
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, fmt.Errorf("reading the tree: %w", err)
		}
		if bytes.Contains(data, []byte(matrix.EmbedDirective)) {
			patterns = append(patterns, matrix.EmbedPatterns(split(string(data)))...)
		}
	}
	return patterns, nil
}

// isSource reports whether a file is Go source of a program.
func isSource(name string) bool { return path.Ext(name) == ".go" && !matrix.IsTest(name) }

// matches reports whether a pattern matches a path or a folder that it is in. Files with a
// leading dot or underscore, which a folder is embedded without, count too.
func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(above(name), func(at string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			ok, err := path.Match(pattern, at)
			return err == nil && ok
		})
	})
}

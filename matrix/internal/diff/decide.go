package diff

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
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
	e := embeds{}
	embedded := map[string]bool{}
	for _, c := range d.changes() {
		e.addLines(c)
	}
	for _, name := range d.Paths() {
		if !embeddable(name) {
			continue
		}
		for dir := path.Dir(name); !embedded[name]; dir = path.Dir(dir) {
			if err := e.addFolder(tree, dir); err != nil {
				return nil, err
			}
			embedded[name] = e.has(dir, name)
			if dir == "." {
				break
			}
		}
	}
	counts := func(c change) bool { return c.decides() || embedded[c.from] || embedded[c.to] }
	if !slices.ContainsFunc(d.changes(), counts) {
		return func(change) bool { return true }, nil
	}
	return counts, nil
}

// embeds has the patterns of the go:embed directives in the Go files of folders, without
// those of tests.
type embeds map[string]*patterns

type patterns struct {
	read bool // those of the tree are among them
	all  []string
}

func (e embeds) of(dir string) *patterns {
	if e[dir] == nil {
		e[dir] = &patterns{}
	}
	return e[dir]
}

// addLines adds the patterns of a change's lines.
func (e embeds) addLines(c change) {
	if path.Ext(c.to) != ".go" || matrix.IsTest(c.to) {
		return
	}
	for _, h := range c.hunks {
		for _, line := range h.after.lines {
			e.of(path.Dir(c.to)).add(line)
		}
	}
}

// addFolder adds the patterns of a folder of the tree, which need not exist.
func (e embeds) addFolder(tree fs.FS, dir string) error {
	known := e.of(dir)
	if known.read {
		return nil
	}
	known.read = true
	entries, err := fs.ReadDir(tree, dir)
	if err != nil && !missing(err) {
		return fmt.Errorf("reading the tree: %w", err)
	}
	for _, entry := range entries {
		name := path.Join(dir, entry.Name())
		if !entry.Type().IsRegular() || path.Ext(name) != ".go" || matrix.IsTest(name) {
			continue
		}
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return fmt.Errorf("reading the tree: %w", err)
		}
		if !bytes.Contains(data, []byte(directive)) {
			continue
		}
		for line := range strings.Lines(string(data)) {
			known.add(line)
		}
	}
	return nil
}

// directive begins the lines whose patterns name embedded files (https://pkg.go.dev/embed).
const directive = "//go:embed"

// add adds the patterns of a line. They are separated by blanks, and may be quoted.
func (p *patterns) add(line string) {
	rest, ok := strings.CutPrefix(line, directive)
	if !ok {
		return
	}
	for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
		pattern, err := strconv.QuotedPrefix(rest)
		if err != nil {
			pattern = strings.Fields(rest)[0]
		}
		rest = rest[len(pattern):]
		if plain, err := strconv.Unquote(pattern); err == nil {
			pattern = plain
		}
		p.all = append(p.all, strings.TrimPrefix(pattern, "all:"))
	}
}

// has reports whether a pattern of a folder matches a file below it, or a folder that the
// file is in. Files with a leading dot or underscore, which a folder is embedded without,
// are taken for embedded: they count too.
func (e embeds) has(dir, name string) bool {
	if dir != "." {
		name = strings.TrimPrefix(name, dir+"/")
	}
	return slices.ContainsFunc(above(name), func(at string) bool {
		return slices.ContainsFunc(e.of(dir).all, func(pattern string) bool {
			ok, err := path.Match(pattern, at)
			return err == nil && ok
		})
	})
}

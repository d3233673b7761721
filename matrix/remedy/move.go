package remedy

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// moves reports whether a plan changes imports.
func (p *Plan) moves() bool {
	return slices.ContainsFunc(p.steps, func(s step) bool { return s.move != nil })
}

// move returns the plan that builds a release that is served under another module path.
// The program must import that path: to require it changes nothing that is built.
func (f *finder) move(c choice) *Plan {
	module, v := c.row.Source.Module, versionOf(c.row)
	p := &Plan{module: module, version: v, left: c.left, Fix: matrix.Fix{
		Name: v, Kind: matrix.FixUpgrade, Remedy: c.remedy, Edits: []matrix.Edit{},
		Title: fmt.Sprintf("import %s, and upgrade to %s: %s", module, v, f.effect(c.remedy)),
		Needs: append([]string{fmt.Sprintf("the path %s in all imports: to require it changes nothing that is built", module)}, f.needs(c.row)...),
	}}
	for _, m := range f.files.mods {
		found := f.imports(m.dir())
		for _, from := range slices.Sorted(maps.Keys(found)) {
			to := module + strings.TrimPrefix(from, f.Use.Module)
			move := &moving{from: from, to: to}
			for _, at := range found[from] {
				if !slices.Contains(move.files, at.File) {
					move.files = append(move.files, at.File)
				}
				at.File = relative(f.Cwd, filepath.Join(m.dir(), at.File))
				p.Fix.Edits = append(p.Fix.Edits, matrix.Edit{Position: at, Old: strconv.Quote(from), New: strconv.Quote(to)})
			}
			p.steps = append(p.steps, step{dir: m.dir(), move: move})
		}
		if len(found) > 0 {
			p.steps = append(p.steps, get(m, module, v), step{dir: m.dir(), args: []string{"mod", "tidy"}})
		}
	}
	if len(p.steps) > 0 {
		p.steps = append(p.steps, f.vendored()...)
	} else {
		p.Fix.Needs = append(p.Fix.Needs, f.whoImports())
	}
	p.Fix.Commands = commands(p.steps, f.Cwd)
	return p
}

// whoImports says whose imports must change if no file of the program has them.
func (f *finder) whoImports() string {
	if len(f.files.mods) == 0 {
		return "the source code of the program, which is not part of what was named"
	}
	if len(f.Use.Parents) > 0 {
		return fmt.Sprintf("another release of %s: the program itself does not import %s", text.List(f.Use.Parents), f.Use.Module)
	}
	return fmt.Sprintf("other releases of the modules that import %s: the program itself does not", f.Use.Module)
}

// imports returns the import paths of the target in the files of a module, with the
// lines, whose files are relative to the module. It leaves out what the go command
// ignores. Files that cannot be read or parsed do not compile either, and count as files
// without imports.
func (f *finder) imports(dir string) map[string][]matrix.Position {
	if found, ok := f.imported[dir]; ok {
		return found
	}
	found, paths := make(map[string][]matrix.Position), f.paths()
	f.imported[dir] = found
	_ = regular.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // look at the rest
		}
		if entry.IsDir() {
			if path != dir && ignored(path, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || filepath.Ext(path) != ".go" {
			return nil
		}
		for imported, line := range importsOf(path) {
			if gomod.In(f.Use.Module, paths, imported) {
				found[imported] = append(found[imported], matrix.Position{File: relative(dir, path), Line: line})
			}
		}
		return nil
	})
	return found
}

// paths returns all module paths of the build, by which import paths are assigned.
func (f *finder) paths() []string {
	paths := make([]string, len(f.Program.Modules))
	for i := range f.Program.Modules {
		paths[i] = f.Program.Modules[i].Path
	}
	return paths
}

// ignored reports whether the go command leaves a folder out of "./...".
func ignored(path, name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "vendor" {
		return true
	}
	_, err := os.Lstat(filepath.Join(path, "go.mod"))
	return err == nil // another module
}

// importsOf returns the import paths of a Go file, with the lines.
func importsOf(path string) map[string]int {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.ImportsOnly|parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	lines := make(map[string]int)
	for _, spec := range file.Imports {
		if imported, err := strconv.Unquote(spec.Path.Value); err == nil {
			lines[imported] = fset.Position(spec.Pos()).Line
		}
	}
	return lines
}

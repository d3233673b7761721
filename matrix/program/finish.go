package program

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// finish adds what all ways to select modules have in common: the main modules, what
// replaces a module, the lines that say so, checksums, and the folders with the code.
func (b *build) finish(ctx context.Context, o Options, p *matrix.Program) error {
	sums := b.sums()
	for i := range p.Modules {
		m := &p.Modules[i]
		b.describe(m)
		if m.Sum == "" {
			path, version := m.Built()
			m.Sum = sums[module.Version{Path: path, Version: version}]
		}
	}
	for _, m := range b.mods {
		p.Modules = append(p.Modules, b.main(m))
	}
	if p.Partial == "" {
		p.Partial = cmp.Or(b.overlaid(), b.without())
	}
	if err := locateAndSort(ctx, o, p); err != nil {
		return err
	}
	b.notes = append(b.notes, b.nested(p.Modules)...)
	p.Input.Note = strings.Join(b.notes, "; ")
	if p.Partial != "" || b.alone {
		return nil
	}
	var err error
	p.Partial, err = followImports(ctx, p, b.tools())
	return err
}

// tools returns the packages that tool lines name.
func (b *build) tools() (paths []string) {
	for _, m := range b.mods {
		for _, t := range m.file.Tool {
			paths = append(paths, t.Path)
		}
	}
	return paths
}

// without says of which main module there is no code: then its go.mod alone says what it
// imports, and that may not be all.
func (b *build) without() string {
	for _, m := range b.mods {
		if !b.alone && !hasCode(m.dir) {
			return fmt.Sprintf("there is no Go code next to %s, so it is not known what else the module imports", b.in.shown(m.path))
		}
	}
	return ""
}

// overlaid says that other files are built than those in the folders of the modules.
func (b *build) overlaid() string {
	name := goenv.Flag("overlay")
	if name == "" || b.alone {
		return ""
	}
	return "GOFLAGS has -overlay=" + name + ": the files that it puts in the place of others are not looked at"
}

// nested returns a note that names the modules in folders of the main modules that are not
// part of the build, and one if there may be more of them.
func (b *build) nested(built []matrix.BuiltModule) (notes []string) {
	if b.alone {
		return nil
	}
	var found []string
	complete := true
	for _, m := range b.mods {
		files, all := goModsBelow(m.dir)
		complete = complete && all
		for _, file := range files {
			if name := b.in.shown(file); !isBuilt(filepath.Dir(file), built) && !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	if len(found) > 0 {
		notes = append(notes, "not part of it, and not checked: "+text.Some(found, 3))
	}
	if !complete {
		notes = append(notes, "not all folders were searched for modules that are not part of it")
	}
	return notes
}

// isBuilt reports whether a folder is that of a main module, or of one that replaces a module.
func isBuilt(dir string, built []matrix.BuiltModule) bool {
	return slices.ContainsFunc(built, func(m matrix.BuiltModule) bool {
		return (m.Main || m.Replaced != nil) && m.Dir != "" && sameFolder(m.Dir, dir)
	})
}

// mostBelow is how many files and folders goModsBelow looks at.
const mostBelow = 50_000

// goModsBelow returns the go.mod files in the folders below one, sorted, and whether these are
// all. As for the pattern ./..., some folders are ignored.
func goModsBelow(dir string) (files []string, all bool) {
	left := mostBelow
	_ = regular.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		left--
		switch {
		case err != nil || d.IsDir() && path != dir && (ignoredFolder(d.Name()) || d.Name() == "vendor"):
			return fs.SkipDir
		case left < 0:
			return fs.SkipAll
		case d.Name() == "go.mod" && d.Type().IsRegular() && filepath.Dir(path) != dir:
			files = append(files, path)
		}
		return nil
	})
	return files, left >= 0
}

// hasCode reports whether there is a Go file in a folder or below it. It does not look
// further than a few thousand files.
func hasCode(dir string) bool {
	found, left := false, 5000
	_ = regular.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		left--
		switch {
		case err != nil:
			return fs.SkipDir // what cannot be read has no code for the go command either
		case d.IsDir() && (d.Name() == "vendor" || d.Name() == "testdata" || path != dir && isFile(filepath.Join(path, "go.mod"))):
			return filepath.SkipDir
		case !d.IsDir() && filepath.Ext(path) == ".go":
			found = true
		}
		if found || left < 0 {
			return filepath.SkipAll
		}
		return nil
	})
	return found || left < 0
}

// locateAndSort finds the code of the modules, and sorts them: main modules first, then by
// path.
func locateAndSort(ctx context.Context, o Options, p *matrix.Program) error {
	if err := locate(ctx, o, p); err != nil {
		return err
	}
	slices.SortStableFunc(p.Modules, func(x, y matrix.BuiltModule) int {
		return cmp.Or(sign(y.Main)-sign(x.Main), cmp.Compare(x.Path, y.Path))
	})
	return nil
}

// main returns a main module.
func (b *build) main(m *goMod) matrix.BuiltModule {
	built := matrix.BuiltModule{
		Path: m.file.Module.Mod.Path, Main: true, Go: goLine(m.file),
		Where: matrix.Position{File: b.in.shown(m.path), Line: m.file.Module.Syntax.Start.Line},
	}
	if b.alone {
		built.Missing = "only its go.mod was given"
	} else {
		built.Dir = m.dir
	}
	return built
}

// describe adds to a selected module what the files of the main modules say about it.
func (b *build) describe(m *matrix.BuiltModule) {
	var line *modfile.Require
	m.Indirect = true
	if m.Where.File == "" {
		m.Where = matrix.Position{File: b.in.shown(b.mods[0].path)}
	}
	for _, r := range b.required[m.Path] {
		m.Indirect = m.Indirect && r.Indirect
		// Of several lines, the one decides whose version is selected.
		if line == nil || line.Mod.Version != m.Version && r.Mod.Version == m.Version {
			line, m.Where = r.Require, b.position(r.file, r.Syntax)
		}
	}
	mod := module.Version{Path: m.Path, Version: m.Version}
	r := b.replacement(mod)
	switch {
	case r == nil:
		return
	case m.Vendored && m.Replaced != nil: // what was copied counts
		m.Replaced.Where = r.Where
	case !m.Vendored:
		m.Replaced = r
		if r.Version == "" {
			m.Dir, m.Missing = existing(b.replacingFolder(mod))
		}
	}
	m.Where = r.Where
}

// existing returns a folder, or why there is none.
func existing(dir string) (found, missing string) {
	if dir == "" {
		return "", "it is replaced by a folder that is relative to that of the go.mod, which is not known"
	}
	if !isFolder(dir) {
		return "", "the folder that replaces it is not there"
	}
	return dir, ""
}

// sums reads the checksums of modules from the go.sum files of the program.
func (b *build) sums() map[module.Version]string {
	all := make(map[module.Version]string)
	var files []string
	for _, m := range b.mods {
		if m.path != "" && !b.alone {
			files = append(files, strings.TrimSuffix(m.path, ".mod")+".sum")
		}
	}
	if b.file != "" {
		files = append(files, b.file+".sum")
	}
	for _, file := range files {
		data, err := readFile(file)
		if err != nil {
			continue // without checksums the code is compared anyway
		}
		for _, line := range lines(data) {
			if f := strings.Fields(line); len(f) == 3 && !strings.HasSuffix(f[1], "/go.mod") && strings.HasPrefix(f[2], "h1:") {
				all[module.Version{Path: f[0], Version: f[1]}] = f[2]
			}
		}
	}
	return all
}

package remedy

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
)

// files are the files of a program that decide what is built.
type files struct {
	mods   []*goMod // of the main modules, that in the program's folder first
	work   *goWork  // nil if there is no workspace
	vendor bool     // the build uses a vendor folder

	excludes []matrix.Exclusion // also of a program that was read from a text without files
}

// A goMod is the go.mod of a main module.
type goMod struct {
	path string // absolute
	*modfile.File
}

// A goWork is the go.work of a workspace.
type goWork struct {
	path string // absolute
	*modfile.WorkFile
}

// load reads the files of a program. There are none if it was read from something else,
// such as a binary.
func load(p *matrix.Program) (*files, error) {
	f := &files{excludes: p.Excludes, vendor: p.Vendor != "" || p.Input.Kind == matrix.InputVendor}
	var paths []string
	if p.GoMod != "" {
		paths = append(paths, p.GoMod)
	}
	if p.Work != "" {
		data, err := os.ReadFile(p.Work)
		if err != nil {
			return nil, fmt.Errorf("reading the workspace: %w", err)
		}
		work, err := modfile.ParseWork(p.Work, data, nil)
		if err != nil {
			return nil, matrix.Mistake("%v", err)
		}
		f.work = &goWork{p.Work, work}
		paths = append(paths, f.work.uses(p.GoMod)...)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("reading a module of the program: %w", err)
		}
		file, err := modfile.Parse(path, data, nil)
		if err != nil {
			return nil, matrix.Mistake("%v", err)
		}
		f.mods = append(f.mods, &goMod{path, file})
	}
	return f, nil
}

// uses returns the go.mod files of the workspace's modules, without one.
func (w *goWork) uses(but string) (paths []string) {
	for _, use := range w.Use {
		dir := filepath.FromSlash(use.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(w.path), dir)
		}
		if path := filepath.Join(dir, "go.mod"); path != but {
			paths = append(paths, path)
		}
	}
	return paths
}

// dir returns the folder of the module.
func (m *goMod) dir() string { return filepath.Dir(m.path) }

// dir returns the folder of the workspace.
func (w *goWork) dir() string { return filepath.Dir(w.path) }

// root returns the folder that the program is in: that of its workspace, or else of its
// main module; empty if it has no files.
func (f *files) root() string {
	switch {
	case f.work != nil:
		return f.work.dir()
	case len(f.mods) > 0:
		return f.mods[0].dir()
	default:
		return ""
	}
}

// excluded returns where a version of a module is excluded. The go command heeds the
// exclude lines of all modules of a workspace.
func (f *files) excluded(path, version string) (matrix.Position, bool) {
	for _, e := range f.excludes {
		if e.Path == path && e.Version == version {
			return e.Where, true
		}
	}
	return matrix.Position{}, false
}

// contradicts returns the go.mod files that require and exclude the same version of a
// module. The go command builds with one only after it has tidied it.
func (f *files) contradicts(path string) (mods []*goMod) {
	for _, m := range f.mods {
		for _, r := range m.Require {
			if _, ok := f.excluded(path, r.Mod.Version); ok && r.Mod.Path == path {
				mods = append(mods, m)
			}
		}
	}
	return mods
}

// A pin is a replace line that decides what is built for a module.
type pin struct {
	file string // absolute path of the go.mod or go.work
	work bool   // it is in the go.work
	*modfile.Replace
	others []*modfile.Replace // the lines for other versions of the module, in the same file
}

// pins returns the replace lines that apply to the selected version of a module: one in
// the go.work, or else one for each main module that has any.
func (f *files) pins(path, version string) (pins []pin) {
	if f.work != nil {
		if p, ok := pinIn(f.work.path, f.work.Replace, path, version); ok {
			p.work = true
			return []pin{p}
		}
	}
	for _, m := range f.mods {
		if p, ok := pinIn(m.path, m.Replace, path, version); ok {
			pins = append(pins, p)
		}
	}
	return pins
}

// pinIn returns the replace line that applies. One for the version takes precedence over
// one for all versions.
func pinIn(file string, replaces []*modfile.Replace, path, version string) (p pin, ok bool) {
	p.file = file
	for _, r := range replaces {
		switch {
		case r.Old.Path != path:
		case r.Old.Version == version && version != "", r.Old.Version == "" && p.Replace == nil:
			if p.Replace != nil {
				p.others = append(p.others, p.Replace)
			}
			p.Replace = r
		default:
			p.others = append(p.others, r)
		}
	}
	return p, p.Replace != nil
}

// requires returns the main modules that require a module, with the line.
func (f *files) requires(path string) (mods []*goMod, lines []*modfile.Require) {
	for _, m := range f.mods {
		for _, r := range m.Require {
			if r.Mod.Path == path {
				mods, lines = append(mods, m), append(lines, r)
			}
		}
	}
	return mods, lines
}

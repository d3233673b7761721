package program

import (
	"cmp"
	"context"
	"errors"
	goversion "go/version"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
)

// pruned is the first Go version whose go.mod lists every module that provides a package
// to the build, and not only those that the main module imports.
const pruned = "1.17"

// A build is the main modules of a program, with what decides over their requirements.
type build struct {
	in     *input
	mods   []*goMod
	work   *modfile.WorkFile // nil without a workspace
	file   string            // the go.work, absolute
	vendor string            // vendor folder of the build; empty if it has none
	alone  bool              // the go.mod is not in the folder of its module
	notes  []string

	required map[string][]requirement // by module path
	excludes map[module.Version]matrix.Position
}

// A requirement is a require line of a main module.
type requirement struct {
	*modfile.Require
	file string // path of the go.mod
}

// A goMod is the go.mod of a main module.
type goMod struct {
	path string // absolute; empty for standard input
	dir  string // of the module, or of the text; empty for standard input
	file *modfile.File
}

// readModule reads a module or a workspace.
func (in *input) readModule(ctx context.Context, o Options) (*matrix.Program, error) {
	b, err := in.load(true)
	if err != nil {
		return nil, err
	}
	if err := b.findVendor(); err != nil {
		return nil, err
	}
	return b.program(ctx, o)
}

// program selects the modules of a build, and finds out about each.
func (b *build) program(ctx context.Context, o Options) (*matrix.Program, error) {
	p := &matrix.Program{Input: matrix.Input{Name: b.in.name, Kind: b.in.kind}, Work: b.file, Vendor: b.vendor}
	for mod, where := range b.excludes {
		p.Excludes = append(p.Excludes, matrix.Exclusion{Path: mod.Path, Version: mod.Version, Where: where})
	}
	slices.SortFunc(p.Excludes, func(x, y matrix.Exclusion) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Version, y.Version))
	})
	if !b.alone {
		p.Dir = b.in.dir
		if i := slices.IndexFunc(b.mods, func(m *goMod) bool { return below(p.Dir, m.dir) }); i >= 0 {
			p.GoMod = b.mods[i].path
		}
	}
	selection := b.choose
	if b.vendor != "" {
		selection = b.selectVendored
	}
	if err := selection(ctx, o, p); err != nil {
		return nil, err
	}
	return p, b.finish(ctx, o, p)
}

// below reports whether dir is the folder above, or is in it.
func below(dir, above string) bool {
	rel, err := filepath.Rel(above, dir)
	return err == nil && filepath.IsLocal(rel)
}

// load reads the go.mod of the input, or its go.work with the go.mod files of its
// modules. A go.mod that belongs to a workspace is read with it, if that is asked for.
func (in *input) load(workspaces bool) (*build, error) {
	b := &build{in: in, alone: in.dir == ""}
	var problems matrix.Problems
	switch {
	case in.kind == matrix.InputWorkspace && b.alone:
		return nil, matrix.Mistake("%s: the modules of a go.work are in other folders: name the go.work itself, or its folder", in.label())
	case in.kind == matrix.InputWorkspace:
		b.useWorkspace(in.path, &problems)
	case workspaces && !b.alone:
		b.findWorkspace(&problems)
	}
	if b.work == nil && len(problems) == 0 {
		b.useModule(&problems)
	}
	if err := problems.First(maxMistakes).Err(); err != nil {
		return nil, err
	}
	b.index()
	return b, nil
}

// index makes the requirements and exclusions of the main modules quick to find.
func (b *build) index() {
	b.required, b.excludes = make(map[string][]requirement), make(map[module.Version]matrix.Position)
	for _, m := range b.mods {
		for _, r := range m.file.Require {
			b.required[r.Mod.Path] = append(b.required[r.Mod.Path], requirement{r, m.path})
		}
		for _, x := range m.file.Exclude {
			b.excludes[x.Mod] = b.position(m.path, x.Syntax)
		}
	}
}

// useModule reads the go.mod of the input, or the one that GOFLAGS names instead.
func (b *build) useModule(problems *matrix.Problems) {
	path, data := b.in.path, b.in.data
	if name := goenv.Flag("modfile"); name != "" && !b.alone {
		path, data = name, nil
		if !filepath.IsAbs(path) {
			path = filepath.Join(b.in.dir, name)
		}
		b.notes = append(b.notes, "GOFLAGS has -modfile="+name)
	}
	m := b.parse(path, data, problems)
	if m == nil {
		return
	}
	if b.in.path != "" {
		m.dir = filepath.Dir(b.in.path)
	}
	b.mods = append(b.mods, m)
}

// parse parses a go.mod. The data is nil if the file is still to be read.
func (b *build) parse(path string, data []byte, problems *matrix.Problems) *goMod {
	name := b.in.label()
	if path != "" {
		name = b.in.shown(path)
	}
	if data == nil {
		var err error
		if data, err = readFile(path); err != nil {
			problems.Add(name, 0, "reading go.mod: %v", cause(err))
			return nil
		}
	}
	file, err := modfile.Parse(name, data, nil)
	if err != nil {
		addParseErrors(problems, name, err)
		return nil
	}
	if n := len(file.Require) + len(file.Replace) + len(file.Exclude) + len(file.Retract); n > maxLines {
		problems.Add(name, 0, "%s", tooMany(n, "directives"))
		return nil
	}
	if file.Module == nil {
		problems.Add(name, 0, "it has no module line: want one, as in `module example.com/app`")
		return nil
	}
	dir := ""
	if path != "" {
		dir = filepath.Dir(path)
	}
	return &goMod{path: path, dir: dir, file: file}
}

// addParseErrors adds the mistakes that the parser of go.mod and go.work files found.
func addParseErrors(problems *matrix.Problems, name string, err error) {
	var list modfile.ErrorList
	if !errors.As(err, &list) {
		problems.Add(name, 0, "%v", err)
	}
	for _, e := range list {
		problems.Add(name, e.Pos.Line, "%v", e.Err)
	}
}

// findVendor finds the vendor folder of the build, by the rules of the go command: it
// is used if the go line says 1.14 or later, and if it was made for a workspace just
// if this is one.
func (b *build) findVendor() error {
	if b.alone {
		return nil
	}
	dir, version := b.mods[0].dir, goLine(b.mods[0].file)
	if b.work != nil {
		dir, version = filepath.Dir(b.file), ""
		if b.work.Go != nil {
			version = b.work.Go.Version
		}
	}
	dir = filepath.Join(dir, "vendor")
	info, err := os.Stat(dir)
	exists := err == nil && info.IsDir()
	switch mode := goenv.Flag("mod"); {
	case mode == "vendor" && !exists:
		return matrix.Mistake("%s: GOFLAGS has -mod=vendor, and there is no folder %s", b.in.label(), b.in.shown(dir))
	case mode == "vendor":
		b.vendor = dir
	case mode != "" && exists:
		b.notes = append(b.notes, "GOFLAGS has -mod="+mode+", so the vendor folder is not used")
	case exists && version != "" && !before(version, "1.14") && forWorkspace(filepath.Join(dir, "modules.txt")) == (b.work != nil):
		b.vendor = dir
	}
	return nil
}

// forWorkspace reports whether a modules.txt was made by go work vendor.
func forWorkspace(path string) bool {
	data, err := readFile(path)
	return err == nil && strings.HasPrefix(string(data), "## workspace")
}

// goLine returns the version in the go line of a go.mod, and "" if it has none.
func goLine(file *modfile.File) string {
	if file.Go == nil {
		return ""
	}
	return file.Go.Version
}

// before reports whether a Go version, such as "1.16", is older than another one. No
// version is older than all.
func before(version, other string) bool {
	return goversion.Compare("go"+version, "go"+other) < 0
}

// isPruned reports whether the go.mod of a main module lists all modules of its build.
func (b *build) isPruned() bool {
	return b.work == nil && isPruned(b.mods[0].file)
}

// mainModule returns the main module with a path, or nil.
func (b *build) mainModule(path string) *goMod {
	i := slices.IndexFunc(b.mods, func(m *goMod) bool { return m.file.Module.Mod.Path == path })
	if i < 0 {
		return nil
	}
	return b.mods[i]
}

// replacement returns what is built instead of a module, nil if it is built itself.
func (b *build) replacement(mod module.Version) *matrix.Replacement {
	r, file, _ := b.replaceLine(mod)
	if r == nil {
		return nil
	}
	return &matrix.Replacement{Path: r.New.Path, Version: r.New.Version, Where: b.position(file, r.Syntax)}
}

// replacingFolder returns the folder that replaces a module; it is empty if it is
// relative to a folder that is not known.
func (b *build) replacingFolder(mod module.Version) string {
	r, _, base := b.replaceLine(mod)
	dir := filepath.FromSlash(r.New.Path)
	switch {
	case filepath.IsAbs(dir):
		return dir
	case base == "":
		return ""
	default:
		return filepath.Join(base, dir)
	}
}

// replaceLine returns the line that replaces a module, its file, and the folder that its
// paths are relative to. A line of go.work
// goes before those of go.mod files, and in each file a line for the version before one
// for all versions.
func (b *build) replaceLine(mod module.Version) (r *modfile.Replace, file, dir string) {
	if b.work != nil {
		if r := replacing(mod, b.work.Replace); r != nil {
			return r, b.file, filepath.Dir(b.file)
		}
	}
	for _, m := range b.mods {
		if r := replacing(mod, m.file.Replace); r != nil {
			return r, m.path, m.dir
		}
	}
	return nil, "", ""
}

// replacing returns the replace line of a file that applies to a module, or nil.
func replacing(mod module.Version, lines []*modfile.Replace) (by *modfile.Replace) {
	for _, r := range lines {
		if r.Old == mod {
			return r
		}
		if r.Old.Path == mod.Path && r.Old.Version == "" && by == nil {
			by = r
		}
	}
	return by
}

// position returns the place of a line in a file of the user.
func (b *build) position(file string, line *modfile.Line) matrix.Position {
	return matrix.Position{File: b.in.shown(file), Line: line.Start.Line}
}

// excluded reports whether an exclude line of a main module names a module.
func (b *build) excluded(mod module.Version) bool {
	_, ok := b.excludes[mod]
	return ok
}

package reach

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
)

// A listing is what the go command says of a program: its packages, their files and
// what they import.
type listing struct {
	config    packages.Config // with which they were listed
	all       []*packages.Package
	byPath    map[string]*packages.Package
	copy      string                     // folder of a copy of the workspace; empty if there is none
	roots     []string                   // folders of the main modules
	cwd       string                     // to which positions are relative
	mains     []*packages.Package        // main packages of the program
	libraries []*packages.Package        // packages whose exported API counts as called
	imports   map[string]map[string]bool // by target: the packages that import it, directly or not, and its own
}

// newListing returns a listing without packages. The caller closes it.
func newListing(ctx context.Context, q Question) *listing {
	return &listing{
		config: packages.Config{
			Context: ctx, Dir: q.Dir, Env: environ(q.Env),
			Mode: packages.NeedName | packages.NeedFiles | packages.NeedEmbedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedModule,
		},
		byPath:  map[string]*packages.Package{},
		roots:   q.Roots,
		cwd:     cmp.Or(q.Cwd, q.Dir),
		imports: map[string]map[string]bool{},
	}
}

// list asks the go command for the packages of a program. It is an error if one of
// them, or something that it imports, cannot be found.
func (l *listing) list(q Question) error {
	if slices.ContainsFunc(goenv.Split(l.variable("GOFLAGS", "")), func(flag string) bool {
		return strings.HasPrefix(strings.TrimLeft(flag, "-"), "overlay=")
	}) {
		return errors.New("GOFLAGS replaces files with -overlay, and what replaces them is not looked at")
	}
	if err := l.protect(); err != nil {
		return err
	}
	tops, err := packages.Load(&l.config, l.patterns(q.Dir)...)
	if err != nil {
		return l.doNotLoad(err)
	}
	packages.Visit(tops, nil, func(p *packages.Package) {
		l.all = append(l.all, p)
		l.byPath[p.PkgPath] = p
	})
	if err := l.failure(l.all); err != nil {
		return err
	}
	if len(tops) == 0 {
		return errors.New("the program has no Go packages")
	}
	if err := q.Limit.packages(len(l.all)); err != nil {
		return err
	}
	l.divide(tops)
	for _, target := range q.Targets {
		l.imports[target] = l.importers(target)
	}
	return nil
}

// protect makes the go command use a copy of the workspace, if there is one.
func (l *listing) protect() error {
	file := workspaceOf(l.config.Dir, l.variable("GOWORK", ""))
	if file == "" {
		return nil
	}
	dir, err := copyWorkspace(file)
	if dir != "" {
		l.copy = dir
		l.config.Env = append(l.config.Env, "GOWORK="+filepath.Join(dir, "go.work"))
	}
	return err
}

// close removes the copy of the workspace.
func (l *listing) close() {
	if l.copy != "" {
		_ = os.RemoveAll(l.copy) // else it goes with the other temporary files
	}
}

// patterns returns the packages of the main modules as patterns for the go command.
func (l *listing) patterns(dir string) []string {
	if len(l.roots) == 0 {
		if abs, err := filepath.Abs(dir); err == nil {
			l.roots = []string{abs}
		}
		return []string{"./..."}
	}
	var patterns []string
	for _, root := range l.roots {
		patterns = append(patterns, filepath.Join(root, "..."))
	}
	return patterns
}

// environ returns the environment in which the go command lists the user's packages:
// that of this process, so that their platform, flags and workspace decide. Nothing in
// it may make the go command write to the user's files, or run another program.
func environ(override []string) []string {
	flags := goenv.Get("GOFLAGS")
	for _, pair := range override {
		if value, ok := strings.CutPrefix(pair, "GOFLAGS="); ok {
			flags = value
		}
	}
	// An empty value would bring back what "go env -w" has stored.
	words := []string{"-buildvcs=false"}
	for _, word := range goenv.Split(flags) {
		switch {
		case strings.TrimLeft(word, "-") == "mod=mod":
			word = "-mod=readonly"
		case strings.ContainsAny(word, " \t"):
			word = "'" + word + "'"
		}
		words = append(words, word)
	}
	return slices.Concat(os.Environ(), override, []string{"GOFLAGS=" + strings.Join(words, " "), "GOPACKAGESDRIVER=off"})
}

// divide finds the entry points among the packages of the main modules. A package that
// a main package imports is a part of that program. Others count as libraries, internal
// ones too: what imports them may have other build tags. So do all packages that others
// can import of a module whose own folder has one.
func (l *listing) divide(tops []*packages.Package) {
	inMain := map[string]bool{}
	var add func(p *packages.Package)
	add = func(p *packages.Package) {
		if !inMain[p.PkgPath] {
			inMain[p.PkgPath] = true
			for _, imported := range p.Imports {
				add(imported)
			}
		}
	}
	library := map[string]bool{} // by module
	for _, p := range tops {
		if p.Name == "main" {
			l.mains = append(l.mains, p)
			add(p)
		} else if p.Module != nil && p.PkgPath == p.Module.Path {
			library[p.Module.Path] = true
		}
	}
	for _, p := range tops {
		internal := slices.Contains(strings.Split(p.PkgPath, "/"), "internal")
		made := p.Module != nil && library[p.Module.Path]
		if p.Name != "main" && (made && !internal || !inMain[p.PkgPath]) {
			l.libraries = append(l.libraries, p)
		}
	}
}

// importers returns the paths of the target's packages in the build, and of all that
// import one of them, directly or not.
func (l *listing) importers(target string) map[string]bool {
	known := map[string]bool{}
	var imports func(p *packages.Package) bool
	imports = func(p *packages.Package) bool {
		if is, ok := known[p.PkgPath]; ok {
			return is
		}
		is := below(p.PkgPath, target)
		known[p.PkgPath] = is // imports have no cycles
		for _, imported := range p.Imports {
			is = imports(imported) || is
		}
		known[p.PkgPath] = is
		return is
	}
	for _, p := range l.all {
		imports(p)
	}
	return known
}

// importsTarget reports whether a package imports a target, directly or not, or is one.
func (l *listing) importsTarget(path string) bool {
	for _, importers := range l.imports {
		if importers[path] {
			return true
		}
	}
	return false
}

// isTarget reports whether a package is one of a target's.
func (l *listing) isTarget(path string) bool {
	for target := range l.imports {
		if below(path, target) {
			return true
		}
	}
	return false
}

// own reports whether a file is in a main module, outside of its vendor folder.
func (l *listing) own(file string) bool {
	return slices.ContainsFunc(l.roots, func(root string) bool {
		rel, err := filepath.Rel(root, file)
		return err == nil && filepath.IsLocal(rel) && !strings.HasPrefix(filepath.ToSlash(rel), "vendor/") &&
			!strings.Contains(filepath.ToSlash(rel), "/vendor/")
	})
}

// scope says what is looked at.
func (l *listing) scope() matrix.Scope {
	platform := l.variable("GOOS", runtime.GOOS) + "/" + l.variable("GOARCH", runtime.GOARCH)
	for _, flag := range goenv.Split(l.variable("GOFLAGS", "")) {
		if tags, ok := strings.CutPrefix(strings.TrimLeft(flag, "-"), "tags="); ok {
			platform += " with the tags " + tags
		}
	}
	return matrix.Scope{Packages: len(l.all), Mains: len(l.mains), Libraries: len(l.libraries), Platform: platform}
}

// variable returns a setting of the go command that lists the packages.
func (l *listing) variable(name, byDefault string) string {
	for _, pair := range slices.Backward(l.config.Env) {
		if value, ok := strings.CutPrefix(pair, name+"="); ok && value != "" {
			return value
		}
	}
	return cmp.Or(goenv.Get(name), byDefault)
}

// position returns a place in a file for people: relative to the working folder if a
// main module has the file, or else with the module and its version, which is returned
// too.
func (l *listing) position(p *packages.Package, file string, line int) (at matrix.Position, module string) {
	if l.own(file) {
		if rel, err := filepath.Rel(l.cwd, file); err == nil {
			file = rel
		}
		return matrix.Position{File: filepath.ToSlash(file), Line: line}, ""
	}
	name := filepath.Base(file)
	if p == nil {
		return matrix.Position{File: name, Line: line}, "another module"
	}
	module, folder := versioned(p)
	return matrix.Position{File: path.Join(module+folder, name), Line: line}, module
}

// versioned returns the module of a package, with the version that is built, as in
// example.com/lib@v1.0.0, and the rest of the package's path.
func versioned(p *packages.Package) (module, folder string) {
	m := p.Module
	if m == nil {
		return p.PkgPath, ""
	}
	folder = strings.TrimPrefix(p.PkgPath, m.Path)
	switch r := m.Replace; {
	case r == nil && m.Version != "":
		return m.Path + "@" + m.Version, folder
	case r != nil && r.Version != "":
		return r.Path + "@" + r.Version, folder
	}
	return m.Path, folder // of a folder
}

// failure returns an error for the first problem of some packages, or nil if there is
// none.
func (l *listing) failure(all []*packages.Package) error {
	for _, p := range sorted(all) {
		for _, e := range p.Errors {
			return l.doNotLoad(e)
		}
	}
	return nil
}

// doNotLoad returns an error for packages that do not load. The go command and the
// compiler write some reasons in several lines, and with absolute paths. What the go command
// would add to an incomplete go.sum depends on what was listed, and seldom is enough.
func (l *listing) doNotLoad(err error) error {
	why := gocmd.Brief(err.Error())
	if _, stderr, failed := strings.Cut(err.Error(), ": stderr: "); failed && strings.TrimSpace(stderr) != "" { // of a go command
		why = gocmd.Complaint(stderr)
	}
	if strings.Contains(why, `exec: "go": executable file not found`) {
		why = "there is no go command in PATH"
	}
	if what, _, found := strings.Cut(why, "; to add: go get "); found {
		why = what + "; `go mod tidy` completes go.sum"
	}
	for _, root := range l.roots {
		why = strings.ReplaceAll(why, root+string(filepath.Separator), "")
	}
	return fmt.Errorf("the program's packages do not load: %s", why)
}

package program

import (
	"maps"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
	"github.com/matrixrun/matrixrun/matrix/internal/modcache"
)

// A selection selects for each module the newest version that any module of a build
// requires: minimal version selection, see https://go.dev/ref/mod. It reads the go.mod
// files of dependencies from replacing folders and from the module cache.
type selection struct {
	b        *build
	versions map[string]string       // by module path; empty if the only version required is excluded
	seen     map[module.Version]bool // the modules that were visited: whether in full
	absent   []string                // the modules whose go.mod is not on this machine
}

// require notes that some module requires another one.
func (s *selection) require(mod module.Version) {
	if s.b.mainModule(mod.Path) != nil {
		return // a main module is always built itself
	}
	was, ok := s.versions[mod.Path]
	if s.b.excluded(mod) {
		if !ok {
			s.versions[mod.Path] = ""
		}
		return
	}
	if was == "" || semver.Compare(mod.Version, was) > 0 {
		s.versions[mod.Path] = mod.Version
	}
}

// A visit is a module whose requirements count. If it is in full, so do the requirements
// of those, and so on. If not, they do only if the module is from before pruning, see
// https://go.dev/ref/mod#graph-pruning.
type visit struct {
	mod  module.Version
	full bool
}

// fill selects versions for the modules that go.mod requires only at excluded ones, as far
// as other modules require them. A version is not known if the go.mod of any other module
// is not on this machine.
func (s *selection) fill() {
	graph := selection{b: s.b, versions: maps.Clone(s.versions), seen: make(map[module.Version]bool)}
	graph.follow()
	s.absent = graph.absent
	for path, version := range s.versions {
		if version == "" && len(s.absent) == 0 {
			s.versions[path] = graph.versions[path]
		}
	}
}

// follow notes what the dependencies of the main modules require.
func (s *selection) follow() {
	var todo []visit
	for _, m := range s.b.mods {
		for _, r := range m.file.Require {
			todo = append(todo, visit{r.Mod, !isPruned(m.file)})
		}
	}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = append(todo[:len(todo)-1], s.visit(v)...)
	}
}

// visit notes what a module requires, and returns the visits that follow from it.
func (s *selection) visit(v visit) (more []visit) {
	full, seen := s.seen[v.mod]
	if s.b.mainModule(v.mod.Path) != nil || s.b.excluded(v.mod) || seen && (full || !v.full) {
		return nil
	}
	s.seen[v.mod] = v.full
	file, err := s.goMod(v.mod)
	if err != nil {
		if !seen {
			s.absent = append(s.absent, v.mod.String())
		}
		return nil
	}
	for _, r := range file.Require {
		s.require(r.Mod)
		if v.full || !isPruned(file) {
			more = append(more, visit{r.Mod, true})
		}
	}
	return more
}

// isPruned reports whether a go.mod lists every module that provides a package to the
// build of its own packages.
func isPruned(file *modfile.File) bool { return !before(goLine(file), pruned) }

// missing returns the modules whose go.mod is not on this machine, sorted.
func (s *selection) missing() []string {
	slices.Sort(s.absent)
	return s.absent
}

// goMod reads the go.mod of a dependency, or of what replaces it.
func (s *selection) goMod(mod module.Version) (*modfile.File, error) {
	if r := s.b.replacement(mod); r != nil {
		if r.Version == "" {
			return readGoMod(filepath.Join(s.b.replacingFolder(mod), "go.mod"))
		}
		mod = module.Version{Path: r.Path, Version: r.Version}
	}
	path, err := modcache.File(goenv.ModCache(), mod, ".mod")
	if err != nil {
		return nil, err
	}
	return readGoMod(path)
}

// readGoMod reads the go.mod of a dependency.
func readGoMod(path string) (*modfile.File, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return modfile.ParseLax(path, data, nil)
}

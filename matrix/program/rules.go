package program

import (
	"fmt"
	"maps"
	"slices"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// byRules selects the modules of the build from the files alone, by the rules of the go
// command: all that go.mod requires, if it lists all, and else the newest version that
// any module requires, as far as the module cache has their go.mod files.
func (b *build) byRules(p *matrix.Program) {
	s := selection{b: b, versions: make(map[string]string), seen: make(map[module.Version]bool)}
	for _, m := range b.mods {
		for _, r := range m.file.Require {
			if b.excluded(r.Mod) {
				b.notes = append(b.notes, ignored(r.Mod))
			}
			s.require(r.Mod)
		}
	}
	if !b.isPruned() {
		s.follow()
	} else if slices.Contains(slices.Collect(maps.Values(s.versions)), "") {
		s.fill()
	}
	if missing := s.missing(); len(missing) > 0 {
		p.Partial = fmt.Sprintf("the module cache does not have the go.mod of %s; what only they require may be missing", text.Some(missing, 3))
	}
	for path, version := range s.versions {
		if b.mainModule(path) == nil {
			m := matrix.BuiltModule{Path: path, Version: version}
			if version == "" {
				m.Missing = "go.mod excludes the version that it requires, and `go mod tidy` selects another one"
			}
			p.Modules = append(p.Modules, m)
		}
	}
}

// ignored says what an exclude line does to a require line.
func ignored(mod module.Version) string {
	return fmt.Sprintf("go.mod requires and excludes %s %s: the go command ignores the requirement, and builds only after `go mod tidy`", mod.Path, mod.Version)
}

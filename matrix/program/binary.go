package program

import (
	"context"
	"debug/buildinfo"
	"runtime/debug"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
)

// readBinary reads the modules that the go command wrote into a program. They are those
// that provide a package.
func (in *input) readBinary(ctx context.Context, o Options) (*matrix.Program, error) {
	info, err := buildinfo.ReadFile(in.path)
	if err != nil {
		return nil, matrix.Mistake("%s: it is a program in which no modules are recorded: want one that go build made, with modules", in.label())
	}
	if info.Main.Path == "" && len(info.Deps) == 0 {
		return nil, matrix.Mistake("%s: it was compiled without modules: want one that go build made from a package, and not from single files", in.label())
	}
	p := &matrix.Program{
		Input:     matrix.Input{Name: in.name, Kind: in.kind, Resolved: true, Note: "compiled by " + info.GoVersion},
		Toolchain: released(info.GoVersion),
	}
	if info.Main.Path != "" {
		m := in.linked(&info.Main)
		m.Main = true
		if module.CanonicalVersion(m.Version) != m.Version || m.Version == "" {
			m.Version, m.Missing = "", "a program does not have its source code"
		}
		p.Modules = append(p.Modules, m)
	}
	for _, dep := range info.Deps {
		m := in.linked(dep)
		p.Modules = append(p.Modules, m)
		if m.Sum == "" && m.Missing == "" {
			p.Partial = "the program was compiled from a vendor folder, so the code of its modules may have been changed"
		}
	}
	return p, locateAndSort(ctx, o, p)
}

// linked returns a module that is recorded in a program. Whether the main module imports
// it is not recorded.
func (in *input) linked(dep *debug.Module) matrix.BuiltModule {
	m := matrix.BuiltModule{Path: dep.Path, Version: dep.Version, Sum: dep.Sum, Where: in.position(0)}
	if r := dep.Replace; r != nil {
		m.Replaced = &matrix.Replacement{Path: r.Path, Version: r.Version, Where: m.Where}
		m.Sum = r.Sum
		if r.Version == "" || r.Version == "(devel)" {
			m.Replaced.Version, m.Missing = "", "it was replaced by a folder when the program was compiled"
		}
	}
	return m
}

package program

import (
	"context"
	"slices"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
	"github.com/matrixrun/matrixrun/matrix/internal/modcache"
)

// readVersion reads a single version: the target by itself, and another module with what
// it requires, as if it were built.
func (in *input) readVersion(ctx context.Context, o Options) (*matrix.Program, error) {
	p := &matrix.Program{Input: matrix.Input{Name: in.name, Kind: in.kind, Resolved: true}}
	p.Modules = []matrix.BuiltModule{{Path: in.mod.Path, Version: in.mod.Version}}
	if in.mod.Path == "" || slices.Contains(o.Target, in.mod.Path) && !module.IsPseudoVersion(in.mod.Version) {
		p.Modules[0].Dir = modcache.Folder(goenv.ModCache(), in.mod)
		return p, nil
	}
	if err := locate(ctx, o, p); err != nil {
		return nil, err
	}
	root := p.Modules[0]
	path, err := modcache.File(goenv.ModCache(), in.mod, ".mod")
	if err != nil {
		return nil, matrix.Mistake("%s: %v", in.name, err)
	}
	if !isFile(path) {
		p.Partial = "its go.mod is not in the module cache, so it is not known what it requires"
		if root.Missing != "" {
			p.Partial += ": " + root.Missing
		}
		return p, nil
	}
	data, err := readFile(path)
	if err != nil {
		return nil, matrix.Mistake("%s: reading its go.mod in the module cache: %v", in.name, cause(err))
	}
	text := &input{name: in.name, kind: matrix.InputGoMod, data: data}
	b, err := text.load(false)
	if err != nil {
		return nil, err
	}
	required, err := b.program(ctx, o)
	if err != nil {
		return nil, err
	}
	required.Input.Kind = in.kind
	for i := range required.Modules {
		if m := &required.Modules[i]; m.Main {
			m.Version, m.Dir, m.Missing, m.Sum = in.mod.Version, root.Dir, root.Missing, root.Sum
			m.Main = !slices.Contains(o.Target, in.mod.Path) // a version of the target is what its checksum says
		}
	}
	return required, nil
}

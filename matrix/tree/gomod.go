package tree

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"golang.org/x/mod/modfile"
	modversion "golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
)

// A reproduction holds the files of a reproduction as the suite has them.
type reproduction struct {
	code   map[string][]byte // files by their slash-separated paths in the reproduction: Go files, and what tests need
	name   string            // of its go.mod, for messages
	gomod  []byte
	sums   []byte // its go.sum; empty if it has none
	speaks matrix.Speech
	own    bool // it has a go.mod
}

// readReproduction reads the files of a suite's reproduction.
func readReproduction(spec *matrix.Spec) (reproduction, error) {
	r := reproduction{
		code: map[string][]byte{}, name: path.Join(spec.Reproduction, "go.mod"), gomod: []byte("module " + spec.ReproductionModule() + "\n"), speaks: spec.Speaks,
	}
	files, err := spec.ReproductionFiles()
	if err != nil {
		return reproduction{}, err
	}
	for _, file := range files {
		data, err := fs.ReadFile(spec.Files, file)
		if err != nil {
			return reproduction{}, fmt.Errorf("reading the reproduction: %w", err)
		}
		switch name := spec.InReproduction(file); name {
		case "go.mod":
			r.gomod, r.own = data, true
		case "go.sum":
			r.sums = data
		default:
			r.code[name] = data
		}
	}
	return r, nil
}

// swapped returns the Go files, with one package in place of another.
func (r reproduction) swapped(s matrix.Swap) map[string][]byte {
	if s == (matrix.Swap{}) {
		return r.code
	}
	code := make(map[string][]byte, len(r.code))
	for name, data := range r.code {
		code[name] = gomod.RenameImports(data, func(path string) string {
			if path == s.From {
				return s.To
			}
			return path
		})
	}
	return code
}

// parse parses the reproduction's go.mod.
func (r reproduction) parse(target matrix.Target) (*modfile.File, error) {
	return gomod.Parse(r.name, r.gomod, target, r.speaks)
}

// rewrite returns the reproduction's go.mod for one row, and changes f. It requires the
// target, in the lowest version unless another one is required, replaces it as asked, and
// pins every module that the release requires, so that the go command has nothing left to
// resolve.
func (r reproduction) rewrite(f *modfile.File, target matrix.Target, required string, replace modversion.Version, release *module, line stated) ([]byte, error) {
	if err := dropUnknown(f, line.toolchain); err != nil {
		return nil, err
	}
	if r.own && r.speaks == matrix.SpeechTest {
		required = cmp.Or(required, requiredOf(f, target.Module))
	}
	if line.row != "" {
		if err := f.AddGoStmt(line.row); err != nil {
			return nil, err
		}
	}
	// The compiler sees the required version. With one version for all releases,
	// two releases share every compiled package that they have in common.
	if err := f.AddRequire(target.Module, cmp.Or(required, gomod.ZeroVersion(target.Module))); err != nil {
		return nil, err
	}
	if err := f.AddReplace(target.Module, "", replace.Path, replace.Version); err != nil {
		return nil, err
	}
	if prunes(line.row) {
		if err := pin(f, release.gomod.Require, target.Module); err != nil {
			return nil, err
		}
	}
	f.Cleanup()
	f.SortBlocks()
	return modfile.Format(f.Syntax), nil
}

// requiredOf returns the version of a module that a go.mod requires, or "". Other modules
// may require it too, and the go command refuses a go.mod that requires less than they do.
func requiredOf(f *modfile.File, path string) string {
	for _, r := range f.Require {
		if r.Mod.Path == path {
			return r.Mod.Version
		}
	}
	return ""
}

// pin adds the modules that the release requires. If both files require a
// module, the higher version wins.
func pin(f *modfile.File, requires []*modfile.Require, target string) error {
	for _, r := range requires {
		if r.Mod.Path == target || r.Mod.Path == f.Module.Mod.Path {
			continue
		}
		at := slices.IndexFunc(f.Require, func(have *modfile.Require) bool { return have.Mod.Path == r.Mod.Path })
		if at < 0 {
			f.AddNewRequire(r.Mod.Path, r.Mod.Version, true)
			continue
		}
		if semver.Compare(r.Mod.Version, f.Require[at].Mod.Version) <= 0 {
			continue
		}
		if err := f.AddRequire(r.Mod.Path, r.Mod.Version); err != nil {
			return err
		}
	}
	return nil
}

package tree

import (
	"fmt"
	"io/fs"
	"path"
	"slices"

	"golang.org/x/mod/modfile"
	modversion "golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// An own is the reproduction as the suite has it.
type own struct {
	code  map[string][]byte // Go files by their slash-separated paths below its folder
	name  string            // of its go.mod, for messages
	gomod []byte
	sums  []byte // its go.sum; empty where it has none
}

// readOwn reads the reproduction's files.
func readOwn(spec *matrix.Spec) (own, error) {
	o := own{code: map[string][]byte{}, name: path.Join(spec.Reproduction, "go.mod"), gomod: []byte("module " + spec.ReproductionModule() + "\n")}
	files, err := spec.ReproductionFiles()
	if err != nil {
		return own{}, err
	}
	for _, file := range files {
		data, err := fs.ReadFile(spec.Files, file)
		if err != nil {
			return own{}, fmt.Errorf("reading the reproduction: %w", err)
		}
		switch name := spec.InReproduction(file); name {
		case "go.mod":
			o.gomod = data
		case "go.sum":
			o.sums = data
		default:
			o.code[name] = data
		}
	}
	return o, nil
}

// rewrite returns the reproduction's go.mod for one row: the target required
// and replaced as asked for, and what the release requires pinned,
// so that nothing is left for the go command to find out.
func (o own) rewrite(target string, replace modversion.Version, release *module, goVersion string) ([]byte, error) {
	f, err := o.parse(target)
	if err != nil {
		return nil, err
	}
	line, err := goLine(goVersion)
	if err != nil {
		return nil, err
	}
	if err := f.AddGoStmt(line); err != nil {
		return nil, err
	}
	if err := dropUnknown(f, line); err != nil {
		return nil, err
	}
	// The same version for every release: it is part of what the compiler sees,
	// and so two releases share all packages in which they are alike.
	if err := f.AddRequire(target, zeroVersion(target)); err != nil {
		return nil, err
	}
	if err := f.AddReplace(target, "", replace.Path, replace.Version); err != nil {
		return nil, err
	}
	if prunes(line) {
		if err := pin(f, release.gomod.Require, target); err != nil {
			return nil, err
		}
	}
	f.Cleanup()
	f.SortBlocks()
	return modfile.Format(f.Syntax), nil
}

// pin adds what the release requires, of two versions the higher one.
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

// zeroVersion returns the lowest version that a module's path allows.
func zeroVersion(target string) string {
	_, major, _ := modversion.SplitPathVersion(target)
	if prefix := modversion.PathMajorPrefix(major); prefix != "" {
		return prefix + ".0.0"
	}
	return "v0.0.0"
}

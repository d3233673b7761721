package recognise

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/build/constraint"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// refork finds out whether code is somebody's fork to which matrixrun has added patches, and
// which was measured with them. The index has only releases, so the code without the patches
// must be that of the fork in the module cache, which its checksum proves. It is not ok if
// the code does not claim to be made from a fork that was measured.
func (r *recogniser) refork(ctx context.Context, m *matrix.BuiltModule, code content.Code, claim string) (v verdict, ok bool, err error) {
	var patches []string
	for name := range r.Patches {
		patches = append(patches, name)
	}
	for _, base := range bases(m, code.Files) {
		row, err := r.forkRow(base.Name())
		if err != nil {
			return verdict{}, false, err
		}
		if row == nil || row.Source.Kind != matrix.SourceModule {
			continue
		}
		id, ok := fork.Of(claim, []string{base.Version}, patches)
		if !ok {
			continue
		}
		id.Version = base.Name()
		v := verdict{why: "that was not measured"}
		if row, err = r.forkRow(id.String()); row != nil {
			v, err = r.unpatch(ctx, m, code, row)
		}
		if v.why != "" {
			v.why = fmt.Sprintf("it says that it is %s, made by `matrixrun fork`, but %s", id, v.why)
		}
		return v, true, err
	}
	return verdict{}, false, nil
}

// bases returns the forks from which code can have been made: the one that its FORK folder
// names, and those that the files of the program do.
func bases(m *matrix.BuiltModule, code fs.FS) (all []matrix.SourceResult) {
	var about fork.About
	if _, ok := fork.Claimed(code); ok { // which has looked at the size
		if data, err := fs.ReadFile(code, "FORK/fork.json"); err == nil && json.Unmarshal(data, &about) == nil {
			all = append(all, matrix.SourceResult{Kind: matrix.SourceModule, Module: about.Release.Module, Version: about.Release.Version})
		}
	}
	path, version := m.Built()
	for _, base := range []module.Version{{Path: m.Path, Version: m.Version}, {Path: path, Version: version}} {
		all = append(all, matrix.SourceResult{Kind: matrix.SourceModule, Module: base.Path, Version: base.Version})
	}
	return slices.CompactFunc(all, func(a, b matrix.SourceResult) bool { return a.Name() == b.Name() })
}

// vendored finds out which of the rows of a fork a vendor folder has: that of the fork
// itself, or one with patches. The folder says of neither what it is.
func (r *recogniser) vendored(ctx context.Context, m *matrix.BuiltModule, code content.Code) (row string, err error) {
	for _, base := range bases(m, code.Files) {
		if row, err := r.forkRow(base.Name()); err != nil || row == nil || row.Source.Kind != matrix.SourceModule {
			if err != nil {
				return "", err
			}
			continue
		}
		table := r.table
		if table.Row(base.Name()) == nil {
			table = r.forks
		}
		for i := range table.Rows {
			if row := &table.Rows[i]; row.Source.Name() == base.Name() && row.Server == "" {
				if v, err := r.unpatch(ctx, m, code, row); err != nil || v.row != "" {
					return v.row, err
				}
			}
		}
	}
	return "", nil
}

// unpatch finds out whether code is a measured fork with the patches of a row.
func (r *recogniser) unpatch(ctx context.Context, m *matrix.BuiltModule, code content.Code, row *matrix.GridRow) (verdict, error) {
	patches, why := r.applied(row)
	if why != "" {
		return verdict{why: why}, nil
	}
	dir, err := scratch.Dir("undo-")
	if err != nil {
		return verdict{}, err
	}
	defer os.RemoveAll(dir)
	folders := map[string]string{}
	for _, name := range []string{"fork", "base", "code"} {
		folders[name] = filepath.Join(dir, name)
		if err := os.Mkdir(folders[name], 0o777); err != nil {
			return verdict{}, err
		}
	}
	if why, err := r.fetch(row.Source, folders["fork"]); err != nil || why != "" {
		return verdict{why: why}, err
	}
	if why, err := fork.Undo(ctx, os.DirFS(folders["fork"]), folders["base"], nil); err != nil || why != "" {
		return verdict{why: why}, err
	}
	if why, err := fork.Undo(ctx, code.Files, folders["code"], patches); err != nil || why != "" {
		return verdict{why: why}, err
	}
	same, err := sameCode(folders["code"], folders["base"], m.Vendored)
	if err != nil || !same {
		return verdict{why: "it has other changes, too"}, err
	}
	return verdict{row: row.ID, id: row.ID}, nil
}

// applied returns the patches of a row as they changed its fork.
func (r *recogniser) applied(row *matrix.GridRow) (patches []matrix.Variant, why string) {
	for _, p := range row.Patches {
		patch := r.Patches[p.Name]
		if patch == nil {
			return nil, fmt.Sprintf("the patch %s is not known here", p.Name)
		}
		at := slices.IndexFunc(patch.Variants, func(v matrix.Variant) bool { return v.SHA256 == p.SHA256 })
		switch {
		case at < 0:
			return nil, fmt.Sprintf("the results are about another version of the patch %s", p.Name)
		case p.Apply != matrix.ApplyAlready:
			patches = append(patches, patch.Variants[at])
		}
	}
	return patches, ""
}

// fetch copies a fork from the module cache to an empty folder. Why says what is wrong with
// what is there; it is empty if that has the checksum which was measured.
func (r *recogniser) fetch(base matrix.SourceResult, dir string) (why string, err error) {
	code, done, err := content.Open(&matrix.BuiltModule{Path: base.Module, Version: base.Version}, r.Cache)
	if err != nil {
		return fmt.Sprintf("what it is made from cannot be read from the module cache: `go mod download %s` fetches it", base.Name()), nil
	}
	defer done()
	if err := os.CopyFS(dir, code.Files); err != nil {
		return "", fmt.Errorf("copying %s from the module cache: %w", base.Name(), err)
	}
	if base.Sum == "" || content.Sum(dir, base.Module, base.Version) != base.Sum {
		return fmt.Sprintf("the module cache has another %s than the one that was measured", base.Name()), nil
	}
	return "", nil
}

// sameCode reports whether two folders have the same files. The first may be a part of a
// vendor folder: then it has only the packages that are built.
func sameCode(dir, base string, vendored bool) (same bool, err error) {
	code, all := os.DirFS(dir), os.DirFS(base)
	differ, err := differing(code, all)
	if err != nil || len(differ) > 0 {
		return false, err
	}
	differ, err = differing(all, code)
	if vendored {
		differ = slices.DeleteFunc(differ, func(name string) bool { return leftOut(code, all, name) })
	}
	return len(differ) == 0, err
}

// differing returns the files that the other tree does not have in the same form.
func differing(tree, other fs.FS) (names []string, err error) {
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		if theirs, err := fs.ReadFile(other, name); err != nil || !bytes.Equal(data, theirs) {
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// leftOut reports whether go mod vendor leaves a file of a module out: one of a package
// that is not built, a go.mod or go.sum, or a file that no build has. A file that is there
// in another form is not left out.
func leftOut(vendored, module fs.FS, name string) bool {
	if _, err := fs.Stat(vendored, name); err == nil {
		return false
	}
	if goFiles, _ := fs.Glob(vendored, path.Join(path.Dir(name), "*.go")); len(goFiles) == 0 {
		return true
	}
	switch {
	case name == "go.mod" || name == "go.sum":
		return true
	case path.Ext(name) != ".go":
		return false
	}
	data, err := fs.ReadFile(module, name)
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "package ") {
			return false
		}
		expr, err := constraint.Parse(line)
		if err == nil && !expr.Eval(func(tag string) bool { return tag != "ignore" }) {
			return true
		}
	}
	return false
}

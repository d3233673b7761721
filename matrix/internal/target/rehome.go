package target

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
)

// Rehome changes the module path of a tree, in its go.mod and in its imports. A
// replace line would not be enough: only packages of the same module may import
// a package below internal.
func Rehome(dir, from, to string) error {
	data, _, err := GoMod(dir, from)
	if err != nil {
		return err
	}
	mod, err := modfile.ParseLax(goModName, data, nil)
	if err != nil {
		return fmt.Errorf("reading the release's go.mod: %w", err)
	}
	if err := renameModule(filepath.Join(dir, "go.mod"), to); err != nil {
		return err
	}
	// The path of a nested module, or of another major version, begins with the
	// former path too. Its imports keep their paths.
	var others []string
	for _, r := range mod.Require {
		others = append(others, r.Mod.Path)
	}
	renamed := func(path string) string {
		if !gomod.In(from, others, path) {
			return path
		}
		return to + strings.TrimPrefix(path, from)
	}
	return filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || filepath.Ext(file) != ".go" {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(data, []byte(from)) {
			return err
		}
		return os.WriteFile(file, gomod.RenameImports(data, renamed), 0o666)
	})
}

// goModName is what messages call the go.mod of a tree.
const goModName = "target/go.mod"

// renameModule rewrites the module line of a go.mod and keeps all other lines,
// unknown ones included.
func renameModule(file, path string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	mod, err := modfile.ParseLax(goModName, data, nil)
	if err != nil {
		return fmt.Errorf("reading the release's go.mod: %w", err)
	}
	if err := mod.AddModuleStmt(path); err != nil {
		return err
	}
	return os.WriteFile(file, modfile.Format(mod.Syntax), 0o666)
}

// LayAlone is Lay for a target under the module path that it has had, which may be that
// of a fork. Patches are written against published releases, and import paths are part
// of their context. So a fork has the present path of the target, which publishes them,
// while they are applied.
func LayAlone(ctx context.Context, dir, present string, src matrix.Source, patches []matrix.Variant, goVersion string) (applied []matrix.Applied, conflict string, err error) {
	if src.Origin == nil || src.Path() == present || len(patches) == 0 {
		return Lay(ctx, dir, src, patches, goVersion)
	}
	if err := Unpack(ctx, dir, src); err != nil {
		return nil, "", err
	}
	if err := Rehome(dir, src.Path(), present); err != nil {
		return nil, "", err
	}
	applied, conflict, err = Apply(ctx, dir, src, patches, goVersion)
	if err == nil && conflict == "" {
		err = Rehome(dir, present, src.Path())
	}
	return applied, conflict, err
}

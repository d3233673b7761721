package tree

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
)

// rehome changes the module path of a tree, in its go.mod and in its imports. A
// replace line would not be enough: only packages of the same module may import
// a package below internal.
func rehome(dir, from, to string) error {
	release, err := readModule(dir, from)
	if err != nil {
		return err
	}
	if err := renameModule(filepath.Join(dir, "go.mod"), to); err != nil {
		return err
	}
	// The path of a nested module, or of another major version, begins with the
	// former path too. Its imports keep their paths.
	var others []string
	for _, r := range release.gomod.Require {
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

// renameModule rewrites the module line of a go.mod and keeps all other lines,
// unknown ones included.
func renameModule(file, path string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	mod, err := modfile.ParseLax(targetDir+"/go.mod", data, nil)
	if err != nil {
		return fmt.Errorf("reading the release's go.mod: %w", err)
	}
	if err := mod.AddModuleStmt(path); err != nil {
		return err
	}
	return os.WriteFile(file, modfile.Format(mod.Syntax), 0o666)
}

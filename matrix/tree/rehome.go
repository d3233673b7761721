package tree

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
)

// rehome gives a tree another module path: in its go.mod, and in all imports
// that name it. A replace line alone would not do: packages below internal can
// be imported from paths of their own module only.
func rehome(dir string, release *module, from, to string) error {
	if err := renameModule(filepath.Join(dir, "go.mod"), to); err != nil {
		return err
	}
	// A module in a folder below, or another major version, has a path that
	// begins with the former one and is another module all the same.
	var others []string
	for _, r := range release.gomod.Require {
		if r.Mod.Path != from && below(r.Mod.Path, from) {
			others = append(others, r.Mod.Path)
		}
	}
	renamed := func(path string) string {
		if !below(path, from) || slices.ContainsFunc(others, func(other string) bool { return below(path, other) }) {
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
		return os.WriteFile(file, renameImports(data, renamed), 0o666)
	})
}

// renameModule rewrites the module line of a go.mod. All its other lines stay,
// known or not.
func renameModule(file, path string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	gomod, err := modfile.ParseLax(targetDir+"/go.mod", data, nil)
	if err != nil {
		return fmt.Errorf("reading the release's go.mod: %w", err)
	}
	if err := gomod.AddModuleStmt(path); err != nil {
		return err
	}
	return os.WriteFile(file, modfile.Format(gomod.Syntax), 0o666)
}

// renameImports returns a Go file with its imports renamed and all else as it
// was, byte for byte: compilers of any age are to read it. A file whose imports
// can't be read is test data, or fails to build for its own reasons.
func renameImports(data []byte, renamed func(string) string) []byte {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", data, parser.ImportsOnly|parser.SkipObjectResolution)
	if err != nil {
		return data
	}
	out := slices.Clone(data)
	byPosition := func(a, b *ast.ImportSpec) int { return int(b.Pos() - a.Pos()) }
	for _, spec := range slices.SortedFunc(slices.Values(file.Imports), byPosition) { // from the end
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || renamed(path) == path {
			continue
		}
		at := fset.File(file.FileStart).Offset(spec.Path.Pos())
		out = slices.Replace(out, at, at+len(spec.Path.Value), []byte(strconv.Quote(renamed(path)))...)
	}
	return out
}

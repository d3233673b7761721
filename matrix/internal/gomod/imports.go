package gomod

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
)

// RenameImports returns a Go file with its imports renamed and every other byte
// unchanged: a formatter could change what an old compiler reads. A file whose
// imports cannot be parsed stays as it is: it is test data, or fails to compile
// with or without the rename.
func RenameImports(data []byte, renamed func(string) string) []byte {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", data, parser.ImportsOnly|parser.SkipObjectResolution)
	if err != nil {
		return data
	}
	out := slices.Clone(data)
	// From the end, so that earlier offsets stay valid.
	lastFirst := func(a, b *ast.ImportSpec) int { return int(b.Pos() - a.Pos()) }
	for _, spec := range slices.SortedFunc(slices.Values(file.Imports), lastFirst) {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || renamed(path) == path {
			continue
		}
		at := fset.File(file.FileStart).Offset(spec.Path.Pos())
		out = slices.Replace(out, at, at+len(spec.Path.Value), []byte(strconv.Quote(renamed(path)))...)
	}
	return out
}

package program

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
)

// workFile returns the go.work that the go command would use in a folder, and "" if
// there is none.
func workFile(dir string) string {
	switch file := goenv.Get("GOWORK"); file {
	case "off":
		return ""
	case "", "auto":
		return upward(dir, "go.work")
	default:
		return file
	}
}

// WorkspaceOf returns the go.work file that the go command would use for the module in dir.
// It returns "" if there is no such file, or if the file lists no other module and has no
// replace directive.
func WorkspaceOf(dir string) string {
	file := workFile(dir)
	if file == "" {
		return ""
	}
	data, err := readFile(file)
	if err != nil {
		return ""
	}
	work, err := modfile.ParseWork(file, data, nil)
	if err != nil || len(work.Use)+len(work.Replace) < 2 {
		return ""
	}
	if slices.ContainsFunc(work.Use, func(u *modfile.Use) bool { return sameFolder(usedFolder(file, u), dir) }) {
		return file
	}
	return ""
}

// usedFolder returns the folder of a use directive.
func usedFolder(file string, use *modfile.Use) string {
	dir := filepath.FromSlash(use.Path)
	if filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(filepath.Dir(file), dir)
}

// findWorkspace makes a module the workspace that it belongs to, if there is one.
func (b *build) findWorkspace(problems *matrix.Problems) {
	file := workFile(b.in.dir)
	if file == "" {
		return
	}
	var found matrix.Problems
	w := &build{in: b.in}
	w.useWorkspace(file, &found)
	dir := filepath.Dir(b.in.path)
	if len(found) == 0 && !slices.ContainsFunc(w.mods, func(m *goMod) bool { return sameFolder(m.dir, dir) }) {
		b.notes = append(b.notes, "the go command refuses to build here, because "+b.in.shown(file)+" does not use this module; the answer is for a build with GOWORK=off")
		return
	}
	*problems = append(*problems, found...)
	b.work, b.file, b.mods = w.work, w.file, w.mods
	b.in.kind = matrix.InputWorkspace
	// The module that was named goes first.
	slices.SortStableFunc(b.mods, func(x, y *goMod) int {
		return sign(sameFolder(y.dir, dir)) - sign(sameFolder(x.dir, dir))
	})
}

// sign returns 1 for true.
func sign(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sameFolder reports whether two paths are the same folder, also through links.
func sameFolder(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// useWorkspace reads a go.work and the go.mod files of its modules.
func (b *build) useWorkspace(file string, problems *matrix.Problems) {
	name := b.in.shown(file)
	data, err := readFile(file)
	if err != nil {
		problems.Add(name, 0, "reading go.work: %v", cause(err))
		return
	}
	work, err := modfile.ParseWork(name, data, nil)
	if err != nil {
		addParseErrors(problems, name, err)
		return
	}
	if n := len(work.Use) + len(work.Replace); n > maxLines {
		problems.Add(name, 0, "%s", tooMany(n, "directives"))
		return
	}
	b.work, b.file = work, file
	for _, use := range work.Use {
		path := filepath.Join(usedFolder(file, use), "go.mod")
		if !isFile(path) {
			problems.Add(name, use.Syntax.Start.Line, "it uses %s, which has no go.mod", strings.TrimSpace(use.Path))
			continue
		}
		if m := b.parse(path, nil, problems); m != nil {
			b.mods = append(b.mods, m)
		}
	}
	if len(work.Use) == 0 {
		problems.Add(name, 0, "it uses no module: `go work use DIR` adds one")
	}
}

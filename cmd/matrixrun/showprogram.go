package main

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// A program is how this one was called, as far as calling it again from another
// folder needs that.
type program struct {
	called  string // the first word of the command line
	file    string // the executable; empty where it cannot be told
	folder  string // in which it was called
	path    string // its package
	version string // of its module; empty or "(devel)" where it has none
}

func thisProgram() program {
	p := program{called: os.Args[0]}
	p.file, _ = os.Executable()
	p.folder, _ = os.Getwd()
	if info, ok := debug.ReadBuildInfo(); ok {
		p.path, p.version = info.Path, info.Main.Version
	}
	return p
}

// line returns a command line that calls the program from any folder.
func (p program) line(args []string) string {
	words := []string{"matrixrun"}
	switch {
	case p.byGoRun() && (p.version == "" || strings.ContainsAny(p.version, "(+")): // also v1.2.3+dirty
		words = []string{"go", "run", "-C", p.folder, p.path}
	case p.byGoRun():
		words = []string{"go", "run", p.path + "@" + p.version}
	case filepath.Base(p.called) != p.called && p.file != "":
		words = []string{p.file} // by its path: who knows what $PATH has
	}
	return text.QuoteAll(append(words, args...))
}

// byGoRun reports whether the executable is one that go run made, and removes
// again.
func (p program) byGoRun() bool {
	folder := filepath.Base(filepath.Dir(p.file))
	temporary := folder == "exe" && strings.Contains(filepath.ToSlash(p.file), "/go-build")
	return p.path != "" && (temporary || cached.MatchString(folder))
}

// cached is what the build cache calls the folder of an executable, where go run
// has kept it since Go 1.24.
var cached = regexp.MustCompile(`^[0-9a-f]{64}-d$`)

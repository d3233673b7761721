package cells

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// A program is how this program was called, for calling it again from another
// folder.
type program struct {
	called  string // the first word of the command line
	file    string // the executable; empty if unknown
	folder  string // the working folder
	path    string // of its package
	version string // of its module; empty or "(devel)" if it has none
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
		words = []string{p.file} // by its path, since $PATH may have another one
	}
	return text.QuoteAll(append(words, args...))
}

// byGoRun reports whether go run made the executable, which it removes again.
func (p program) byGoRun() bool {
	folder := filepath.Base(filepath.Dir(p.file))
	temporary := folder == "exe" && strings.Contains(filepath.ToSlash(p.file), "/go-build")
	return p.path != "" && (temporary || cached.MatchString(folder))
}

// cached matches the folder of an executable in the build cache, where go run keeps
// it since Go 1.24.
var cached = regexp.MustCompile(`^[0-9a-f]{64}-d$`)

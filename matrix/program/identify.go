package program

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// identify finds out what kind of text an input has: by the name of its file if that
// says so, else by its content.
func identify(in *input) (*input, error) {
	base := filepath.Base(in.path)
	switch {
	case len(bytes.TrimSpace(in.data)) == 0:
		return nil, matrix.Mistake("%s: it is empty: %s", in.label(), wanted)
	case bytes.IndexByte(in.data, 0) >= 0:
		return nil, matrix.Mistake("%s: it is neither text nor a program: %s", in.label(), wanted)
	case base == "go.sum" || base == "go.work.sum" || isGoSum(in.data):
		return nil, matrix.Mistake("%s: it is a go.sum, which also has modules that are not built: name the go.mod of the same module", in.label())
	case base == "go.mod":
		in.kind, in.dir = matrix.InputGoMod, filepath.Dir(in.path)
	case base == "go.work":
		in.kind, in.dir = matrix.InputWorkspace, filepath.Dir(in.path)
	case base == "modules.txt" || isModulesTxt(in.data):
		in.kind = matrix.InputVendor
	case in.data[len(in.data)-len(bytes.TrimLeft(in.data, " \t\r\n"))] == '{', isPlainList(in.data):
		in.kind = matrix.InputList
	case isWorkspace(in.data):
		in.kind = matrix.InputWorkspace
	case isGoMod(in.data) || strings.HasSuffix(base, ".mod"):
		in.kind = matrix.InputGoMod
	default:
		return nil, matrix.Mistake("%s: it cannot be checked: %s", in.label(), wanted)
	}
	return in, nil
}

// label returns what messages call the input.
func (in *input) label() string {
	if in.name == "-" {
		return "standard input"
	}
	return in.shown(in.path)
}

// isGoSum reports whether a text starts as a go.sum: path, version, hash.
func isGoSum(data []byte) bool {
	f := strings.Fields(firstLine(data))
	return len(f) == 3 && strings.HasPrefix(f[1], "v") && strings.HasPrefix(f[2], "h1:")
}

// isModulesTxt reports whether a text starts as a vendor/modules.txt: "# path version",
// or the line "## workspace".
func isModulesTxt(data []byte) bool {
	line := firstLine(data)
	f := strings.Fields(line)
	return strings.HasPrefix(line, "## ") || len(f) >= 3 && f[0] == "#" && (semver.IsValid(f[2]) || f[2] == "=>")
}

// isPlainList reports whether a text starts as the output of go list -m all: the path
// of the main module, then lines with a path and a version.
func isPlainList(data []byte) bool {
	all := lines(data)
	first := strings.Fields(all[0])
	if len(all) > 1 && len(first) == 1 {
		first = strings.Fields(all[1])
	}
	return len(first) >= 2 && semver.IsValid(first[1])
}

// directive matches the first line of a go.mod or a go.work that is not a comment.
var directive = regexp.MustCompile(`^(module|go|toolchain|godebug|require|replace|exclude|retract|tool|ignore|use)\b`)

// isGoMod reports whether a text starts as a go.mod.
func isGoMod(data []byte) bool {
	for _, line := range lines(data) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			return directive.MatchString(line)
		}
	}
	return false
}

// isWorkspace reports whether a text is a go.work: it has a use directive, and no module
// directive.
func isWorkspace(data []byte) bool {
	if !isGoMod(data) {
		return false
	}
	work, err := modfile.ParseWork("go.work", data, nil)
	return err == nil && len(work.Use) > 0
}

// firstLine returns the first line of a text that is not blank.
func firstLine(data []byte) string {
	line, _, _ := strings.Cut(strings.TrimLeft(string(data[:min(len(data), 4096)]), " \t\r\n"), "\n")
	return line
}

// folder returns the input for a folder: what the go command would find there.
func folder(name, path string) (*input, error) {
	in := &input{name: name, dir: path}
	modules := filepath.Join(path, "modules.txt")
	if filepath.Base(path) == "vendor" && isFile(modules) {
		return openFile(name, modules)
	}
	if file := upward(path, "go.mod"); file != "" {
		in.kind, in.path = matrix.InputGoMod, file
		return in, nil
	}
	if file := workFile(path); file != "" {
		in.kind, in.path = matrix.InputWorkspace, file
		return in, nil
	}
	for _, file := range []string{modules, filepath.Join(path, "vendor", "modules.txt")} {
		if isFile(file) {
			return openFile(name, file)
		}
	}
	if below, _ := goModsBelow(path); len(below) > 0 {
		for i := range below {
			below[i] = in.shown(below[i])
		}
		return nil, matrix.Mistake("%s: neither this folder nor one above it has a go.mod or a go.work: want one below it, such as %s", name, text.Some(below, 3))
	}
	return nil, matrix.Mistake("%s: neither this folder nor one above it has a go.mod or a go.work: %s", name, wanted)
}

// isFile reports whether a path is a file that can be read as one.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// isFolder reports whether a path is a folder.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// upward returns the file with a name in a folder or in the nearest one above it, and ""
// if there is none.
func upward(dir, name string) string {
	for {
		if file := filepath.Join(dir, name); isFile(file) {
			return file
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

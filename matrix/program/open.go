package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// mostText bounds a text, in bytes. The go command reads go.mod files up to 16 MB; the
// list of a large build has a few MB.
const mostText = 32 << 20

// An input is what a name stands for.
type input struct {
	name string // as the user wrote it
	kind matrix.InputKind
	path string // of the file, absolute; empty for standard input and versions
	data []byte // of a text
	dir  string // folder where the go command would find the program; empty if there is none
	mod  module.Version
}

// wanted says what Read takes, for messages.
const wanted = "want a folder, go.mod, go.work, vendor/modules.txt, the output of go list -m -json all, a compiled Go program, VERSION or MODULE@VERSION; - reads a text from standard input"

// open finds out what a name stands for, and reads it if it is a text.
func open(name string, o Options) (*input, error) {
	if name == "-" {
		data, err := readBounded(o.Stdin)
		if err != nil {
			return nil, matrix.Mistake("reading standard input: %v", err)
		}
		return identify(&input{name: name, data: data})
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", name, err)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return version(name, o)
	case err != nil:
		return nil, matrix.Mistake("%s: %v: %s", name, cause(err), wanted)
	case info.IsDir():
		return folder(name, path)
	}
	return openFile(name, path)
}

// openFile opens a file.
func openFile(name, path string) (*input, error) {
	in := &input{name: name, path: path}
	start, err := readStart(path)
	if err != nil {
		return nil, matrix.Mistake("%s: %v: %s", name, cause(err), wanted)
	}
	if isBinary(start) {
		in.kind = matrix.InputBinary
		return in, nil
	}
	if in.data, err = readFile(path); err != nil {
		return nil, matrix.Mistake("%s: %v: %s", name, cause(err), wanted)
	}
	return identify(in)
}

// readStart reads the first bytes of a file of any size.
func readStart(path string) ([]byte, error) {
	f, err := openRegular(path, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	start := make([]byte, 4)
	n, err := io.ReadFull(f, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return start[:n], nil
}

// openRegular opens a regular file, also through links.
func openRegular(path string, most int64) (*os.File, error) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	f, _, err := regular.Open(target, most)
	return f, err
}

// readFile reads a regular file that is not too large for a text, also through links.
func readFile(path string) ([]byte, error) {
	f, err := openRegular(path, mostText)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readBounded(f)
}

// cause returns an error of a file without the operation and the path.
func cause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

// isBinary reports whether a file starts like an executable of some system.
func isBinary(magic []byte) bool {
	for _, m := range []string{"\x7fELF", "MZ", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "\x01\xdf", "\x01\xf7", "\x00asm"} {
		if strings.HasPrefix(string(magic), m) {
			return true
		}
	}
	return false
}

// readBounded reads a text that is not too large.
func readBounded(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, mostText+1))
	if err != nil {
		return nil, err
	}
	if len(data) > mostText {
		return nil, fmt.Errorf("it has more than %d MB, which no go.mod and no list of modules has: %s", mostText>>20, wanted)
	}
	return data, nil
}

// version returns the input for a name that is no file: a version of the target, or
// MODULE@VERSION.
func version(name string, o Options) (*input, error) {
	path, v, at := strings.Cut(name, "@")
	if !at {
		if v = "v" + strings.TrimPrefix(name, "v"); !semver.IsValid(v) {
			return nil, matrix.Mistake("%s: there is no such file: %s", name, wanted)
		}
		path = ""
		if o.PathOf != nil {
			path = o.PathOf(v)
		}
	}
	if !semver.IsValid(v) {
		return nil, matrix.Mistake("%s: %q is not a version: want one such as v1.2.3; `go list -m %s@%s` finds it out", name, v, path, v)
	}
	if module.CanonicalVersion(v) != v {
		return nil, matrix.Mistake("%s: want the complete version, as in %s", name, module.CanonicalVersion(v))
	}
	if err := module.CheckPath(path); at && err != nil {
		return nil, matrix.Mistake("%s: %v: want a module such as example.com/lib, or a version alone", name, err)
	}
	return &input{name: name, kind: matrix.InputVersion, mod: module.Version{Path: path, Version: v}}, nil
}

// read reads the program from the input.
func (in *input) read(ctx context.Context, o Options) (*matrix.Program, error) {
	switch in.kind {
	case matrix.InputGoMod, matrix.InputWorkspace:
		return in.readModule(ctx, o)
	case matrix.InputVendor:
		return in.readVendor(ctx, o)
	case matrix.InputList:
		return in.readList(ctx, o)
	case matrix.InputBinary:
		return in.readBinary(ctx, o)
	default:
		return in.readVersion(ctx, o)
	}
}

// position returns a line of the input.
func (in *input) position(line int) matrix.Position {
	return matrix.Position{File: in.shown(in.path), Line: line}
}

// shown returns a path as messages show it: absolute if the user wrote an absolute
// path, else relative to the working folder.
func (in *input) shown(path string) string {
	if path == "" {
		return in.name
	}
	if filepath.IsAbs(in.name) {
		return path
	}
	cwd, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(cwd, path)
	if err != nil {
		return path
	}
	return rel
}

// maxMistakes is how many mistakes of a text are reported. Hundreds come from a text of
// another kind.
const maxMistakes = 50

// maxLines bounds how many modules an input names, and how many directives a go.mod or a
// go.work has. The largest builds have a few thousand.
const maxLines = 20_000

// tooMany is the mistake of an input with more than maxLines of something.
func tooMany(n int, things string) string {
	return fmt.Sprintf("it has %d %s, and no build has more than %d: it is not checked", n, things, maxLines)
}

// placed returns the mistakes in a text as an error that names it, nil if there are none.
func placed(problems matrix.Problems, name string) error {
	if len(problems) >= maxMistakes {
		problems = problems[:maxMistakes]
		problems.Add("", problems[maxMistakes-1].Line, "there may be more mistakes from here on")
	}
	for i := range problems {
		problems[i].File = name
	}
	return problems.Err()
}

// lines returns the lines of a text without their line ends.
func lines(data []byte) []string {
	text := strings.TrimSuffix(string(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

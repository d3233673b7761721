// Package find reads what a command line names: suites, patches and results.
// Each can be one that is part of the program, or one on disk.
package find

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/report/page"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt"
	"github.com/matrixrun/matrixrun/matrix/text"
	published "github.com/matrixrun/matrixrun/results"
)

// DefaultSuite is the suite that a command line means if it names none, outside of the
// folder of a suite.
const DefaultSuite = "zerortt"

// shipped are the suites that are part of the program, by name, with the results
// that were published when it was made. Everyone with that program has the same.
var shipped = map[string]struct {
	files          fs.FS
	results, forks []byte
}{
	DefaultSuite: {zerortt.Files, published.Zerortt, published.ZerorttForks},
	"advisories": {advisories.Files, published.Advisories, nil},
}

// Shipped lists the names of the suites that are part of the program.
func Shipped() []string { return slices.Sorted(maps.Keys(shipped)) }

// Answering lists the names of the suites of which results were published, the default one
// first.
func Answering() []string {
	names := slices.DeleteFunc(Shipped(), func(name string) bool { return name == DefaultSuite || len(shipped[name].results) == 0 })
	return append([]string{DefaultSuite}, names...)
}

// IsShipped reports whether a name is that of a suite that is part of the program.
func IsShipped(name string) bool {
	_, ok := shipped[name]
	return ok
}

// IsSuite reports whether a word names a suite: one that is part of the program,
// a folder with a matrix.yaml, or a zip file.
func IsSuite(name string) bool {
	_, err := os.Stat(filepath.Join(name, spec.FileName))
	return IsShipped(name) || err == nil || isZip(name)
}

// SuiteName returns the suite that the last, optional argument of a command names, or else
// the one in the current folder, or else the default one.
func SuiteName(args []string) string {
	switch _, err := os.Stat(spec.FileName); {
	case len(args) > 0:
		return args[0]
	case err == nil:
		return "."
	default:
		return DefaultSuite
	}
}

// Suite loads the suite of SuiteName.
func Suite(args []string) (*matrix.Spec, error) {
	name := SuiteName(args)
	if s, ok := shipped[name]; ok {
		return spec.Load(s.files, name)
	}
	files, err := openSuite(name)
	if err != nil {
		return nil, err
	}
	if files == nil {
		return nil, matrix.Mistake("%s", UnknownSuite(name))
	}
	return spec.Load(files, filepath.ToSlash(name))
}

// openSuite returns the files of a suite that is not part of the program: those of a folder or
// a zip file. It returns nil for anything else.
func openSuite(name string) (fs.FS, error) {
	switch {
	case isFolder(name):
		return os.DirFS(name), nil
	case isZip(name):
		return openZip(name)
	}
	return nil, nil
}

// isZip reports whether a path is that of a zip file, by its name.
func isZip(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && strings.EqualFold(filepath.Ext(path), ".zip")
}

// maxZip bounds a suite in a zip file, in bytes, and what it says that its files have.
const maxZip = 256 << 20

// openZip reads a suite in a zip file, as try writes it.
func openZip(name string) (fs.FS, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("opening a suite: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxZip+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading a suite: %w", err)
	case len(data) > maxZip:
		return nil, matrix.Mistake("%s: it has more than %d MB: want a zip file that try wrote, or a folder", filepath.ToSlash(name), maxZip>>20)
	}
	files, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, matrix.Mistake("%s: %v: want a zip file that try wrote, or a folder", filepath.ToSlash(name), err)
	}
	var total uint64
	for _, f := range files.File {
		if f.UncompressedSize64 > maxZip-total { // whose sum could overflow
			return nil, matrix.Mistake("%s: its files have more than %d MB: want a zip file that try wrote, or a folder", filepath.ToSlash(name), maxZip>>20)
		}
		total += f.UncompressedSize64
	}
	return files, nil
}

// UnknownSuite says that there is no suite with a name, and what may have been meant.
func UnknownSuite(name string) string {
	if MeantVersion(name) != "" {
		return fmt.Sprintf("%q is a version, and not a suite: run and plan take versions with --only", name)
	}
	if near, ok := text.Nearest(name, Shipped()); ok {
		return fmt.Sprintf("%q is not a suite: did you mean %s?", name, near)
	}
	return fmt.Sprintf("%q is not a suite: want %s, or a folder with a %s", name, strings.Join(Shipped(), ", "), spec.FileName)
}

// Results reads what a command line calls RESULTS, see output.Open. An empty name
// means the published results of the default suite. The file may be a pipe: then
// Results waits for its end, or until ctx is done.
func Results(ctx context.Context, name string) (*matrix.Results, error) {
	if name == "" {
		return Published(DefaultSuite)
	}
	return output.Read(ctx, name)
}

// Published reads what was published of a shipped suite.
func Published(suite string) (*matrix.Results, error) {
	return codec.Read("the published results", shipped[suite].results)
}

// Outline reads the published results of a shipped suite, without what the trials of
// their cells saw. It takes half the time of Results. The function reads the cells of a
// row in full.
func Outline(suite string) (*matrix.Results, func(row string) ([]matrix.Cell, error), error) {
	const name = "the published results"
	data := shipped[suite].results
	results, err := codec.Outline(name, data)
	return results, func(row string) ([]matrix.Cell, error) { return codec.CellsOf(name, data, row) }, err
}

// ForkRow reads the results of forks that go with what a command line calls RESULTS; nil
// if they do not have a row. Those of an empty name were published with the suite.
func ForkRow(ctx context.Context, name string, r *matrix.Results, row string) (*matrix.Results, error) {
	switch {
	case name != "":
		return output.Forks(ctx, name, r)
	case !codec.Has(shipped[r.Suite].forks, row):
		return nil, nil // reading them takes a third of the time of a check
	default:
		return publishedForks(r.Suite)
	}
}

// publishedForks reads what was published of the forks of a shipped suite's target.
func publishedForks(suite string) (*matrix.Results, error) {
	return codec.Read("the published results of forks", shipped[suite].forks)
}

// Near reads what is next to the page of RESULTS.
func Near(ctx context.Context, name string, r *matrix.Results) ([]page.Near, error) {
	if name != "" {
		return output.Near(ctx, name, r)
	}
	forks, err := publishedForks(r.Suite)
	return output.NearForks(forks), err
}

// Index reads the index of a suite, which is part of the program or a folder; nil if
// there is none.
func Index(suite string) (*content.Index, error) {
	s, ok := shipped[suite]
	if !ok {
		files, err := openSuite(suite)
		if err != nil || files == nil {
			return nil, err
		}
		return content.Load(files, filepath.ToSlash(suite))
	}
	text, err := fs.ReadFile(s.files, content.FileName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	}
	read, _ := indexes.LoadOrStore(string(text), sync.OnceValues(func() (*content.Index, error) {
		return content.Parse(path.Join(suite, content.FileName), text)
	}))
	return read.(func() (*content.Index, error))()
}

// indexes read the indexes of the shipped suites, once each, by their texts: suites about
// the same releases share one.
var indexes sync.Map

// SuiteArg returns how a command line names the suite of results: empty for the
// default one.
func SuiteArg(r *matrix.Results) string {
	if r.Suite == DefaultSuite {
		return ""
	}
	return r.Suite
}

// isFolder reports whether a path is that of a folder.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

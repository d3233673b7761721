package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	modversion "golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix"
)

// unpack makes a folder of a module zip. It holds all files of the release,
// tests too, as patches may change them, and all can be written by the owner:
// the zip package makes them read-only.
func unpack(dir string, src matrix.Source) error {
	if err := zip.Unzip(dir, modversion.Version{Path: src.Module, Version: src.Version}, src.Zip); err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Chmod(file, 0o644)
	})
}

// A module is what a release's tree says of the modules that it needs.
type module struct {
	gomod *modfile.File
	sums  []byte // its go.sum
}

// readModule reads go.mod and go.sum of a tree. Releases from before the time
// of modules have no go.mod, which a folder must have to be replaced by; they
// get one with the target's path.
func readModule(dir, path string) (*module, error) {
	file := filepath.Join(dir, "go.mod")
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		data = []byte("module " + modfile.AutoQuote(path) + "\n")
		err = os.WriteFile(file, data, 0o666)
	}
	if err != nil {
		return nil, err
	}
	// As the go command reads the go.mod of a dependency: it passes over what
	// concerns the main module alone, replace and exclude lines among it, and
	// over what only newer versions know.
	gomod, err := modfile.ParseLax(targetDir+"/go.mod", data, nil)
	if err != nil {
		return nil, fmt.Errorf("reading the release's go.mod: %w", err)
	}
	sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return &module{gomod: gomod, sums: sums}, nil
}

// sortedLines returns the set's lines as a text, or nothing.
func sortedLines(set map[string]bool) []byte {
	var b bytes.Buffer
	for _, line := range slices.Sorted(maps.Keys(set)) {
		b.WriteString(line + "\n")
	}
	return b.Bytes()
}

// below reports whether an import path is that of a module or of a package in
// it, as far as the path tells.
func below(path, module string) bool {
	return path == module || strings.HasPrefix(path, module+"/")
}

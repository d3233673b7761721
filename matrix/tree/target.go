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

	"github.com/matrixrun/matrixrun/matrix/internal/target"
)

// A module is what a release's tree says of the modules that it needs.
type module struct {
	gomod *modfile.File
	sums  []byte // its go.sum
}

// readModule reads go.mod and go.sum of a tree. One without a go.mod gets one
// with the target's path.
func readModule(dir, path string) (*module, error) {
	data, _, err := target.GoMod(dir, path)
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

package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix/internal/target"
)

// A module holds the module files of a release's tree.
type module struct {
	gomod *modfile.File
	sums  []byte // its go.sum
}

// readModule reads the go.mod and the go.sum of a tree. A tree without a go.mod
// gets one with the given module path.
func readModule(dir, path string) (*module, error) {
	data, _, err := target.GoMod(dir, path)
	if err != nil {
		return nil, err
	}
	// ParseLax reads a go.mod as the go command reads that of a dependency: it
	// skips replace and exclude lines, which only count in the main module, and
	// lines that only newer versions of Go know.
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

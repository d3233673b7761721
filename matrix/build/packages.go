package build

import (
	"context"
	"fmt"
	"os"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// Packages compiles all packages of the module in a folder with the row's toolchain,
// and discards the result. It leaves out tests, since nobody builds against them. It
// returns the compiler's complaint as Build does, empty if all packages compile, and
// an error in the cases in which Build returns one.
//
// The folder is built as a main module, with its own go.sum, which verifies all
// downloads. Its files do not change.
func Packages(ctx context.Context, g *gocmd.Go, dir string, row matrix.Row, opts Options) (complaint string, err error) {
	row.Adapter = matrix.Adapter{} // its tags are for the reproduction
	version, err := g.Version(ctx, row.Toolchain)
	if err != nil {
		return "", fmt.Errorf("finding the toolchain: %w", err)
	}
	b := builder{Go: g, ws: &matrix.Workspace{Dir: dir}, row: row, version: version, packages: "./..."}
	call := b.call(opts, os.DevNull, nil)
	if stdout, err := g.Run(ctx, call); err != nil {
		return b.complaint(ctx, call, stdout, err)
	}
	return "", nil
}

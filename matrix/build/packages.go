package build

import (
	"context"
	"fmt"
	"os"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// Packages compiles all packages of the module in a folder with the row's
// toolchain, and throws away what comes of it. Tests are left out: they are not
// what others build against. It returns the compiler's complaint as Build does,
// empty where all packages compile, and an error for what Build has one.
//
// The module is built as a main module, with its own go.sum, whose lines verify
// all that is downloaded. Its files are not changed.
func Packages(ctx context.Context, g *gocmd.Go, dir string, row matrix.Row, opts Options) (complaint string, err error) {
	row.Adapter = matrix.Adapter{} // its tags are the reproduction's
	version, err := g.Version(ctx, row.Toolchain)
	if err != nil {
		return "", fmt.Errorf("finding the toolchain: %w", err)
	}
	b := builder{Go: g, ws: &matrix.Workspace{Dir: dir}, row: row, version: version, what: "./..."}
	if _, err := g.Run(ctx, b.call(opts, os.DevNull)); err != nil {
		return b.classify(ctx, err)
	}
	return "", nil
}

package tree

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/target"
)

// linkTo makes to a symbolic link to the folder in which the go command has
// unpacked the release, and reports whether it did. A link saves writing some
// hundred files for every row. It is possible if the row changes nothing in the
// release and the folder still has the release's checksum.
func linkTo(ctx context.Context, to string, src matrix.Source, row matrix.Row) bool {
	if src.Dir == "" || src.Sum == "" || len(row.Patches) > 0 || row.Rehomed {
		return false
	}
	// A release from before Go modules needs a go.mod written into it.
	if _, err := os.Stat(filepath.Join(src.Dir, "go.mod")); err != nil {
		return false
	}
	prefix := src.Module + "@" + src.Version
	files, err := dirhash.DirFiles(src.Dir, prefix)
	if err != nil {
		return false
	}
	sum, err := dirhash.Hash1(files, func(name string) (io.ReadCloser, error) {
		return target.Open(ctx, filepath.Join(src.Dir, strings.TrimPrefix(name, prefix)))
	})
	if err != nil || sum != src.Sum {
		return false // somebody has changed the folder: unpack the verified zip
	}
	if os.MkdirAll(filepath.Dir(to), 0o777) != nil {
		return false
	}
	return os.Symlink(src.Dir, to) == nil // fails on systems that restrict links
}

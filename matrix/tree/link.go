package tree

import (
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
)

// linkTo makes target a symbolic link to the folder in which the go command has
// unpacked the release, and reports whether it did. A link saves writing some
// hundred files for every row. It is possible if the row changes nothing in the
// release and the folder still has the release's checksum.
func linkTo(target string, src matrix.Source, row matrix.Row) bool {
	if src.Dir == "" || src.Sum == "" || len(row.Patches) > 0 || row.Rehomed {
		return false
	}
	// A release from before Go modules needs a go.mod written into it.
	if _, err := os.Stat(filepath.Join(src.Dir, "go.mod")); err != nil {
		return false
	}
	sum, err := dirhash.HashDir(src.Dir, src.Module+"@"+src.Version, dirhash.Hash1)
	if err != nil || sum != src.Sum {
		return false // somebody has changed the folder: unpack the verified zip
	}
	if os.MkdirAll(filepath.Dir(target), 0o777) != nil {
		return false
	}
	return os.Symlink(src.Dir, target) == nil // fails on systems that restrict links
}

package tree

import (
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
)

// linkTo makes a link to the folder in which the go command has unpacked a release,
// which saves writing some hundred files a row, where the row changes nothing in it
// and it is what its checksum says. It reports whether there is a link now.
func linkTo(target string, src matrix.Source, row matrix.Row) bool {
	if src.Dir == "" || src.Sum == "" || len(row.Patches) > 0 || row.Rehomed {
		return false
	}
	// One from before the time of modules must be given a go.mod.
	if _, err := os.Stat(filepath.Join(src.Dir, "go.mod")); err != nil {
		return false
	}
	sum, err := dirhash.HashDir(src.Dir, src.Module+"@"+src.Version, dirhash.Hash1)
	if err != nil || sum != src.Sum {
		return false // the zip was verified, and will be unpacked
	}
	if os.MkdirAll(filepath.Dir(target), 0o777) != nil {
		return false
	}
	return os.Symlink(src.Dir, target) == nil // which some systems let few people do
}

package regular

import (
	"io/fs"
	"path/filepath"
)

// WalkDir is like filepath.WalkDir, but also walks dir if it is a symbolic link to a folder.
// The paths that visit gets begin with dir in either case.
func WalkDir(dir string, visit fs.WalkDirFunc) error {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return filepath.WalkDir(dir, visit) // which reports it
	}
	return filepath.WalkDir(real, func(path string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(real, path)
		if relErr != nil {
			return relErr
		}
		return visit(filepath.Join(dir, rel), d, err)
	})
}

package regular

import (
	"io/fs"
	"path/filepath"
)

// WalkDir is filepath.WalkDir for a folder whose own name may be a link to it. Visit gets
// paths below that name.
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

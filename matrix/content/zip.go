package content

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix/internal/modcache"
)

// OpenZip opens the zip of a module version, whose names and sizes it checks. The caller
// calls done after use.
func OpenZip(file, path, version string) (files fs.FS, done func(), err error) {
	m := module.Version{Path: path, Version: version}
	if _, err := modzip.CheckZip(m, file); err != nil {
		return nil, nil, err
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, nil, err
	}
	files, err = fs.Sub(z, m.String())
	if err != nil {
		z.Close()
		return nil, nil, err
	}
	return files, func() { z.Close() }, nil
}

// cached opens the zip of a module version in the module cache.
func cached(path, version, cache string) (files fs.FS, done func(), err error) {
	file, err := modcache.File(cache, module.Version{Path: path, Version: version}, ".zip")
	if err != nil || version == "" {
		return nil, nil, errNotCached
	}
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return nil, nil, errNotCached
	}
	files, done, err = OpenZip(file, path, version)
	if err != nil {
		return nil, nil, fmt.Errorf("reading its zip in the module cache: %w", withoutPath(err))
	}
	return files, done, nil
}

// withoutPath returns the reason of an error without the path of a file of this machine.
func withoutPath(err error) error {
	if onFile, ok := errors.AsType[*fs.PathError](err); ok {
		return onFile.Err
	}
	return err
}

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"github.com/matrixrun/matrixrun/matrix"
)

// checkEvidence compares the evidence files with those that the results name: each
// must exist and not be empty, and there must be no others.
func (t tree) checkEvidence(folder string, r *matrix.Results) (found []stale, err error) {
	named := make(map[string]bool)
	for _, row := range r.Rows {
		for _, c := range row.Cells {
			for _, name := range c.Evidence {
				named[name] = true
			}
		}
	}
	wrong := func(name, what string) { found = append(found, stale{path.Join(folder, name), what, cureRun}) }
	files := os.DirFS(t.path(folder))
	err = fs.WalkDir(files, matrix.EvidenceFolder, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		switch {
		case err != nil:
			return err
		case !named[name]:
			wrong(name, "no cell of results.json names this file")
		case !info.Mode().IsRegular() || info.Size() == 0:
			wrong(name, "results.json names this file, but it is empty")
		}
		delete(named, name)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the evidence of %s: %w", folder, err)
	}
	for name := range named {
		wrong(name, "results.json names this file, but it does not exist")
	}
	return found, nil
}

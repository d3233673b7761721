package reach

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// workspaceOf returns the go.work that holds in a folder, and "" if none does. The
// setting is that of GOWORK.
func workspaceOf(dir, setting string) string {
	switch {
	case setting == "off":
		return ""
	case setting != "":
		return setting
	}
	for dir, err := filepath.Abs(dir); err == nil; dir = filepath.Dir(dir) {
		file := filepath.Join(dir, "go.work")
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return ""
}

// copyWorkspace copies a go.work with its go.work.sum, which the go command would write
// to, and returns the folder of the copies. It returns "" if the workspace has a vendor
// folder: then the go command writes nothing, and finds the folder by the go.work.
func copyWorkspace(file string) (dir string, err error) {
	base := filepath.Dir(file)
	if _, err := os.Stat(filepath.Join(base, "vendor", "modules.txt")); err == nil {
		return "", nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("reading the workspace: %w", err)
	}
	work, err := modfile.ParseWork(file, data, nil)
	if err != nil {
		return "", fmt.Errorf("reading the workspace: %w", err)
	}
	if err := makeAbsolute(work, base); err != nil {
		return "", fmt.Errorf("copying %s: %w", file, err)
	}
	if dir, err = scratch.Dir("workspace-*"); err != nil {
		return "", err
	}
	err = os.WriteFile(filepath.Join(dir, "go.work"), modfile.Format(work.Syntax), 0o666)
	if sums, none := os.ReadFile(file + ".sum"); none == nil && err == nil {
		err = os.WriteFile(filepath.Join(dir, "go.work.sum"), sums, 0o666)
	}
	return dir, err
}

// makeAbsolute makes the folders in a go.work absolute.
func makeAbsolute(work *modfile.WorkFile, base string) error {
	var errs []error
	for _, use := range slices.Clone(work.Use) {
		if path := use.Path; !filepath.IsAbs(path) {
			errs = append(errs, work.DropUse(path), work.AddUse(filepath.ToSlash(filepath.Join(base, path)), ""))
		}
	}
	for _, r := range slices.Clone(work.Replace) {
		if r.New.Version == "" && !filepath.IsAbs(r.New.Path) {
			errs = append(errs, work.AddReplace(r.Old.Path, r.Old.Version, filepath.ToSlash(filepath.Join(base, r.New.Path)), ""))
		}
	}
	work.Cleanup()
	return errors.Join(errs...)
}

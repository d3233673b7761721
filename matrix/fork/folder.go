package fork

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// aboutDir is the folder with the provenance, inside the tree of a fork. It has its
// own go.mod, so the go command excludes it from the packages, the zip and the
// checksums of the module: the provenance can stay with the tree without changing
// it.
const aboutDir = "FORK"

// The files in that folder. There is also a NAME.diff for each patch.
const (
	readmeName  = "README.md"
	aboutName   = "fork.json"
	sumsName    = "SHA256SUMS" // of the files of the tree
	goModName   = "go.mod"
	goProxyName = "goproxy" // a folder made by WriteProxy
)

const aboutGoMod = `// This file makes the folder a module of its own: it is not part of the module
// in the parent folder, whose checksums do not cover it.
module matrixrun.test/fork
`

// WriteTree writes the tree to dir, for a replace line, and its provenance to
// dir/FORK; withZip adds dir/FORK/goproxy, made by WriteProxy. dir must pass
// CheckTree.
//
// The folder is written in a stage next to dir and renamed, so it is complete as soon
// as it exists. An empty dir is filled instead, FORK first and go.mod last. Until then
// the go command does not accept the folder, and after a kill the next call replaces
// what is there.
func (f *Fork) WriteTree(dir string, force, withZip bool) error {
	if err := CheckTree(dir, force); err != nil {
		return err
	}
	if err := f.writeTree(dir, withZip); err != nil {
		return fmt.Errorf("writing the fork: %w", err)
	}
	return nil
}

// writeTree implements WriteTree after the check.
func (f *Fork) writeTree(dir string, withZip bool) (err error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	at, place := filepath.Dir(dir), os.Rename
	switch entries, err := os.ReadDir(dir); {
	case err == nil && (len(entries) == 0 || isUnfinished(dir)):
		at, place = dir, fill // the folder may be a working directory or a mount point
	case err == nil:
		place = replace
	}
	if err := os.MkdirAll(at, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(at)
	if err != nil {
		return err
	}
	defer root.Close()
	stage, err := scratch.OpenStage(root)
	if err != nil {
		return err
	}
	defer stage.Close() // by then it has at most the old fork
	made := filepath.Join(stage.Dir, "new")
	// New files get the modes that the user's umask gives, unlike those of f.Tree.
	if err := os.CopyFS(made, os.DirFS(f.Tree)); err != nil {
		return err
	}
	if err := f.writeAbout(filepath.Join(made, aboutDir), withZip); err != nil {
		return err
	}
	return place(made, dir)
}

// writeAbout makes the folder with the provenance.
func (f *Fork) writeAbout(dir string, withZip bool) error {
	if err := os.Mkdir(dir, 0o777); err != nil {
		return fmt.Errorf("the release has a %s of its own, where the provenance goes: %w", aboutDir, err)
	}
	about, err := f.json()
	if err != nil {
		return err
	}
	readme, err := treeReadme(f.About, withZip)
	if err != nil {
		return err
	}
	files := map[string][]byte{goModName: []byte(aboutGoMod), sumsName: f.sums, aboutName: about, readmeName: readme}
	for _, p := range f.patches {
		files[diffName(p.Patch)] = p.Diff
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			return err
		}
	}
	if !withZip {
		return nil
	}
	return f.WriteProxy(filepath.Join(dir, goProxyName))
}

func diffName(patch string) string { return patch + ".diff" }

// fill moves the content of a folder to another one: all of it, or nothing after an
// error. What an unfinished fork left there is removed. See WriteTree for the order.
func fill(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	names := order(entries)
	if err := empty(to, filepath.Base(filepath.Dir(from))); err != nil {
		return err
	}
	for i, name := range names {
		if err := os.Rename(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			for _, moved := range slices.Backward(names[:i]) { // FORK last
				err = errors.Join(err, os.RemoveAll(filepath.Join(to, moved)))
			}
			return err
		}
	}
	return nil
}

// order returns the names of what a complete fork has in the order in which fill moves
// it.
func order(entries []fs.DirEntry) []string {
	names := []string{aboutDir}
	for _, e := range entries {
		if e.Name() != aboutDir && e.Name() != goModName {
			names = append(names, e.Name())
		}
	}
	return append(names, goModName)
}

// empty removes everything from a folder but one entry. FORK goes last: it shows whose
// the rest is.
func empty(dir, keep string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() != keep && e.Name() != aboutDir {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	if err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(dir, aboutDir))
}

// isUnfinished reports whether a folder has a fork that was not completely written,
// since its process was killed.
func isUnfinished(dir string) bool {
	_, isFork := read(filepath.Join(dir, aboutDir, aboutName))
	_, err := os.Lstat(filepath.Join(dir, goModName))
	return isFork && errors.Is(err, fs.ErrNotExist)
}

// replace puts the folder made in the place of dir. The old folder moves next to
// made, where the caller removes it.
func replace(made, dir string) error {
	old := made + ".old"
	if err := os.Rename(dir, old); err != nil {
		return err
	}
	if err := os.Rename(made, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return nil
}

// CheckTree reports whether WriteTree may write to dir: a missing or empty folder
// or one that has an unfinished fork and nothing else or, with force, a complete one and
// nothing else. Otherwise the error is of
// type matrix.Problems.
func CheckTree(dir string, force bool) error {
	scratch.RemoveStages(dir) // of runs that were killed
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	const want = "want an empty or new folder"
	var problems matrix.Problems
	a, isFork := read(filepath.Join(dir, aboutDir, aboutName))
	switch {
	case err != nil: // a file, or a folder that cannot be read
		problems.Add("", 0, "-o %s: %s", dir, want)
	case !isFork:
		problems.Add("", 0, "-o %s: it is neither empty nor a fork: %s", dir, want)
	case !force && !isUnfinished(dir):
		problems.Add("", 0, "-o %s: it has the fork %s: want another folder, or --force to replace it", dir, a.Version)
	default:
		foreign, err := changed(dir, a)
		if err != nil {
			return fmt.Errorf("checking the content of -o %s: %w", dir, err)
		}
		if foreign != "" {
			problems.Add("", 0, "-o %s: it has the fork %s, in which %s was added or changed since, so it is not replaced: %s", dir, a.Version, foreign, want)
		}
	}
	return problems.Err()
}

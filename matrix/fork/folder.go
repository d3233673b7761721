package fork

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
)

// The folder in a fork's tree that tells of the fork. It has a go.mod, and by
// that is a module of its own: the go command leaves it out of the module above
// it, of its packages, its zip and its checksums alike. So the fork can carry
// its provenance wherever it goes, and stay what the checksums say.
const aboutDir = "FORK"

// The files in that folder, beside a NAME.diff for each patch.
const (
	readmeName  = "README.md"
	aboutName   = "fork.json"
	sumsName    = "SHA256SUMS" // of the tree's files
	goModName   = "go.mod"
	goProxyName = "goproxy" // a folder, as WriteProxy makes it
)

const aboutGoMod = `// This file makes the folder a module of its own, which is no part of the one
// above: the checksums of that do not cover what lies here.
module matrixrun.test/fork
`

// hidden is how folders begin that are in the making.
const hidden = ".matrixrun-fork-"

// WriteTree writes the tree to dir, for a replace line, and its provenance to
// dir/FORK; with withZip also dir/FORK/goproxy, as WriteProxy makes it. dir must
// be as CheckTree wants it.
//
// The folder is complete from the moment that it is there: it is made under
// another name beside it. Where it is there already and empty, it is filled, its
// go.mod last, without which the go command does not take it.
func (f *Fork) WriteTree(dir string, force, withZip bool) error {
	if err := CheckTree(dir, force); err != nil {
		return err
	}
	if err := f.writeTree(dir, withZip); err != nil {
		return fmt.Errorf("writing the fork: %w", err)
	}
	return nil
}

func (f *Fork) writeTree(dir string, withZip bool) (err error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	at, place := filepath.Dir(dir), os.Rename
	switch entries, err := os.ReadDir(dir); {
	case err == nil && len(entries) == 0:
		at, place = dir, fill // the folder may be somebody's working folder, or a mount
	case err == nil:
		place = replace
	}
	if err := os.MkdirAll(at, 0o777); err != nil {
		return err
	}
	stage, err := os.MkdirTemp(at, hidden)
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage) // what is left of the stage is the old fork, or nothing
	made := filepath.Join(stage, "new")
	// The copy has the modes that files get here, whatever the user's umask.
	if err := os.CopyFS(made, os.DirFS(f.Tree)); err != nil {
		return err
	}
	if err := f.writeAbout(filepath.Join(made, aboutDir), withZip); err != nil {
		return err
	}
	return place(made, dir)
}

// writeAbout makes the folder that tells of the fork.
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

// fill moves what is in a folder into an empty one, or nothing of it.
func fill(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	var names []string
	for _, e := range entries {
		if e.Name() != goModName {
			names = append(names, e.Name())
		}
	}
	for i, name := range append(names, goModName) {
		if err := os.Rename(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			for _, moved := range names[:i] {
				err = errors.Join(err, os.RemoveAll(filepath.Join(to, moved)))
			}
			return err
		}
	}
	return nil
}

// replace puts a folder in the place of another, which goes to where the first
// one was: the caller removes it there.
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

// CheckTree finds out whether WriteTree may write a folder: one that is not
// there yet, an empty one, or, with force, one that holds a fork and nothing
// else. What is wrong with it is told by matrix.Problems.
func CheckTree(dir string, force bool) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	const want = "want an empty folder, or one that is not there yet"
	var problems matrix.Problems
	a, isFork := read(filepath.Join(dir, aboutDir, aboutName))
	switch {
	case err != nil: // a file, or a folder that is not ours to read
		problems.Add("", 0, "-o %s: %s", dir, want)
	case !isFork:
		problems.Add("", 0, "-o %s: holds something that is no fork: %s", dir, want)
	case !force:
		problems.Add("", 0, "-o %s: holds the fork %s: --force replaces it", dir, a.Version)
	default:
		foreign, err := changed(dir, a)
		if err != nil {
			return fmt.Errorf("looking at what -o %s holds: %w", dir, err)
		}
		if foreign != "" {
			problems.Add("", 0, "-o %s: holds the fork %s, in which %s was added or changed since, and which is not removed for that: %s", dir, a.Version, foreign, want)
		}
	}
	return problems.Err()
}

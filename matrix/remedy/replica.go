package remedy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// The bounds of a program that is copied. Larger ones exist; to copy them takes longer
// than anybody expects of a check.
const (
	mostFiles = 200_000
	mostBytes = 2 << 30
)

// A replica is a copy of a program in a temporary folder: its modules, its go.work, and
// the folders by which replace lines name modules relative to them. The folders are to
// each other as in the original, so that all relative paths mean the same.
type replica struct {
	dir     string            // temporary
	base    string            // the folder of the user's that dir is a copy of, as far as it was copied
	vendor  string            // the vendor folder of the user's, empty if the build uses none
	saved   map[string][]byte // content of the files that the go command may change, by the user's path; nil if there is no such file
	edited  map[string][]byte // former content of other files that a plan changed
	created []string          // folders that a plan made, by the path that they have in the user's folder

	files int
	bytes int64
}

// replicate copies a program. The caller removes the copy.
func replicate(ctx context.Context, f *files) (r *replica, err error) {
	roots, work := f.roots()
	r = &replica{base: commonFolder(append(slices.Clone(roots), work...)), edited: map[string][]byte{}}
	if r.dir, err = scratch.Dir("try-"); err != nil {
		return nil, fmt.Errorf("copying the program: %w", err)
	}
	if r.dir, err = filepath.EvalSymlinks(r.dir); err == nil {
		err = r.copyAll(ctx, f, roots)
	}
	if err != nil {
		r.remove()
		return nil, fmt.Errorf("copying the program: %w", err)
	}
	return r, nil
}

// roots returns the folders of modules to copy, and that of the workspace, of which only
// some files are copied.
func (f *files) roots() (roots, work []string) {
	for _, m := range f.mods {
		roots = append(roots, m.dir())
		for _, r := range m.Replace {
			roots = append(roots, localFolder(m.dir(), r.New.Path, r.New.Version)...)
		}
	}
	if f.work != nil {
		work = []string{f.work.dir()}
		for _, r := range f.work.Replace {
			roots = append(roots, localFolder(f.work.dir(), r.New.Path, r.New.Version)...)
		}
	}
	slices.Sort(roots)
	return slices.Compact(roots), work
}

// localFolder returns the folder that a replace line names by a relative path, if it
// does and the folder exists.
func localFolder(dir, path, version string) []string {
	if path = filepath.FromSlash(path); version != "" || filepath.IsAbs(path) {
		return nil
	}
	path = filepath.Join(dir, path)
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return nil
	}
	return []string{path}
}

// commonFolder returns the folder that all folders are in, or that is one of them.
func commonFolder(dirs []string) string {
	base := dirs[0]
	for _, dir := range dirs[1:] {
		for !within(base, dir) && filepath.Dir(base) != base {
			base = filepath.Dir(base)
		}
	}
	return base
}

// within reports whether a path is a folder or is in it.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && (rel == "." || filepath.IsLocal(rel))
}

// at returns where the copy has a path of the user's.
func (r *replica) at(path string) string {
	rel, err := filepath.Rel(r.base, path)
	if err != nil || !filepath.IsLocal(rel) {
		return path // it is not copied
	}
	return filepath.Join(r.dir, rel)
}

// copyAll copies the modules and the files of the workspace.
func (r *replica) copyAll(ctx context.Context, f *files, roots []string) error {
	for _, root := range roots {
		if err := r.copyTree(ctx, root, func(path string) bool { return !slices.Contains(roots, path) && isOther(path) }); err != nil {
			return err
		}
	}
	if f.vendor {
		r.vendor = filepath.Join(f.root(), "vendor")
	}
	if f.work != nil {
		for _, name := range []string{filepath.Base(f.work.path), workSum(f.work.path)} {
			if err := r.copyFile(ctx, filepath.Join(f.work.dir(), name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if _, err := os.Lstat(r.at(r.vendor)); f.vendor && err != nil {
			if err := r.copyTree(ctx, r.vendor, nil); err != nil {
				return err
			}
		}
	}
	r.saved = make(map[string][]byte)
	for _, path := range f.moduleFiles() {
		data, err := os.ReadFile(r.at(path))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		r.saved[path] = data
	}
	return nil
}

// isOther reports whether a folder inside a module is not part of it, or nothing that
// the go command reads.
func isOther(path string) bool {
	switch filepath.Base(path) {
	case ".git", ".hg", ".svn", ".bzr", "node_modules":
		return true
	}
	_, err := os.Lstat(filepath.Join(path, "go.mod"))
	return err == nil
}

// moduleFiles returns the files that the go command may change, whether they exist or not.
func (f *files) moduleFiles() (paths []string) {
	for _, m := range f.mods {
		paths = append(paths, m.path, strings.TrimSuffix(m.path, ".mod")+".sum")
	}
	if f.work != nil {
		paths = append(paths, f.work.path, filepath.Join(f.work.dir(), workSum(f.work.path)))
	}
	return paths
}

// workSum returns the name of the file with the checksums of a workspace.
func workSum(work string) string { return filepath.Base(work) + ".sum" }

// copyTree copies a folder without the folders that skip reports.
func (r *replica) copyTree(ctx context.Context, root string, skip func(dir string) bool) error {
	return regular.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case entry.IsDir():
			if path != root && skip != nil && skip(path) {
				return fs.SkipDir
			}
			return os.MkdirAll(r.at(path), 0o777)
		case entry.Type()&fs.ModeSymlink != 0:
			return r.copyLink(ctx, path)
		case !entry.Type().IsRegular():
			return nil // the go command reads no such file either
		default:
			return r.copyFile(ctx, path)
		}
	})
}

// copyLink copies the file that a symbolic link leads to. A link to a folder becomes a
// link to the original. One that leads nowhere is left out.
func (r *replica) copyLink(ctx context.Context, path string) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil //nolint:nilerr // the go command cannot read it either
	}
	info, err := os.Stat(real)
	switch {
	case err != nil:
		return err
	case info.Mode().IsRegular():
		return r.copyFile(ctx, path)
	case info.IsDir():
		if err := os.Symlink(real, r.at(path)); !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// copyFile copies a file of the user's, unless that was done already.
func (r *replica) copyFile(ctx context.Context, path string) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(r.at(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(r.at(path)), 0o777); err == nil {
			to, err = os.OpenFile(r.at(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		}
	}
	if err != nil {
		return err
	}
	n, err := io.Copy(to, io.LimitReader(from, mostBytes-r.bytes+1))
	r.files++
	r.bytes += n
	if err := errors.Join(err, to.Close()); err != nil {
		return err
	}
	if r.files > mostFiles || r.bytes > mostBytes {
		return &untriableError{fmt.Sprintf("its modules have more than %d files or %d GB", mostFiles, mostBytes>>30)}
	}
	return nil
}

// reset takes back what a plan has changed in the copy.
func (r *replica) reset(ctx context.Context) error {
	for _, set := range []map[string][]byte{r.saved, r.edited} {
		for path, data := range set {
			if err := restore(r.at(path), data); err != nil {
				return err
			}
		}
	}
	clear(r.edited)
	for _, dir := range r.created {
		if err := scratch.RemoveAll(r.at(dir)); err != nil {
			return err
		}
	}
	r.created = nil
	if r.vendor == "" {
		return nil
	}
	if err := scratch.RemoveAll(r.at(r.vendor)); err != nil {
		return err
	}
	r.files, r.bytes = 0, 0
	return r.copyTree(ctx, r.vendor, nil)
}

// restore gives a file its former content; nil removes it.
func restore(path string, data []byte) error {
	if data == nil {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if now, err := os.ReadFile(path); err == nil && bytes.Equal(now, data) {
		return nil
	}
	return os.WriteFile(path, data, 0o666)
}

// remove removes the copy. What cannot be removed goes with the other temporary files.
func (r *replica) remove() {
	if r.dir != "" {
		_ = scratch.RemoveAll(r.dir)
	}
}

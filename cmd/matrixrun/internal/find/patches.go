package find

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
	"github.com/matrixrun/matrixrun/patches"
)

// patchesDir is where a project has its patches, below the working folder.
const patchesDir = "patches"

// IsDiff reports whether the name of a patch is that of a diff file: a file, or a
// name that ends like one. A patch below ./patches or a shipped one goes first.
func IsDiff(name string) bool {
	if !isPath(name) && slices.Contains(Patches(), name) {
		return false
	}
	info, err := os.Stat(name)
	if err != nil {
		ext := filepath.Ext(name)
		return ext == ".patch" || ext == ".diff"
	}
	return !info.IsDir()
}

// isPath reports whether the name of a patch is a path, which has a slash.
func isPath(name string) bool { return strings.ContainsAny(name, `/\`) }

// A Loaded is a patch that a command line names.
type Loaded struct {
	*matrix.Patch
	Path     string             // by which Patch finds it
	Strip    int                // with these names in it, if it is a diff file; see spec.NamesIn
	Releases *matrix.Constraint // of a diff file's header: those it would be for in a patch's folder
}

// CheckedPatches returns the patches that LoadPatches reads. It checks them against a suite,
// unless that is nil.
func CheckedPatches(ctx context.Context, name string, names spec.Names, suite *matrix.Spec) ([]*matrix.Patch, error) {
	loaded, err := LoadPatches(ctx, name, names)
	if err != nil {
		return nil, err
	}
	var problems matrix.Problems
	var all []*matrix.Patch
	for _, l := range loaded {
		all = append(all, l.Patch)
		if suite == nil {
			continue
		}
		if err := problems.Join(spec.CheckPatch(l.Patch, suite.Lock, suite.Scenarios)); err != nil {
			return nil, err
		}
	}
	return all, problems.Err()
}

// LoadPatches reads the patches that a name stands for: one, as for Patch, or those of a
// quilt series, in its order. The error has the mistakes in all of them.
func LoadPatches(ctx context.Context, name string, names spec.Names) ([]Loaded, error) {
	series, err := seriesOf(name)
	if err != nil {
		return nil, err
	}
	if series == nil {
		if !IsDiff(name) {
			p, err := Patch(ctx, name, names)
			return []Loaded{{Patch: p, Path: name, Strip: names.Strip}}, err
		}
		p, releases, err := spec.LoadDiff(ctx, name, names)
		return []Loaded{{p, name, names.Strip, &releases}}, err
	}
	var problems matrix.Problems
	var all []Loaded
	for _, part := range series {
		own := names
		if part.strip >= 0 {
			own.Strip = part.strip
		}
		p, releases, err := spec.LoadDiff(ctx, part.file, own)
		if err := problems.Join(err); err != nil {
			return nil, err
		}
		all = append(all, Loaded{p, part.file, own.Strip, &releases})
	}
	return all, problems.Err()
}

// Patch reads a patch: a diff file, with its names as names says; a folder, if the name is
// a path; or one below ./patches, or else a shipped one.
func Patch(ctx context.Context, name string, names spec.Names) (*matrix.Patch, error) {
	if IsDiff(name) {
		p, _, err := spec.LoadDiff(ctx, name, names)
		return p, err
	}
	if isPath(name) {
		return spec.LoadPatch(os.DirFS(name), filepath.ToSlash(filepath.Clean(name)))
	}
	if dir, ok := patchFolder(name); ok {
		return spec.LoadPatch(os.DirFS(dir), path.Join(patchesDir, name))
	}
	if slices.Contains(Patches(), name) {
		files, err := fs.Sub(patches.Files, name)
		if err != nil {
			return nil, err
		}
		return spec.LoadPatch(files, path.Join(patchesDir, name))
	}
	return nil, matrix.Mistake("--patch: %s", UnknownPatch(name))
}

// UnknownPatch says that there is no patch with a name, and which one may have been meant.
func UnknownPatch(name string) string {
	return fmt.Sprintf("unknown patch %q (for a folder, write ./%s): %s", name, name, text.Hint(name, Patches()))
}

// PatchPath returns a path by which a patch can be named in any folder, or the
// name itself for a shipped one.
func PatchPath(name string) string {
	if isPath(name) {
		return Absolute(name)
	}
	if dir, ok := patchFolder(name); ok {
		return Absolute(dir)
	}
	return name
}

// IsLocalPatch reports whether the name of a patch is that of a folder below ./patches.
func IsLocalPatch(name string) bool {
	_, ok := patchFolder(name)
	return ok
}

// patchFolder returns the folder of a patch below ./patches, if there is one.
func patchFolder(name string) (dir string, ok bool) {
	dir = filepath.Join(patchesDir, name)
	return dir, isFolder(dir)
}

// Absolute returns a path that means the same in every folder, or the path itself
// if the working folder is unknown.
func Absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// Patches lists the names of the shipped patches and of those below ./patches,
// sorted.
func Patches() []string {
	names := append(folders(patches.Files), folders(os.DirFS(patchesDir))...)
	slices.Sort(names)
	return slices.Compact(names)
}

// PatchesFor lists the names of the patches for a suite, sorted: those below
// ./patches, and for the default suite the shipped ones too, which are for it.
func PatchesFor(suite []string) []string {
	if SuiteName(suite) != DefaultSuite {
		return folders(os.DirFS(patchesDir))
	}
	return Patches()
}

// folders lists the folders at the top of a file system, none if it cannot be
// read.
func folders(files fs.FS) []string {
	entries, _ := fs.ReadDir(files, ".")
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

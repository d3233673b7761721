// Package target unpacks a release of the module under test into a folder and
// applies patches to it. Both the trees of a run and the forks that users build
// against are made here, so they are the same.
package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/diff"
)

// Lay unpacks a release into dir, an empty or missing folder, and applies patches
// in order. It returns how each of them applied, and what of it was left out.
//
// Lay stops at the first patch that conflicts, because later patches build on
// earlier ones; conflict then names the patch and explains why. A patch that leaves
// a tree that is not a module conflicts too, or one that needs a newer Go than goVersion,
// which may be empty. The error is of type matrix.Problems if a
// patch contains something that is not allowed, and that of ctx if it is cancelled.
func Lay(ctx context.Context, dir string, src matrix.Source, patches []matrix.Variant, goVersion string) (applied []matrix.Applied, conflict string, err error) {
	if err := Unpack(ctx, dir, src); err != nil {
		return nil, "", err
	}
	return Apply(ctx, dir, src, patches, goVersion)
}

// Apply is Lay in a folder that has the release already.
func Apply(ctx context.Context, dir string, src matrix.Source, patches []matrix.Variant, goVersion string) (applied []matrix.Applied, conflict string, err error) {
	for _, v := range patches {
		a, why, err := apply(ctx, dir, src, v, goVersion)
		if err != nil {
			return nil, "", err
		}
		applied = append(applied, a)
		if why != "" {
			return applied, fmt.Sprintf("%s does not go on %s:\n%s", v.File, src.Name(), why), nil
		}
	}
	return applied, "", nil
}

// apply applies one patch to the tree of a release: the first of its variants that
// applies. It returns why the patch conflicts, or "".
func apply(ctx context.Context, dir string, src matrix.Source, v matrix.Variant, goVersion string) (a matrix.Applied, conflict string, err error) {
	before, err := readModule(dir)
	if err != nil {
		return a, "", err
	}
	if a, conflict, err = applyOne(ctx, dir, v); err != nil {
		return a, "", err
	}
	if conflict == "" {
		var settings []string
		settings, conflict, err = before.contain(dir, src, goVersion)
		a.LeftOut = append(slices.Clip(a.LeftOut), settings...)
	}
	if conflict == "" && err == nil {
		conflict, err = invalid(dir)
	}
	if conflict != "" {
		a.Apply, a.Offset = matrix.ApplyConflict, 0
	}
	return a, conflict, err
}

// applyOne applies the first variant of a patch that applies. If none does, the conflict
// is that of the first, with a line for each of the others, and all of them were passed.
func applyOne(ctx context.Context, dir string, v matrix.Variant) (first matrix.Applied, conflict string, err error) {
	var passed []matrix.Passed
	for i, one := range append([]matrix.Variant{v}, v.Others...) {
		a, why, err := applyVariant(ctx, dir, one)
		switch {
		case err != nil:
			return a, "", err
		case why == "" && len(v.Others) > 0:
			a.Releases, a.Passed = one.Releases.String(), passed
			return a, "", nil
		case why == "":
			return a, "", nil
		case i == 0:
			first, conflict = a, why
		default:
			conflict += fmt.Sprintf("\nnor does the variant for %s: %s", one.Releases, matrix.Gist(why))
		}
		passed = append(passed, matrix.Passed{Releases: one.Releases.String(), Why: "it does not apply: " + matrix.Gist(why)})
	}
	if len(passed) > 1 {
		first.Passed = passed
	}
	return first, conflict, nil
}

// applyVariant applies one variant of a patch. After a conflict, nothing is changed.
func applyVariant(ctx context.Context, dir string, v matrix.Variant) (a matrix.Applied, conflict string, err error) {
	d, err := diff.Parse(v.File, v.DiffLine, v.Diff)
	if err != nil {
		return a, "", err
	}
	if v.In != "" {
		why, err := contained(ctx, dir, d, v)
		return matrix.Applied{Name: v.Patch, SHA256: v.SHA256, Apply: matrix.ApplyAlready, Why: why}, "", err
	}
	result, err := d.Apply(ctx, dir)
	if err != nil {
		return a, "", err
	}
	return matrix.Applied{
		Name: v.Patch, SHA256: v.SHA256, Apply: result.Apply, Offset: result.Offset, Aside: result.Aside,
		May:     may(result, v),
		LeftOut: slices.Compact(slices.Sorted(slices.Values(slices.Concat(v.LeftOut, d.LeftOut())))),
	}, result.Conflict, nil
}

// contained returns why a tree is known to have a variant. That is not applied again, even
// if it could be: a later commit may have put something better in its place.
func contained(ctx context.Context, dir string, d *diff.Diff, v matrix.Variant) (string, error) {
	again, _, err := d.Check(ctx, os.DirFS(dir))
	if again.Apply == matrix.ApplyExact || again.Apply == matrix.ApplyOffset {
		return v.In + ", and a later commit moved or removed its lines: it would apply again", err
	}
	return v.In, err
}

// may returns why a release may have a variant that conflicts.
func may(r diff.Result, v matrix.Variant) string {
	if r.Apply != matrix.ApplyConflict {
		return ""
	}
	return cmp.Or(v.May, r.May)
}

// invalid returns why a tree cannot be published as a module, or "". The tree of a
// release can.
func invalid(dir string) (string, error) {
	checked, err := zip.CheckDir(dir)
	switch reason := checked.Err(); {
	case reason == nil:
		return "", err
	case len(checked.Invalid) == 0:
		return fmt.Sprintf("with the patch, the module is too large: %v", reason), nil
	}
	bad := checked.Invalid[0]
	name, err := filepath.Rel(dir, bad.Path)
	return fmt.Sprintf("%s: a module can't have this file: %v", filepath.ToSlash(name), bad.Err), err
}

// GoMod returns the go.mod of the tree in dir. A release from before modules has
// none, but the target of a replace line needs one: GoMod then writes one with the
// given module path, and made is true.
func GoMod(dir, path string) (data []byte, made bool, err error) {
	file := filepath.Join(dir, "go.mod")
	data, err = os.ReadFile(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return data, false, err
	}
	data = []byte("module " + modfile.AutoQuote(path) + "\n")
	return data, true, os.WriteFile(file, data, 0o666)
}

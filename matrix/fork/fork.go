// Package fork turns a release and patches into something that others can build
// against: a folder for a replace line, and a module version in the layout of
// module proxies. A run does not need it; the command uses it directly.
//
//	Row, Source  Lay        -> *Fork   the patched tree, as a module version with checksums
//	*Fork        WriteTree  -> DIR     the tree, and its provenance in DIR/FORK
//	             WriteProxy -> DIR     MODULE/@v/{list,VERSION.info,VERSION.mod,VERSION.zip}
//
// The fork keeps the module path under which the release was published, because
// programs import that. What is made from another fork keeps the path in its go.mod.
// The same inputs give the same bytes: no file depends on the machine, the date or
// the place.
package fork

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/diff"
	"github.com/matrixrun/matrixrun/matrix/internal/target"
)

// A Fork is a release with patches applied, in a folder of the caller.
type Fork struct {
	About
	Tree     string // the folder with the patched tree
	Conflict string // why a patch did not apply; if set, only Tree and Applied are valid
	Applied  []matrix.Applied

	patches []matrix.Variant
	zip     string // file with the tree as a module zip
	gomod   []byte // for the .mod file of a proxy
	sums    []byte // content of SHA256SUMS
}

// A Maker describes who made a fork, for its provenance.
type Maker struct {
	Tool      string // version of matrixrun
	Toolchain string // version of Go that compiled it, such as "go1.26.8"
}

// Lay makes the fork of a row in dir, an empty or missing folder that the caller
// removes. src is the verified release of the row.
//
// A patch that does not apply is not an error: f.Conflict then explains why, and
// the fork must not be written. The error is of type matrix.Problems if a patch
// contains something that is not allowed.
func Lay(ctx context.Context, dir string, spec *matrix.Spec, row matrix.Row, src matrix.Source, by Maker) (*Fork, error) {
	f := &Fork{Tree: filepath.Join(dir, "tree"), patches: row.Patches, zip: filepath.Join(dir, "module.zip")}
	err := f.lay(ctx, spec, src, by)
	if err != nil {
		return nil, fmt.Errorf("laying out a fork of %s: %w", src.Name(), err)
	}
	return f, nil
}

func (f *Fork) lay(ctx context.Context, spec *matrix.Spec, src matrix.Source, by Maker) (err error) {
	f.Applied, f.Conflict, err = target.LayAlone(ctx, f.Tree, spec.Target.Module, src, f.patches, by.Toolchain)
	if err != nil || f.Conflict != "" {
		return err
	}
	f.patches = slices.Clone(f.patches)
	for i, a := range f.Applied {
		f.patches[i] = f.patches[i].Taken(a.SHA256)
	}
	if f.Conflict, err = taken(f.patches); err != nil || f.Conflict != "" {
		return err
	}
	var made bool
	if f.gomod, made, err = target.GoMod(f.Tree, src.Path()); err != nil {
		return err
	}
	files, err := list(ctx, f.Tree)
	if err != nil {
		return err
	}
	if made {
		// A folder for a replace line needs a go.mod, but the module version has
		// none, like the release: +incompatible versions must not have one.
		files = files.without("go.mod")
	}
	if f.sums, err = files.sums(); err != nil {
		return err
	}
	f.About = f.about(spec, src, by)
	if f.Sum, err = files.zip(f.zip, f.Module, f.Version); err != nil {
		return err
	}
	f.GoModSum, err = dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(f.gomod)), nil
	})
	return err
}

// taken explains that a patch uses the folder of the provenance, or returns "".
func taken(patches []matrix.Variant) (string, error) {
	for _, v := range patches {
		d, err := diff.Parse(v.File, v.DiffLine, v.Diff)
		if err != nil {
			return "", err
		}
		for _, name := range d.Paths() {
			if folder, _, _ := strings.Cut(name, "/"); strings.EqualFold(folder, aboutDir) {
				return fmt.Sprintf("%s changes %s: in a fork, %s describes the fork", v.File, name, aboutDir), nil
			}
		}
	}
	return "", nil
}

// Already reports whether the release has all patches already, so that there is
// nothing to fork.
func (f *Fork) Already() bool {
	for _, a := range f.Applied {
		if a.Apply != matrix.ApplyAlready {
			return false
		}
	}
	return true
}

// digest distinguishes forks of the same release by their patches and the resulting
// tree. It has 12 digits, like the commit hash in a pseudo-version.
func (f *Fork) digest(src matrix.Source) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %s\n", src.Module, src.Version, src.Sum)
	var patches []string
	for _, p := range f.patches {
		patches = append(patches, p.Patch+" "+p.SHA256+"\n")
	}
	slices.Sort(patches) // their order counts only if it changes the tree
	h.Write([]byte(strings.Join(patches, "")))
	h.Write(f.sums)
	return fmt.Sprintf("%x", h.Sum(nil))[:12]
}

// Package fork makes of a release and patches what others can build against: a
// folder that a replace line names, and a version of the module in the layout
// that module proxies have. No stage of a run needs it; the command drives it
// beside them.
//
//	Row, Source  Lay        -> *Fork   the tree, patched, as a module version with its checksums
//	*Fork        WriteTree  -> DIR     the tree, and in DIR/FORK what it is made of
//	             WriteProxy -> DIR     MODULE/@v/{list,VERSION.info,VERSION.mod,VERSION.zip}
//
// The release keeps the path that it was published under, since that is what
// programs which use it import. The same inputs make the same bytes: nothing of
// the machine, the day or the place gets into a file.
package fork

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/target"
)

// A Fork is a release with patches applied, laid out in a folder of the
// caller's.
type Fork struct {
	About
	Tree     string // the folder with the patched tree
	Conflict string // why a patch did not go on; empty where all did. Then there is no more than Applied and Tree
	Applied  []matrix.Applied

	patches []matrix.Variant
	zip     string // the tree as a module zip, a file
	gomod   []byte // as a proxy serves it
	sums    []byte // a line "SHA-256, path" for each file of the tree
}

// A Maker is who makes a fork, for its provenance.
type Maker struct {
	Tool      string // the version of matrixrun
	Toolchain string // the version of Go that compiles it, such as "go1.26.8"
}

// Lay lays the fork of a row out in dir, an empty or missing folder that stays
// the caller's to remove. src is the row's release, verified by the caller.
//
// A patch that does not go on is no error: the fork then tells which one and
// why, and cannot be written. The error is of type matrix.Problems where a patch
// holds what is refused.
func Lay(dir string, spec *matrix.Spec, row matrix.Row, src matrix.Source, by Maker) (*Fork, error) {
	f := &Fork{Tree: filepath.Join(dir, "tree"), patches: row.Patches, zip: filepath.Join(dir, "module.zip")}
	err := f.lay(spec, src, by)
	if err != nil {
		return nil, fmt.Errorf("laying out a fork of %s: %w", src.Version, err)
	}
	return f, nil
}

func (f *Fork) lay(spec *matrix.Spec, src matrix.Source, by Maker) (err error) {
	f.Applied, f.Conflict, err = target.Lay(f.Tree, src, f.patches)
	if err != nil || f.Conflict != "" {
		return err
	}
	var made bool
	if f.gomod, made, err = target.GoMod(f.Tree, src.Module); err != nil {
		return err
	}
	files, err := list(f.Tree)
	if err != nil {
		return err
	}
	if made {
		// The folder needs a go.mod. The version has none, as the release: it
		// would be at odds with versions that are +incompatible.
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

// Already reports whether the release has all the patches: then there is nothing
// to fork.
func (f *Fork) Already() bool {
	for _, a := range f.Applied {
		if a.Apply != matrix.ApplyAlready {
			return false
		}
	}
	return true
}

// digest tells forks of one release apart: by their patches, byte for byte, and
// by the tree that came of them. Twelve digits are what the go command takes of
// a commit.
func (f *Fork) digest(src matrix.Source) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %s\n", src.Module, src.Version, src.Sum)
	for _, p := range f.patches {
		fmt.Fprintf(h, "%s %s\n", p.Patch, p.SHA256)
	}
	h.Write(f.sums)
	return fmt.Sprintf("%x", h.Sum(nil))[:12]
}

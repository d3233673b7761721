// Package diff applies unified diffs to a tree of files, by exact context at
// any offset and never by less: a hunk goes on where every line of it stands,
// or it does not go on. What it may not do is guess.
//
//	text  Parse  -> *Diff    refuses what a patch must not hold, with its line
//	*Diff Check  -> Result   how it goes on a tree, and the edits it comes to
//	      Apply              the same, and makes the edits: all of them or none
//
// The parsing of headers and hunks is go-gitdiff's. That library applies a hunk
// at its own line alone, so the search for the right place is done here.
package diff

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Diff is a unified diff that was read and may be applied to any number of
// trees.
type Diff struct {
	file    string // as the user would name it
	changes []change
	unix    *Diff // the same without its CRs, where every line ends in CRLF: it may have come through Windows
}

// A change is what a diff does to one file.
type change struct {
	from, to string      // paths in the tree; from is empty for a new file, to for a deleted one
	copied   bool        // from stays
	like     string      // only where a copy is undone: the file that to must equal
	mode     fs.FileMode // permissions to give; 0 keeps those that the file has
	line     int         // of its header, in the patch's file
	hunks    []hunk
}

// name returns the path that messages name.
func (c change) name() string {
	if c.from != "" {
		return c.from
	}
	return c.to
}

// Paths lists the files that the diff is about, under their old and their new
// names, slash-separated and sorted.
func (d *Diff) Paths() []string {
	var paths []string
	for _, c := range d.changes {
		for _, name := range []string{c.from, c.to} {
			if name != "" {
				paths = append(paths, name)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// A Result says how a diff goes on a tree.
type Result struct {
	Apply    matrix.Apply
	Offset   int    // lines from where its numbers say, negative for upwards; of the hunk that moved furthest
	Conflict string // for people, several lines: what stands in the way; empty where nothing does
}

// An Edit is one file that applying a diff writes or removes.
type Edit struct {
	Path   string // slash-separated, below the tree's root
	Remove bool
	Data   []byte      // unset where the file is removed
	Mode   fs.FileMode // permissions
}

// Check finds out how the diff goes on a tree and returns the edits that this
// takes: none where it conflicts or is there already. Nothing is written.
//
// Where the diff's numbers hold, they win: if it goes on exactly there, it is
// exact; if what it makes stands exactly there, it is there already. Only then
// are other lines looked at, in the same order.
//
// A diff of which every line ends in CRLF, its own headers too, went through a
// system that ends lines so. Where it does not go on as it is, it is taken for
// what it was before that.
//
// A tree that the diff must not touch, because one of its paths leads through
// a symbolic link, is told by an error of type matrix.Problems.
func (d *Diff) Check(tree fs.FS) (Result, []Edit, error) {
	result, edits, err := d.check(tree)
	if err != nil || result.Apply != matrix.ApplyConflict || d.unix == nil {
		return result, edits, err
	}
	return d.unix.check(tree)
}

func (d *Diff) check(tree fs.FS) (Result, []Edit, error) {
	if err := d.refuseLinks(tree); err != nil {
		return Result{}, nil, err
	}
	forth, err := try(tree, d.file, d.changes)
	if err != nil {
		return Result{}, nil, err
	}
	switch {
	case forth.exact() && forth.idle:
		return Result{Apply: matrix.ApplyAlready}, nil, nil
	case forth.exact():
		return Result{Apply: matrix.ApplyExact}, forth.edits, nil
	}
	back, err := try(tree, d.file, undo(d.changes))
	switch {
	case err != nil:
		return Result{}, nil, err
	case back.exact(), back.fits() && !forth.fits():
		return Result{Apply: matrix.ApplyAlready}, nil, nil
	case !forth.fits():
		return Result{Apply: matrix.ApplyConflict, Conflict: forth.conflict()}, nil, nil
	}
	return Result{Apply: matrix.ApplyOffset, Offset: forth.offset}, forth.edits, nil
}

// Apply applies the diff to the folder root, whose files need not be writable.
// All files are checked before the first is written: a conflict leaves the
// folder as it was. The error is as for Check, or says that a file could not
// be read or written.
func (d *Diff) Apply(root string) (Result, error) {
	// The root refuses every path that would leave it, whatever was overlooked.
	r, err := os.OpenRoot(root)
	if err != nil {
		return Result{}, fmt.Errorf("applying %s: %w", d.file, err)
	}
	defer r.Close() // only read through; writes close their own files
	result, edits, err := d.Check(r.FS())
	if err == nil {
		err = write(r, edits)
	}
	if problems := (matrix.Problems{}); errors.As(err, &problems) {
		return Result{}, problems
	}
	if err != nil {
		return Result{}, fmt.Errorf("applying %s: %w", d.file, err)
	}
	return result, nil
}

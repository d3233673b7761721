// Package diff applies unified diffs to a tree of files. It requires every line of
// a hunk, context included, to match, but allows any offset. If a hunk matches at
// several places or at none, that is a conflict: the package never guesses.
//
//	text  Parse  -> *Diff    reports what a patch must not contain, with line numbers
//	*Diff Check  -> Result   how the diff applies to a tree, and the edits
//	      Apply              the same, and makes the edits: all or none
//
// A series of commits in one file is applied step by step. The source files of a
// module decide how a diff applies; its tests and documents go on where they can.
//
// Headers and hunks are parsed by go-gitdiff. That library applies a hunk only at
// the line of its header, so this package searches for the place.
package diff

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Diff is a parsed unified diff. It can be applied to any number of trees.
type Diff struct {
	file    string     // name of the patch file in messages
	text    []byte     // see Text
	steps   [][]change // each is for the tree that the one before it leaves
	leftOut []string
	unix    *Diff // the same with LF line ends, if all lines end in CRLF; otherwise nil
}

// A change is what a diff does to one file.
type change struct {
	from, to string      // paths in the tree; from is empty for a new file, to for a deleted one
	copied   bool        // from is kept
	movedOut bool        // to is empty because the file is moved out of the module
	like     string      // only if a copy is undone: the file that from must equal to be removed
	mode     fs.FileMode // new permissions; 0 keeps those of the file
	line     int         // of its header, in the patch file
	cut      int         // folders that were removed from the beginning of its names
	hunks    []hunk
}

// name returns the path to use in messages.
func (c change) name() string {
	if c.from != "" {
		return c.from
	}
	return c.to
}

// Paths returns the files that the diff names, under their old and new names,
// slash-separated and sorted.
func (d *Diff) Paths() []string {
	var paths []string
	for _, c := range d.changes() {
		for _, name := range []string{c.from, c.to} {
			if name != "" {
				paths = append(paths, name)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// LeftOut returns the files that the diff changes and that are not changed when it is
// applied, because they do not belong to the module or because programs would obey
// them. The paths are sorted.
func (d *Diff) LeftOut() []string { return d.leftOut }

// Text returns the diff with the names of files relative to the module's root. It has
// as many lines as the text that was parsed.
func (d *Diff) Text() []byte { return d.text }

// Parted says by which rules the diff is judged other than as a single list of changes that
// all decide: it has several steps or files that do not decide, and files that decide if the
// tree embeds them. It is empty for most diffs.
func (d *Diff) Parted() (rules string) {
	core, aside := parted(d.changes(), change.decides)
	if len(d.steps) > 1 || len(core) > 0 && len(aside) > 0 {
		rules = "parted"
	}
	if slices.ContainsFunc(aside, func(c change) bool { return embeddable(c.from) || embeddable(c.to) }) {
		rules += " embeddable"
	}
	return rules
}

// changes returns the changes of all steps.
func (d *Diff) changes() []change { return slices.Concat(d.steps...) }

// Undone returns the diff that takes back what this one changes. Permissions are not
// taken back.
func (d *Diff) Undone() *Diff {
	back := &Diff{file: d.file, leftOut: d.leftOut}
	for _, changes := range slices.Backward(d.steps) {
		back.steps = append(back.steps, undo(changes))
	}
	if d.unix != nil {
		back.unix = d.unix.Undone()
	}
	return back
}

// Only returns the part of the diff that changes certain files.
func (d *Diff) Only(wanted func(path string) bool) *Diff {
	part := &Diff{file: d.file, leftOut: d.leftOut}
	for _, changes := range d.steps {
		part.steps = append(part.steps, slices.DeleteFunc(slices.Clone(changes), func(c change) bool { return !wanted(c.name()) }))
	}
	if d.unix != nil {
		part.unix = d.unix.Only(wanted)
	}
	return part
}

// A Result describes how a diff applies to a tree.
type Result struct {
	Apply    matrix.Apply
	Offset   int            // in lines, negative for upwards; of the hunk that moved furthest
	Conflict string         // explains a conflict, in several lines; otherwise empty
	May      string         // why the tree may have the change all the same, in another form
	Aside    []matrix.Aside // files that stay as they are, because they conflict and do not decide
}

// An Edit is a file that is written or removed when a diff is applied.
type Edit struct {
	Path   string // slash-separated, relative to the root of the tree
	Remove bool
	Data   []byte      // nil if the file is removed
	Mode   fs.FileMode // permissions
}

// Check determines how the diff applies to a tree and returns the edits that this
// takes. There are none if the diff conflicts or was applied already. Check writes
// nothing.
//
// The line numbers of the diff are tried first: if the old lines are exactly there,
// the result is exact; if the new lines are exactly there, it is already. Only then
// are other places searched, in the same order.
//
// The files that decide are those of deciding. The others are changed if they can be,
// all of a package or none, and otherwise are in Aside.
//
// A diff whose lines all end in CRLF, headers included, was probably converted by a
// system with such line ends. If it conflicts, Check tries it with LF.
//
// The error is of type matrix.Problems if a path of the diff leads through a
// symbolic link of the tree, and that of ctx if it is cancelled.
func (d *Diff) Check(ctx context.Context, tree fs.FS) (Result, []Edit, error) {
	result, edits, err := d.check(ctx, tree)
	if err != nil || result.Apply != matrix.ApplyConflict || d.unix == nil {
		return result, edits, err
	}
	return d.unix.check(ctx, tree)
}

// Apply applies the diff to the folder root. Its files need not be writable. All
// files are checked before the first is written, so a conflict leaves the folder
// unchanged. After an error the folder may have some of the edits. Errors are those of
// Check and those of reading and writing files.
func (d *Diff) Apply(ctx context.Context, root string) (Result, error) {
	// An os.Root rejects paths that leave it, even if the checks above missed one.
	r, err := os.OpenRoot(root)
	if err != nil {
		return Result{}, fmt.Errorf("applying %s: %w", d.file, err)
	}
	defer r.Close() // files are closed where they are opened
	result, edits, err := d.Check(ctx, r.FS())
	if err == nil {
		err = write(ctx, r, edits)
	}
	if problems := (matrix.Problems{}); errors.As(err, &problems) {
		return Result{}, problems
	}
	if err != nil {
		return Result{}, fmt.Errorf("applying %s: %w", d.file, err)
	}
	return result, nil
}

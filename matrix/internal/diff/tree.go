package diff

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// isNotDir reports whether an error occurred because a parent of the path is a
// file.
func isNotDir(err error) bool { return errors.Is(err, syscall.ENOTDIR) }

// above returns the parent folders of a path, outermost first, and the path itself.
func above(name string) []string {
	var prefixes []string
	for i, c := range name {
		if c == '/' {
			prefixes = append(prefixes, name[:i])
		}
	}
	return append(prefixes, name)
}

// refuseLinks reports symbolic links on the paths of the diff. A patch may come
// from a stranger, and a link could lead anywhere.
func (d *Diff) refuseLinks(ctx context.Context, tree fs.FS) error {
	var problems matrix.Problems
	for _, c := range d.changes() {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, name := range []string{c.from, c.to} {
			link, err := linkOn(tree, name)
			if err != nil {
				return err
			}
			if link != "" {
				problems.Add(d.file, c.line, "%s is a symbolic link in the tree: patches must not go through links", link)
				break
			}
		}
	}
	return problems.Err()
}

// linkOn returns the first symbolic link on a path, or "".
func linkOn(tree fs.FS, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	for _, prefix := range above(name) {
		info, err := fs.Lstat(tree, prefix)
		switch {
		case missing(err):
			return "", nil
		case err != nil:
			return "", fmt.Errorf("reading the tree: %w", err)
		case info.Mode()&fs.ModeSymlink != 0:
			return prefix, nil
		}
	}
	return "", nil
}

// write makes the edits below root. A changed file is created again, because the old
// one may be read-only, or a hard link shared with another tree.
func write(ctx context.Context, root *os.Root, edits []Edit) error {
	for _, e := range edits {
		if err := ctx.Err(); err != nil {
			return err
		}
		// A path may be removed twice, by a rename and by a new file.
		if err := root.Remove(e.Path); err != nil && !missing(err) {
			return err
		}
	}
	for _, e := range edits {
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.Remove {
			continue
		}
		if err := root.MkdirAll(path.Dir(e.Path), 0o755); err != nil {
			return err
		}
		if err := create(root, e); err != nil {
			return err
		}
	}
	return nil
}

// create writes a new file.
func create(root *os.Root, e Edit) (err error) {
	f, err := root.OpenFile(e.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, e.Mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(e.Data)
	return err
}

// numbers returns line numbers as text: "lines 3 and 17".
func numbers(indexes []int) string {
	const most = 4
	var names []string
	for _, i := range indexes[:min(most, len(indexes))] {
		names = append(names, fmt.Sprint(i+1))
	}
	if more := len(indexes) - most; more > 0 {
		names = append(names, fmt.Sprintf("%d other places", more))
	}
	return "lines " + text.List(names)
}

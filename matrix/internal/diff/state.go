package diff

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// A state is a tree with edits that are not written yet.
type state struct {
	tree   fs.FS
	edited map[string]Edit // by path
}

func newState(tree fs.FS) *state { return &state{tree: tree, edited: map[string]Edit{}} }

// change adds edits. A path that is removed and written is written, as by write.
func (s *state) change(edits []Edit) {
	for _, remove := range []bool{true, false} {
		for _, e := range edits {
			if e.Remove == remove {
				s.edited[e.Path] = e
			}
		}
	}
}

// edits returns all edits, sorted by path.
func (s *state) edits() []Edit {
	var all []Edit
	for _, name := range slices.Sorted(maps.Keys(s.edited)) {
		all = append(all, s.edited[name])
	}
	return all
}

// A view is a file of the tree.
type view struct {
	exists, regular bool
	data            []byte
	mode            fs.FileMode
}

// look reads a file. A missing file is not an error, and neither is an empty path.
func (s *state) look(name string) (view, error) {
	if name == "" {
		return view{mode: 0o644}, nil
	}
	if e, ok := s.edited[name]; ok {
		return view{exists: !e.Remove, regular: !e.Remove, data: e.Data, mode: e.Mode}, nil
	}
	info, err := fs.Lstat(s.tree, name)
	switch {
	case missing(err):
		return view{}, nil
	case err != nil:
		return view{}, fmt.Errorf("reading the tree: %w", err)
	case !info.Mode().IsRegular():
		return view{exists: true}, nil
	}
	data, err := fs.ReadFile(s.tree, name)
	if err != nil {
		return view{}, fmt.Errorf("reading the tree: %w", err)
	}
	return view{exists: true, regular: true, data: data, mode: info.Mode()}, nil
}

// blocked returns why a change cannot write its file: another file is there and
// stays, or a parent folder is a file.
func (s *state) blocked(c change, leaving map[string]bool) (string, error) {
	if c.to == "" || c.from == c.to {
		return "", nil
	}
	for _, prefix := range above(path.Dir(c.to)) {
		if e, ok := s.edited[prefix]; ok && e.Remove {
			break
		} else if ok {
			return fmt.Sprintf("would be created, but %s is not a folder", prefix), nil
		}
		info, err := fs.Lstat(s.tree, prefix)
		if missing(err) {
			continue // an edit may have made it
		}
		if err != nil {
			return "", fmt.Errorf("reading the tree: %w", err)
		}
		if !info.IsDir() {
			return fmt.Sprintf("would be created, but %s is not a folder", prefix), nil
		}
	}
	at, err := s.look(c.to)
	if err == nil && at.exists && !leaving[c.to] {
		return "would be created, but exists already", nil
	}
	return "", err
}

// absence explains why there is no regular file for a change. The names of a diff may begin
// with folders that the tree does not have: then lines of it are in the file without them.
func (s *state) absence(ctx context.Context, c change, v view) (string, error) {
	if v.exists {
		return "is not a regular file", nil
	}
	first, _, _ := strings.Cut(c.from, "/")
	if _, err := fs.Lstat(s.tree, first); !missing(err) {
		return "there is no such file", err
	}
	cut := c.cut
	for rest := c.from; strings.Contains(rest, "/"); {
		cut++
		_, rest, _ = strings.Cut(rest, "/")
		at, err := s.look(rest)
		if err != nil {
			return "", err
		}
		lines := newDocument(split(string(at.data)))
		if at.regular && slices.ContainsFunc(c.hunks, func(h hunk) bool { return len(lines.places(ctx, h, 1)) > 0 }) {
			return fmt.Sprintf("there is no such file, but there is %s: with -p %d the patch is for that", rest, cut), nil
		}
	}
	return "there is no such file", nil
}

// missing reports whether an error means that a file does not exist.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) || isNotDir(err) }

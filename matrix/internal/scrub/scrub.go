// Package scrub removes the paths of this machine from text that is kept, such as
// compiler output or the log of a crash.
package scrub

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
)

// A Path is a path of this machine and the name that replaces it in kept text.
type Path struct {
	Path string // absolute, or relative in the way that a tool prints it
	Name string
}

// Cut replaces paths in a text by their names, longest path first. A path is also
// found in the form that its symbolic links resolve to. Only whole path elements
// are replaced: "/a/b" is found in "/a/b/c" and in "/a/b:1", but not in "/a/bc".
// The paths "", ".", ".." and "/" are ignored.
func Cut(text string, paths ...Path) string {
	all := make([]Path, 0, 2*len(paths))
	for _, p := range paths {
		all = append(all, p)
		if real, err := filepath.EvalSymlinks(p.Path); err == nil && filepath.IsAbs(p.Path) {
			all = append(all, Path{real, p.Name})
		}
	}
	slices.SortStableFunc(all, func(a, b Path) int { return cmp.Compare(len(b.Path), len(a.Path)) })
	for _, p := range all {
		path := filepath.Clean(p.Path)
		if p.Path == "" || path == "." || path == ".." || filepath.Dir(path) == path {
			continue
		}
		text = replace(text, path, p.Name)
	}
	return text
}

// replace replaces one path in a text.
func replace(text, path, name string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, path)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		startsInside := before != "" && inElement(before[len(before)-1])
		if startsInside || after != "" && inElement(after[0]) {
			b.WriteString(path)
		} else {
			b.WriteString(name)
		}
		text = after
	}
}

// inElement reports whether c can continue a file name. It returns false for a dot,
// which may end a sentence.
func inElement(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c >= 0x80
}

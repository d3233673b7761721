package content

import (
	"bytes"
	"slices"
	"strings"
)

// here is what a text has instead of the path of its module. No Go code has a zero byte.
const here = "\x00"

// paths are the import paths at which some code is found: that of its module, with its
// folder, and those of the target, which a copy often keeps in its comments.
type paths struct{ roots []string }

// newPaths returns the paths, the longest first.
func newPaths(roots ...string) *paths {
	roots = slices.DeleteFunc(slices.Clone(roots), func(root string) bool { return root == "" })
	slices.Sort(roots)
	roots = slices.Compact(roots)
	slices.SortStableFunc(roots, func(a, b string) int { return len(b) - len(a) })
	return &paths{roots: roots}
}

// rewrite replaces each of the paths in a text, wherever it is: in an import, a
// directive, a comment.
func (p *paths) rewrite(text []byte) []byte {
	for _, root := range p.roots {
		text = replacePath(text, []byte(root))
	}
	return text
}

// replacePath replaces a path that does not go on in the same element, as that of
// example.com/lib does in example.com/library. A path of one element is a word like others
// outside of imports.
func replacePath(text, root []byte) []byte {
	at := bytes.Index(text, root)
	if at < 0 {
		return text
	}
	word := bytes.IndexByte(root, '/') < 0
	var out []byte
	for last := byte(0); at >= 0; at = bytes.Index(text, root) {
		end := at + len(root)
		if at > 0 {
			last = text[at-1]
		}
		out = append(out, text[:at]...)
		if inElement(last) || word && last != '"' || end < len(text) && inElement(text[end]) {
			out = append(out, root...)
		} else {
			out = append(out, here...)
		}
		text, last = text[end:], root[len(root)-1]
	}
	return append(out, text...)
}

// inElement reports whether a byte can be in the middle of an element of a path.
func inElement(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_~", c) >= 0
}

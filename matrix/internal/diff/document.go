package diff

import (
	"context"
	"slices"
	"strings"
)

// A document is a file of the tree, as lines. Its indexes are made when they are first
// needed, so that finding many hunks takes time in proportion to the length of the
// file and the hunks.
type document struct {
	lines []string

	at       map[string][]int // indexes of each line
	headings []int            // by line, the index of the nearest heading above it, or -1
	names    map[string][]int // indexes of the headings by what they declare, without a receiver
}

func newDocument(lines []string) *document { return &document{lines: lines} }

// indexes returns the indexes of a line.
func (d *document) indexes(line string) []int {
	if d.at == nil {
		d.at = map[string][]int{}
		for i, l := range d.lines {
			d.at[l] = append(d.at[l], i)
		}
	}
	return d.at[line]
}

// matches reports whether the old lines of a hunk are at an index.
func (d *document) matches(h hunk, at int) bool {
	want := h.before.lines
	last := len(d.lines) - len(want)
	switch {
	case at < 0, at > last:
		return false
	case len(want) == 0: // a hunk without old lines matches only an empty file
		return len(d.lines) == 0
	case h.top && at > 0, h.bottom && at < last:
		return false
	}
	return slices.Equal(d.lines[at:at+len(want)], want)
}

// places returns the indexes at which the old lines of a hunk match, at most as many
// as limit, or all if it is negative. It may return too few if ctx is cancelled.
func (d *document) places(ctx context.Context, h hunk, limit int) []int {
	var candidates []int
	before := 0 // lines of the hunk before the rarest
	switch last := len(d.lines) - len(h.before.lines); {
	case h.top, len(h.before.lines) == 0:
		candidates = []int{0}
	case h.bottom:
		candidates = []int{last}
	default:
		for i, line := range h.before.lines {
			if found := d.indexes(line); i == 0 || len(found) < len(candidates) {
				candidates, before = found, i
			}
		}
	}
	var places []int
	for _, at := range candidates {
		if len(places) == limit || ctx.Err() != nil {
			break
		}
		if d.matches(h, at-before) {
			places = append(places, at-before)
		}
	}
	return places
}

// enclosing returns the nearest line above index at that begins a top-level function
// or type, or "".
func (d *document) enclosing(at int) string {
	if d.headings == nil {
		d.headings = make([]int, len(d.lines)+1)
		nearest := -1
		for i, line := range d.lines {
			d.headings[i] = nearest
			if isHeading(line) {
				nearest = i
			}
		}
		d.headings[len(d.lines)] = nearest
	}
	if i := d.headings[at]; i >= 0 {
		return strings.TrimRight(d.lines[i], "\r\n")
	}
	return ""
}

// named returns the index of the heading that declares a function or type, or else of the
// only method of that name: a type gets another name, and the receivers with it. It returns
// -1 if the file does not have it.
func (d *document) named(want string) int {
	short := func(name string) string { return name[strings.LastIndexAny(name, " .")+1:] }
	if d.names == nil {
		d.names = map[string][]int{}
		for i, line := range d.lines {
			if isHeading(line) {
				name := short(declared(line))
				d.names[name] = append(d.names[name], i)
			}
		}
	}
	var methods []int
	for _, i := range d.names[short(want)] {
		name := declared(d.lines[i])
		if name == want {
			return i
		}
		if strings.Contains(name, ".") {
			methods = append(methods, i)
		}
	}
	if len(methods) == 1 && strings.Contains(want, ".") {
		return methods[0]
	}
	return -1
}

package diff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A message explains conflicts to a user who has the patch file but not the tree.
type message struct {
	path, file string // names of the file in the tree and of the patch file
	*document
}

// conflict explains why a hunk does not apply: the hunk, the reason, and the lines that
// it needs next to those of the file where most of them match, or at index guess if none
// does.
func (m message) conflict(ctx context.Context, h hunk, guess int, why string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: hunk %s (%s:%d): %s\n", m.path, visible(h.header), m.file, h.line, why)
	m.excerpt(&b, h, guess)
	if places := m.places(ctx, h.undone(), 1); len(places) > 0 && len(h.after.lines) > 0 {
		fmt.Fprintf(&b, "  the file has what the hunk makes of them at line %d already\n", places[0]+1)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// distinctive reports whether a line helps to find a place. Blank lines and lone
// braces are everywhere.
func distinctive(line string) bool { return strings.ContainsFunc(line, unicode.IsLetter) }

// weighed is how many lines of a hunk are used to find the nearest place.
const weighed = 1000

// nearest returns the index at which most lines of a hunk match, from an index and before
// another. Of several, it returns the one closest to guess.
func (d *document) nearest(want []string, guess, from, to int) int {
	found := make([]int, len(d.lines)) // by index, how many lines match there
	for i, line := range want[:min(len(want), weighed)] {
		if !distinctive(line) {
			continue
		}
		for _, at := range d.indexes(line) {
			if at >= i {
				found[at-i]++
			}
		}
	}
	best, most := guess, 0
	for at, n := range found {
		if outside := to > from && (at+len(want) <= from || at >= to); outside {
			continue
		}
		if n > most || n == most && most > 0 && abs(at-guess) < abs(best-guess) {
			best, most = at, n
		}
	}
	return best
}

// mismatch explains why the lines of a hunk are nowhere in the file.
func (d *document) mismatch(ctx context.Context, h hunk) string {
	if len(h.before.lines) == 0 {
		return "it begins an empty file, and this one is not empty"
	}
	if d.matchesAfter(ctx, h, func(s string) string { return strings.Replace(s, "\r\n", "\n", 1) }) {
		if slices.ContainsFunc(h.before.lines, isCRLF) {
			return "its lines end in CRLF and the file's in LF, and are otherwise the same"
		}
		return "its lines end in LF and the file's in CRLF, and are otherwise the same"
	}
	if d.matchesAfter(ctx, h, func(s string) string { return strings.TrimSuffix(s, "\n") }) {
		return "it and the file differ in whether the last line has a newline at its end"
	}
	free := h
	free.top, free.bottom = false, false
	if places := d.places(ctx, free, 1); len(places) > 0 {
		return fmt.Sprintf("its lines are at line %d, but it belongs to the file's %s", places[0]+1, edge(h))
	}
	return "its lines are not in the file"
}

// edge returns the end of the file that a hunk is bound to.
func edge(h hunk) string {
	if h.top {
		return "beginning"
	}
	return "end"
}

func isCRLF(line string) bool { return strings.HasSuffix(line, "\r\n") }

// matchesAfter reports whether a hunk would match if rewrite were applied to its
// lines and to those of the file.
func (d *document) matchesAfter(ctx context.Context, h hunk, rewrite func(string) string) bool {
	h.before.lines = rewritten(h.before.lines, rewrite)
	return len(newDocument(rewritten(d.lines, rewrite)).places(ctx, h, 1)) > 0
}

func rewritten(lines []string, rewrite func(string) string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = rewrite(line)
	}
	return out
}

// visible escapes control characters, so that the content of a file cannot control
// the terminal and carriage returns can be seen.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r != '\t' && (unicode.IsControl(r) || r == unicode.ReplacementChar) {
			fmt.Fprintf(&b, "%s", strings.Trim(fmt.Sprintf("%q", string(r)), `"`))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

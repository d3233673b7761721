package diff

import (
	"cmp"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// A hunk replaces a range of lines.
type hunk struct {
	header        string // in the diff
	line          int    // of the header, in the patch file
	within        string // text after the numbers: the first line of the function
	before, after image

	// The hunk is at the beginning or the end of the file. Missing context is
	// context, too: the hunk matches nowhere else.
	top, bottom bool
}

// An image is one side of a hunk.
type image struct {
	lines []string // including line ends
	at    int      // index of the first, by the header
}

// newHunk converts a hunk of go-gitdiff.
func newHunk(frag *gitdiff.TextFragment, header string, line int) hunk {
	h := hunk{header: header, line: line, within: frag.Comment}
	for _, l := range frag.Lines {
		if l.Old() {
			h.before.lines = append(h.before.lines, l.Line)
		}
		if l.New() {
			h.after.lines = append(h.after.lines, l.Line)
		}
	}
	h.before.at = max(int(frag.OldPosition)-1, 0)
	h.after.at = max(int(frag.NewPosition)-1, 0)
	// The rules are those of git: less context above than below, at line 1; no
	// context below, but some above. A line without a newline must be the last.
	h.top = frag.OldPosition <= 1 && frag.LeadingContext < frag.TrailingContext
	h.bottom = frag.TrailingContext == 0 && frag.LeadingContext > 0 || h.before.open() || h.after.open()
	return h
}

// open reports whether the last line has no newline.
func (m image) open() bool {
	return len(m.lines) > 0 && !strings.HasSuffix(m.lines[len(m.lines)-1], "\n")
}

// undone returns the hunk that reverts this one, for the tree that this one alone leaves.
func (h hunk) undone() hunk {
	h.before, h.after = h.after, h.before
	return h
}

// undone returns the hunks that revert those of a file. The function above a hunk is
// another one there if a hunk before it renames the function, or adds one.
func undone(hunks []hunk) []hunk {
	back := make([]hunk, len(hunks))
	for i, h := range hunks {
		back[i] = h.undone()
		if i == 0 {
			continue
		}
		last := hunks[i-1]
		if sameDeclaration(h.within, cmp.Or(heading(last.before.lines), last.within)) {
			back[i].within = cmp.Or(heading(last.after.lines), back[i-1].within)
		}
	}
	return back
}

// function returns the line that begins the function or type in which the first change of
// a hunk is. It is known for certain if it is among the lines of the hunk.
func (h hunk) function() (line string, certain bool) {
	same := 0
	for same < min(len(h.before.lines), len(h.after.lines)) && h.before.lines[same] == h.after.lines[same] {
		same++
	}
	if line = heading(h.before.lines[:same]); line != "" {
		return line, true
	}
	return h.within, false
}

// patch returns the lines with the hunks applied at the indexes in at.
func patch(lines []string, hunks []hunk, at []int) []string {
	var out []string
	done := 0
	for i, h := range hunks {
		out = append(out, lines[done:at[i]]...)
		out = append(out, h.after.lines...)
		done = at[i] + len(h.before.lines)
	}
	return append(out, lines[done:]...)
}

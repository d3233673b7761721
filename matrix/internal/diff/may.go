package diff

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// telling is how many added lines it takes, or how many bytes of them that are all in the
// function of their hunk: one or two short lines are in many files, and many functions have
// the same line.
const (
	telling     = 3
	tellingSize = 60
)

// A tally counts the lines that a diff adds and removes, and those of them that a tree has
// and does not have.
type tally struct{ added, size, there, inside, removed, gone int }

// may compares the changes that count with a tree line by line, wherever the lines are in
// their file: code that moved on after a change still has most of what that added, and
// little of what it removed. Comments count only if nothing else is added. It returns how
// much of it the tree has, or "" if that is less than three quarters. It proves nothing,
// since other changes have such lines, too.
func (d *Diff) may(tree fs.FS, counts func(change) bool) (string, error) {
	var code, comments tally
	for _, changes := range d.steps {
		core, _ := parted(changes, counts)
		for _, c := range core {
			file, err := newState(tree).either(c.from, c.to)
			if err != nil {
				return "", err
			}
			doc := newDocument(split(string(file.data)))
			has := trimmedSet(doc.lines)
			for _, h := range c.hunks {
				for _, line := range onlyIn(h.after, h.before) {
					t := which(line, &code, &comments)
					if t.added++; t.added < telling {
						t.inside += one(doc.inside(h, line))
					}
					t.size += len(line)
					t.there += one(has[line])
				}
				for _, line := range onlyIn(h.before, h.after) {
					t := which(line, &code, &comments)
					t.removed++
					t.gone += one(!has[line])
				}
			}
		}
	}
	t := code
	if t.added == 0 {
		t = comments
	}
	if t.added < telling && (t.size < tellingSize || t.inside < t.added) || 4*t.there < 3*t.added || 4*t.gone < 3*t.removed {
		return "", nil
	}
	return fmt.Sprintf("of the lines that the patch adds it has %d of %d, and of those that it removes %d of %d", t.there, t.added, t.removed-t.gone, t.removed), nil
}

// which returns the tally that a line belongs to.
func which(line string, code, comments *tally) *tally {
	if strings.HasPrefix(line, "//") {
		return comments
	}
	return code
}

// either returns the file of one name, or else of another.
func (s *state) either(name, other string) (view, error) {
	v, err := s.look(name)
	if err == nil && !v.exists {
		return s.look(other)
	}
	return v, err
}

// inside reports whether the function that a hunk changes has a line, apart from the blanks
// around it.
func (d *document) inside(h hunk, line string) bool {
	f := d.function(h)
	return f.found != "" && slices.ContainsFunc(d.lines[f.from:f.to], func(l string) bool { return strings.TrimSpace(l) == line })
}

// trimmedSet returns the set of lines without the blanks around them.
func trimmedSet(lines []string) map[string]bool {
	set := make(map[string]bool, len(lines))
	for _, line := range lines {
		set[strings.TrimSpace(line)] = true
	}
	return set
}

// onlyIn returns the distinctive lines of one side of a hunk that the other does not have,
// without the blanks around them.
func onlyIn(side, other image) (lines []string) {
	for _, line := range side.lines {
		if distinctive(line) && !slices.Contains(other.lines, line) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

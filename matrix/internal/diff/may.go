package diff

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// telling is how many added lines it takes: one or two are in many files.
const telling = 3

// may compares the changes that decide with a tree line by line, wherever the lines are in
// their file: code that moved on after a change still has most of what that added, and
// little of what it removed. It returns how much of it the tree has, or "" if that is less
// than three quarters. It proves nothing, since other changes have such lines, too.
func (d *Diff) may(tree fs.FS, all bool) (string, error) {
	var added, removed, there, gone int
	for _, changes := range d.steps {
		core, _ := parted(changes, all)
		for _, c := range core {
			has, err := linesOf(newState(tree), c.from, c.to)
			if err != nil {
				return "", err
			}
			for _, h := range c.hunks {
				for _, line := range onlyIn(h.after, h.before) {
					added++
					there += one(has[line])
				}
				for _, line := range onlyIn(h.before, h.after) {
					removed++
					gone += one(!has[line])
				}
			}
		}
	}
	if added < telling || 4*there < 3*added || 4*gone < 3*removed {
		return "", nil
	}
	return fmt.Sprintf("of the lines that the patch adds it has %d of %d, and of those that it removes %d of %d", there, added, removed-gone, removed), nil
}

// linesOf returns the lines of files without the blanks around them.
func linesOf(tree *state, names ...string) (map[string]bool, error) {
	has := map[string]bool{}
	for _, name := range names {
		file, err := tree.look(name)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(file.data)) {
			has[strings.TrimSpace(line)] = true
		}
	}
	return has, nil
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

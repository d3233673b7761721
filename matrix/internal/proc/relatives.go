//go:build unix

package proc

import (
	"bytes"
	"strings"
)

// A process is an entry of the list of processes.
type process struct {
	pid, parent, group int
	ended              bool // a zombie
}

// relatives returns the processes that are
//
//   - in one of the groups,
//   - using one of the folders for their temporary files, which children inherit, also
//     in a new session,
//   - or a descendant of such a process, or of one that was found earlier.
//
// It adds them to known. Where processes cannot be listed, it returns nil.
func relatives(groups map[int]bool, dirs []string, known map[int]bool) (found []int) {
	all := processes()
	for _, p := range all {
		if groups[p.group] || uses(p.pid, dirs) {
			known[p.pid] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if known[p.parent] && !known[p.pid] {
				known[p.pid], grown = true, true
			}
		}
	}
	for _, p := range all {
		if known[p.pid] && !p.ended {
			found = append(found, p.pid)
		}
	}
	return found
}

// names reports whether an environment, in which zero bytes separate the variables, sets
// TMPDIR to one of the folders or one below. It looks at no other variable: PWD of the
// editor of a person who looks at the files may name such a folder too.
func names(environ []byte, dirs []string) bool {
	for variable := range bytes.SplitSeq(environ, []byte{0}) {
		temp, found := strings.CutPrefix(string(variable), "TMPDIR=")
		for _, dir := range dirs {
			if found && (temp == dir || strings.HasPrefix(temp, dir+"/")) {
				return true
			}
		}
	}
	return false
}

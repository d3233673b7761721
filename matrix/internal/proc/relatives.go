//go:build unix

package proc

import (
	"bytes"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/processes"
)

// relatives returns the processes that are
//
//   - in one of the groups,
//   - using one of the folders for their temporary files, which children inherit, also
//     in a new session,
//   - or a descendant of such a process, or of one that was found earlier.
//
// It adds them to known. Where processes cannot be listed, it returns nil.
func relatives(groups map[int]bool, dirs []string, known map[int]bool) (found []int) {
	all := processes.List()
	for _, p := range all {
		if groups[p.Group] || uses(p.PID, dirs) {
			known[p.PID] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if known[p.Parent] && !known[p.PID] {
				known[p.PID], grown = true, true
			}
		}
	}
	for _, p := range all {
		if known[p.PID] && !p.Ended {
			found = append(found, p.PID)
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

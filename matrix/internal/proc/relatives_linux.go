package proc

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// thisProgram returns the path of this program, which is right even after the file
// was replaced or removed.
func thisProgram() (string, error) { return "/proc/self/exe", nil }

// A process is a line of the list of processes.
type process struct {
	pid, parent, group int
	ended              bool // a zombie
}

// relatives returns the processes that are
//
//   - in one of the groups,
//   - using one of the folders, by their working directory or by their environment,
//     which holds for whatever a child started, also in a new session,
//   - or a descendant of such a process, or of one that was found earlier.
//
// It adds them to known.
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

// processes lists all processes but this one and those without a parent.
func processes() (all []process) {
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is valid
	for _, dir := range dirs {
		stat, err := os.ReadFile(filepath.Join(dir, "stat"))
		if err != nil {
			continue // it has ended
		}
		// The name in parentheses may have any character.
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil || len(fields) < 3 || pid == os.Getpid() || pid == 1 {
			continue
		}
		p := process{pid: pid, ended: fields[0] == "Z" || fields[0] == "X"}
		for i, n := range []*int{&p.parent, &p.group} {
			*n, _ = strconv.Atoi(fields[i+1])
		}
		all = append(all, p)
	}
	return all
}

// uses reports whether a process works in one of the folders, or has a path in one of
// them in its environment. Their names have random digits, so nothing else does.
func uses(pid int, dirs []string) bool {
	at := filepath.Join("/proc", strconv.Itoa(pid))
	cwd, _ := os.Readlink(filepath.Join(at, "cwd"))
	environ, _ := os.ReadFile(filepath.Join(at, "environ"))
	for _, dir := range dirs {
		if cwd == dir || strings.HasPrefix(cwd, dir+"/") || bytes.Contains(environ, []byte(dir)) {
			return true
		}
	}
	return false
}

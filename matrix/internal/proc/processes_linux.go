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

// processes lists all processes but this one and the first.
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
		p.parent, _ = strconv.Atoi(fields[1])
		p.group, _ = strconv.Atoi(fields[2])
		all = append(all, p)
	}
	return all
}

// uses reports whether TMPDIR of a process is in one of the folders.
func uses(pid int, dirs []string) bool {
	environ, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	return err == nil && names(environ, dirs)
}

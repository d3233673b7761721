package proc

import (
	"os"
	"strconv"
)

// thisProgram returns the path of this program, which is right even after the file
// was replaced or removed.
func thisProgram() (string, error) { return "/proc/self/exe", nil }

// uses reports whether TMPDIR of a process is in one of the folders.
func uses(pid int, dirs []string) bool {
	environ, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	return err == nil && names(environ, dirs)
}

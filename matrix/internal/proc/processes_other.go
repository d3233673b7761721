//go:build unix && !linux && !darwin

package proc

import "os"

// thisProgram returns the path of this program.
func thisProgram() (string, error) { return os.Executable() }

func uses(int, []string) bool { return false }

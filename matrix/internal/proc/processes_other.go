//go:build unix && !linux && !darwin

package proc

import "os"

// thisProgram returns the path of this program.
func thisProgram() (string, error) { return os.Executable() }

// processes returns nil: the guard kills process groups only.
func processes() []process { return nil }

func uses(int, []string) bool { return false }

//go:build unix && !linux

package proc

import "os"

// thisProgram returns the path of this program.
func thisProgram() (string, error) { return os.Executable() }

// relatives returns nil: there is no list of processes to read.
func relatives(map[int]bool, []string, map[int]bool) []int { return nil }

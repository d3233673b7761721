package sandbox

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
)

// descendants returns the processes that a process has started, and those that these
// have started, without those that have ended.
func descendants(pid int) (found []int) {
	children := make(map[int][]int)
	ended := make(map[int]bool)
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is valid
	for _, dir := range dirs {
		stat, err := os.ReadFile(filepath.Join(dir, "stat"))
		if err != nil {
			continue // it has ended
		}
		// The name in parentheses may have any character.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		child, err := strconv.Atoi(filepath.Base(dir))
		if err != nil || len(fields) < 2 {
			continue
		}
		if parent, err := strconv.Atoi(string(fields[1])); err == nil {
			children[parent] = append(children[parent], child)
			ended[child] = fields[0][0] == 'Z' || fields[0][0] == 'X'
		}
	}
	for next := []int{pid}; len(next) > 0; next = next[1:] {
		for _, child := range children[next[0]] {
			next = append(next, child)
			if !ended[child] {
				found = append(found, child)
			}
		}
	}
	return found
}

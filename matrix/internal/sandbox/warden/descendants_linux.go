package warden

import (
	"bytes"
	"os"
	"strconv"
)

// descendants returns the processes that a process has started, and those that these
// have started, without those that have ended.
func descendants(pid int) (found []int) {
	children := make(map[int][]int)
	ended := make(map[int]bool)
	dirs, _ := os.ReadDir("/proc") // without it, there is nothing to find
	for _, dir := range dirs {
		child, err := strconv.Atoi(dir.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + dir.Name() + "/stat")
		if err != nil {
			continue // it has ended
		}
		// The name in parentheses may have any character.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(fields) < 2 {
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

package warden

import "github.com/matrixrun/matrixrun/matrix/internal/processes"

// descendants returns the processes that a process has started, and those that these
// have started, without those that have ended.
func descendants(pid int) (found []int) {
	children := make(map[int][]processes.Process)
	for _, p := range processes.List() {
		children[p.Parent] = append(children[p.Parent], p)
	}
	for next := []int{pid}; len(next) > 0; next = next[1:] {
		for _, child := range children[next[0]] {
			next = append(next, child.PID)
			if !child.Ended {
				found = append(found, child.PID)
			}
		}
	}
	return found
}

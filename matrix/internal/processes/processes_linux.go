package processes

import (
	"bytes"
	"os"
	"strconv"
)

// List lists all processes but this one and the first.
func List() (all []Process) {
	dirs, _ := os.ReadDir("/proc") // without it, there is nothing to find
	for _, dir := range dirs {
		pid, err := strconv.Atoi(dir.Name())
		if err != nil || pid == os.Getpid() || pid == 1 {
			continue
		}
		stat, err := os.ReadFile("/proc/" + dir.Name() + "/stat")
		if err != nil {
			continue // it has ended
		}
		// The name in parentheses may have any character.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(fields) < 3 {
			continue
		}
		p := Process{PID: pid, Ended: fields[0][0] == 'Z' || fields[0][0] == 'X'}
		p.Parent, _ = strconv.Atoi(string(fields[1]))
		p.Group, _ = strconv.Atoi(string(fields[2]))
		all = append(all, p)
	}
	return all
}

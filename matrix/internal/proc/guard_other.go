//go:build !unix

package proc

import "os"

// startGuard returns nil: without process groups a guard could not end what children
// have started. On Windows a job does, see joinJob.
func startGuard(string) *guard { return nil }

func killPid(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
	}
}

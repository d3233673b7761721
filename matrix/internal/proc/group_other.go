//go:build !unix

package proc

import (
	"os"
	"os/exec"
)

// Without process groups only the child itself is killed, at once, because not
// every system can send it an interrupt.

func setGroup(*exec.Cmd) {}

func stopGroup(p *os.Process, _ os.Signal) error { return p.Kill() }

func killGroup(p *os.Process) { _ = p.Kill() }

func isBusy(error) bool { return false }

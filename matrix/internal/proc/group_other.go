//go:build !unix

package proc

import (
	"os"
	"os/exec"
)

// Without process groups the child alone is ended, at once: an interrupt
// cannot be sent to it everywhere.

func setGroup(*exec.Cmd) {}

func stopGroup(p *os.Process, _ os.Signal) error { return p.Kill() }

func killGroup(p *os.Process) { _ = p.Kill() }

func isBusy(error) bool { return false }

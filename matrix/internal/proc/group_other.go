//go:build !unix

package proc

import "os"

// Without process groups only the child itself is killed, at once, because not
// every system can send it an interrupt.

func stopGroup(p *os.Process, _ os.Signal) error { return p.Kill() }

func killGroup(p *os.Process) { _ = p.Kill() }

func readNow(*os.File, []byte) int { return 0 }

func isBusy(error) bool { return false }

package trial

import "testing"

// TestWithPanic checks what a reason says of a log: how the program died, and never registers.
func TestWithPanic(t *testing.T) {
	const stack = "\ngoroutine 1 gp=0x27 m=0 mp=0x55 [running]:\nmain.main()\n\t/src/main.go:5 +0x47\n\nrax    0x0\ngs     0x0\n"
	for log, want := range map[string]string{
		"SIGABRT: abort\nPC=0x40816e m=0 sigcode=0\n" + stack:         "exit status 2: SIGABRT: abort",
		"SIGSEGV: segmentation violation\nPC=0x4 m=0\n" + stack:       "exit status 2: SIGSEGV: segmentation violation",
		"panic: no good\n\n" + stack:                                  "exit status 2: panic: no good",
		stack:                                                         "exit status 2",
		"one\nSIGABRT: abort is what somebody wrote\nthe last line\n": "exit status 2: the last line",
		"": "exit status 2",
	} {
		if got := withPanic("exit status 2", log); got != want {
			t.Errorf("%q: got %q, want %q", log, got, want)
		}
	}
}

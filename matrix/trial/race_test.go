//go:build race && unix

package trial_test

import (
	"os"
	"syscall"
)

// The race detector lets every process linger for a second before it exits,
// unless a variable says otherwise; a reproduction gets no such variable. So it
// starts itself once more, with it.
func init() {
	const variable = "GORACE"
	played := len(os.Args) > 1 && (os.Args[1] == "run" || os.Args[1] == "serve")
	if played && os.Getenv(variable) == "" {
		_ = syscall.Exec("/proc/self/exe", os.Args, append(os.Environ(), variable+"=atexit_sleep_ms=0"))
	}
}

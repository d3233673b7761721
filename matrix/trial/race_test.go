//go:build race && unix

package trial_test

import (
	"os"
	"syscall"
)

// With the race detector every process waits for a second before it exits, unless
// GORACE says otherwise. A reproduction gets no such variable, so it starts itself
// again with it.
func init() {
	const variable = "GORACE"
	played := len(os.Args) > 1 && (os.Args[1] == "run" || os.Args[1] == "serve")
	if played && os.Getenv(variable) == "" {
		_ = syscall.Exec("/proc/self/exe", os.Args, append(os.Environ(), variable+"=atexit_sleep_ms=0"))
	}
}

//go:build race && unix

package exittest

import (
	"os"
	"syscall"
)

// A process that got no GORACE starts itself again with one. Packages whose imports are
// initialized are so in the order of their import paths: this is early enough for the
// packages proc and warden, in which processes do their work before main.
func init() {
	const variable, value = "GORACE", "atexit_sleep_ms=0"
	switch os.Getenv(variable) {
	case "":
		_ = syscall.Exec("/proc/self/exe", os.Args, append(os.Environ(), variable+"="+value))
	case value:
		_ = os.Unsetenv(variable) // the detector has read it, and tests compare environments
	}
}

//go:build unix

package trial

import "syscall"

// hangSignal ends a process that hangs. A Go program answers it with the
// stacks of all its goroutines, which tell where it hung.
const hangSignal = syscall.SIGQUIT

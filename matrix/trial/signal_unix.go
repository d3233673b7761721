//go:build unix

package trial

import "syscall"

// hangSignal ends a process that hangs. A Go program answers it with the stacks of all
// goroutines, which show where it hangs.
const hangSignal = syscall.SIGQUIT

//go:build unix

package trial

import "syscall"

// hangSignal ends a process that hangs. A Go program answers it with the stacks of all
// goroutines, which show where it hangs.
const hangSignal = syscall.SIGQUIT

// endSignal ends the servers. A script starts what it does not wait for with SIGINT
// ignored, and children inherit that: they would have to be killed, after a grace period.
const endSignal = syscall.SIGTERM

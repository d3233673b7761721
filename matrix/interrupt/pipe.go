package interrupt

import (
	"os"
	"os/signal"
	"syscall"
)

// SurvivePipes makes a write to standard output or standard error fail if its
// reader is gone, as any other write does. Without it, Go ends the program then.
func SurvivePipes() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }

// Package interrupt ends a program when a signal asks for it, without leaving a child
// process behind.
//
// The first signal ends a context, so that everything stops in an orderly manner and
// what was found out is kept. Children that do not end by themselves are killed after
// a moment. A second signal kills them, and the program, at once.
package interrupt

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// patience is how long children may take to end after the first signal. After a
// second, none may be left.
const patience = 700 * time.Millisecond

// ending are the signals that end the program. The terminal sends SIGINT and SIGQUIT,
// and SIGHUP when it closes; kill and CI systems send SIGTERM.
var ending = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}

// Context returns a context that ends at the first signal. SIGQUIT also writes the
// stacks of all goroutines, to stacks. A signal that was ignored when the program
// started, such as SIGHUP by nohup, stays ignored. stop ends the handling of signals.
func Context(parent context.Context, stacks io.Writer) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	for _, sig := range ending {
		if !signal.Ignored(sig) {
			signal.Notify(signals, sig)
		}
	}
	stopped, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var written <-chan struct{}
		select {
		case sig := <-signals:
			written = writeStacks(sig, stacks)
			cancel()
		case <-stopped:
			return
		}
		late := time.NewTicker(patience)
		defer late.Stop()
		for {
			select {
			case sig := <-signals:
				proc.KillAll()
				die(sig)
			case <-late.C:
				proc.KillAll()
			case <-stopped:
				select {
				case <-written:
				case <-late.C:
				}
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(stopped)
		cancel()
		<-done
	}
}

// writeStacks writes the stacks of all goroutines after SIGQUIT. It does not wait for
// that, since a terminal that nobody reads may take them never; written is closed when
// they are.
func writeStacks(sig os.Signal, to io.Writer) (written <-chan struct{}) {
	ended := make(chan struct{})
	var text bytes.Buffer
	if sig == syscall.SIGQUIT {
		_ = pprof.Lookup("goroutine").WriteTo(&text, 2)
	}
	go func() {
		defer close(ended)
		_, _ = text.WriteTo(to)
	}()
	return ended
}

// die ends the program as the signal would if it were not handled, except that it
// prints no stacks for SIGQUIT.
func die(sig os.Signal) {
	number := 0
	if s, ok := sig.(syscall.Signal); ok {
		number = int(s)
	}
	if p, err := os.FindProcess(os.Getpid()); err == nil && sig != syscall.SIGQUIT {
		signal.Reset(sig)
		if p.Signal(sig) == nil {
			time.Sleep(time.Second) // until it arrives
		}
	}
	os.Exit(128 + number)
}

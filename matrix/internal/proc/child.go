package proc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// A Starter starts a process elsewhere than among the children of this process: in a
// sandbox.
type Starter interface {
	// Start starts the process with these standard streams. A nil one is discarded. If
	// the context ends before the process has started, it never starts.
	Start(ctx context.Context, c Cmd, stdout, stderr *os.File) (Child, error)
}

// A Child is a process that a Starter has started.
type Child interface {
	// Wait waits for the end of the process, and ends the rest of its group. An error
	// means that nobody knows how it ended.
	Wait() (End, error)
	// Signal sends a signal to the process and its group.
	Signal(sig syscall.Signal)
}

// An End says how a process ended, and what CPU time it and the processes that it
// waited for used.
type End struct {
	Status syscall.WaitStatus
	CPU    time.Duration
}

// An ExitError is the error of a process that a Starter has started, and that did not
// exit with 0. It has the methods of *exec.ExitError, which only package os can make.
type ExitError struct{ Status syscall.WaitStatus }

// Error returns the text that *exec.ExitError has for the same status.
func (e *ExitError) Error() string {
	switch {
	case e.Status.Signaled() && e.Status.CoreDump():
		return fmt.Sprintf("signal: %v (core dumped)", e.Status.Signal())
	case e.Status.Signaled():
		return fmt.Sprintf("signal: %v", e.Status.Signal())
	default:
		return fmt.Sprintf("exit status %d", e.Status.ExitStatus())
	}
}

// ExitCode returns the exit code, or -1 after a signal.
func (e *ExitError) ExitCode() int {
	if e.Status.Signaled() {
		return -1
	}
	return e.Status.ExitStatus()
}

// Sys returns the status, a syscall.WaitStatus.
func (e *ExitError) Sys() any { return e.Status }

// Failed returns the error of a process that has ended and did not exit with 0, and
// nil for any other error. The result is an *exec.ExitError or an *ExitError.
func Failed(err error) interface {
	error
	ExitCode() int
	Sys() any
} {
	var exit interface {
		error
		ExitCode() int
		Sys() any
	}
	if errors.As(err, &exit) {
		return exit
	}
	return nil
}

// A LostError means that nobody knows what became of a process that a Starter should
// start. If the context ended it early, the process may still have done nothing wrong.
// So check for a LostError before the cause of the context, which it wraps.
type LostError struct {
	Path  string // of the program
	Err   error  // of the Starter, or of the Child
	Cause error  // of the context's end; nil if that had not ended
}

// Error says what became of the Starter.
func (e *LostError) Error() string { return fmt.Sprintf("running %s: %v", e.Path, e.Err) }

// Unwrap returns both errors.
func (e *LostError) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Cause}
}

// Keep makes sure that the group of a process ends with this process, as the groups do
// that Run starts. Call the result after the process was waited for.
func Keep(pid int) (drop func()) {
	running.add(pid)
	return func() { running.drop(pid) }
}

// elsewhere runs a process that the command's Starter starts.
func (c Cmd) elsewhere(parent, ctx context.Context, child Child, stopped *atomic.Bool) error {
	ended := make(chan struct{})
	defer context.AfterFunc(ctx, func() {
		stopped.Store(true)
		sig, ok := c.Stop.(syscall.Signal)
		switch {
		case parent.Err() == nil:
			sig = syscall.SIGKILL // because of its output, so it need not finish
		case !ok:
			sig = syscall.SIGINT
		}
		child.Signal(sig)
		select {
		case <-ended:
		case <-time.After(c.grace()):
			child.Signal(syscall.SIGKILL)
		}
	})()
	end, err := child.Wait()
	close(ended)
	if c.CPU != nil {
		*c.CPU += end.CPU
	}
	if err == nil && (!end.Status.Exited() || end.Status.ExitStatus() != 0) {
		err = &ExitError{end.Status}
	}
	return err
}

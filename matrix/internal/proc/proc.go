// Package proc runs one child process contained: in a process group of its
// own, with the environment that it is given and nothing else, with bounds on
// what it may write, and with nothing left behind when it ends, however it
// ends.
//
// Where the system knows process groups, the whole group is signalled, so that
// what the child has started goes with it. A grandchild that moves to a group
// of its own escapes; it can hold nothing up, as the pipes are closed on it.
package proc

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultGrace is how long a process has between the interrupt and the kill.
const DefaultGrace = 2 * time.Second

// drainTime bounds the wait for the pipes after the process and its group are
// gone. Only a grandchild that left the group can still hold them.
const drainTime = time.Second

// A Cmd is one child process that is to be run.
type Cmd struct {
	Path string   // of the executable, not searched for in PATH
	Args []string // without the program's name
	Dir  string   // to run in; empty for this process's own
	Env  []string // all of the environment; nil for an empty one

	Stdout, Stderr       io.Writer // nil discards
	MaxStdout, MaxStderr int64     // bytes, beyond which the process is killed; 0 for no bound

	Stop  os.Signal     // sent to the group when the context ends; nil for os.Interrupt
	Grace time.Duration // from Stop to the kill; 0 for DefaultGrace

	// CPU, where it is set, grows by the CPU time that the process took, with
	// all of its own processes that it has waited for.
	CPU *time.Duration
}

// A FloodError says that a process was killed for writing too much.
type FloodError struct {
	Stream string // "stdout" or "stderr"
	Max    int64  // bytes
}

func (e *FloodError) Error() string {
	return fmt.Sprintf("more than %d bytes on %s", e.Max, e.Stream)
}

// Run runs the process and waits until it, its group and its output are at an
// end. It returns
//
//   - nil where the process exited with 0,
//   - the cause of the context's end (see context.Cause) where that ended the process,
//   - a *FloodError where it was killed for writing more than it may,
//   - the error of a writer that refused its output, for which it was killed,
//   - an *exec.ExitError for any other exit status, or a signal,
//   - another error where it could not be started.
func (c Cmd) Run(parent context.Context) error {
	// Whatever ends the process early says why through the cause, so that
	// there is one way to end it and the first reason wins.
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)

	var pipes pipes
	defer pipes.closeReaders()
	stdout, err := pipes.open(c.Stdout, "stdout", c.MaxStdout, cancel)
	if err != nil {
		return fmt.Errorf("starting %s: %w", c.Path, err)
	}
	stderr, err := pipes.open(c.Stderr, "stderr", c.MaxStderr, cancel)
	if err != nil {
		pipes.closeWriters()
		return fmt.Errorf("starting %s: %w", c.Path, err)
	}
	var stopped atomic.Bool
	cmd, err := c.start(parent, ctx, stdout, stderr, &stopped)
	pipes.closeWriters() // the child has its own copies
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("starting %s: %w", c.Path, err)
	}
	var copying sync.WaitGroup
	for _, p := range pipes {
		copying.Go(p.copy)
	}
	err = cmd.Wait()
	if c.CPU != nil && cmd.ProcessState != nil {
		*c.CPU += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	killGroup(cmd.Process) // what the child has left behind
	pipes.expire(drainTime)
	copying.Wait()
	// A process that had ended, well or not, when the caller's context did is no
	// other for it; one that wrote too much is, whatever its exit status.
	if cause := context.Cause(ctx); cause != nil && (err != nil && stopped.Load() || parent.Err() == nil) {
		return cause
	}
	return err
}

// start starts the process. A binary that this process, or a child that it was
// forking at that time, has open for writing cannot be started: "text file
// busy" (https://go.dev/issue/22315). It passes quickly, so it is tried again.
func (c Cmd) start(parent, ctx context.Context, stdout, stderr *os.File, stopped *atomic.Bool) (*exec.Cmd, error) {
	for pause := 10 * time.Millisecond; ; pause *= 2 {
		cmd := c.command(parent, ctx, stdout, stderr, stopped)
		err := cmd.Start()
		if err == nil || !isBusy(err) || pause > time.Second {
			return cmd, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// command makes the command. Its context ends with the caller's, the parent, or
// before that when its output has to be stopped; stopped is set where that was
// what ended it.
func (c Cmd) command(parent, ctx context.Context, stdout, stderr *os.File, stopped *atomic.Bool) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Dir = c.Dir
	cmd.Env = append([]string{}, c.Env...) // never nil, which would stand for this process's own
	// A nil *os.File in the interface would not be nil.
	if stdout != nil {
		cmd.Stdout = stdout
	}
	if stderr != nil {
		cmd.Stderr = stderr
	}
	setGroup(cmd)
	cmd.Cancel = func() error {
		stopped.Store(true)
		if parent.Err() == nil {
			killGroup(cmd.Process) // its output is at fault, and nobody wants more of that
			return nil
		}
		return stopGroup(cmd.Process, c.Stop)
	}
	cmd.WaitDelay = c.Grace
	if cmd.WaitDelay == 0 {
		cmd.WaitDelay = DefaultGrace
	}
	return cmd
}

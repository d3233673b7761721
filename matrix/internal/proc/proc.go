// Package proc runs a child process under control: in its own process group, with
// exactly the given environment, with bounds on its output, and with no process
// left behind, however it ends.
//
// On systems with process groups the whole group is signalled, so processes that
// the child started end with it. A grandchild that moves to another group cannot
// delay Run, because the pipes to it are closed. It ends with this process at the
// latest.
//
// If this process ends without ending its children, for instance because it was
// killed, a guard kills them at once: a second process, which the first Run starts.
// On Linux and macOS it also finds processes that have left their group: by their
// parents, and by TMPDIR in their environment, if that is in the folder of package
// scratch. If somebody has killed the guard as well, the next program that uses package
// scratch finds them that way.
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

// DefaultGrace is the default time between the interrupt and the kill.
const DefaultGrace = 2 * time.Second

// drainTime bounds the wait for the pipes after the process and its group have
// ended. Only a grandchild that left the group can still hold them.
const drainTime = time.Second

// A Cmd is a child process to run.
type Cmd struct {
	Path string   // of the executable; PATH is not searched
	Name string   // in lists of processes; empty for Path
	Args []string // without the program's name
	Dir  string   // working directory; empty for that of this process
	Env  []string // the whole environment; nil for an empty one

	Stdout, Stderr       io.Writer // nil discards
	MaxStdout, MaxStderr int64     // bytes; the process is killed if it writes more; 0 for no bound

	Stop  os.Signal     // sent to the group when the context ends; nil for os.Interrupt
	Grace time.Duration // from Stop to the kill; 0 for DefaultGrace

	// CPU, if not nil, is increased by the CPU time of the process and of the
	// child processes that it waited for.
	CPU *time.Duration

	// In, if not nil, starts the process in a sandbox.
	In Starter
}

// A FloodError reports that a process was killed because it wrote too much.
type FloodError struct {
	Stream string // "stdout" or "stderr"
	Max    int64  // bytes
}

func (e *FloodError) Error() string {
	return fmt.Sprintf("more than %d bytes on %s", e.Max, e.Stream)
}

// Run runs the process and waits until it, its group and its output have ended. It
// returns
//
//   - nil if the process exited with 0,
//   - the cause of the context (see context.Cause) if the context ended the process,
//   - a *FloodError if the process was killed because it wrote too much,
//   - the error of a writer that failed, for which the process was killed,
//   - an *exec.ExitError for any other exit status or signal; with In, an *ExitError
//     (see Failed),
//   - a *LostError if nobody knows what became of a process that In should start,
//   - another error if the process could not be started.
func (c Cmd) Run(parent context.Context) error {
	// Whatever ends the process early sets the cause, so that there is one way
	// to end it and the first reason wins.
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
	wait, err := c.start(parent, ctx, stdout, stderr, &stopped)
	pipes.closeWriters() // the child has its own copies
	if err != nil {
		switch {
		case ctx.Err() != nil && c.In == nil:
			return context.Cause(ctx)
		case ctx.Err() != nil:
			return &LostError{c.Path, err, context.Cause(ctx)}
		}
		return fmt.Errorf("starting %s: %w", c.Path, err)
	}
	var copying sync.WaitGroup
	for _, p := range pipes {
		copying.Go(p.copy)
	}
	err = wait()
	pipes.expire(drainTime)
	copying.Wait()
	if c.In != nil && err != nil && Failed(err) == nil {
		return &LostError{c.Path, err, context.Cause(ctx)}
	}
	// If the process had ended by itself before the caller's context did, its own
	// status counts. If it wrote too much, the cause counts.
	if cause := context.Cause(ctx); cause != nil && (err != nil && stopped.Load() || parent.Err() == nil) {
		return cause
	}
	return err
}

// start starts the process, and returns a function that waits for it and ends its
// group. A binary cannot be started while a process has it open for writing, which
// includes a child that this process is forking: "text file busy"
// (https://go.dev/issue/22315). That passes quickly, so start tries again.
func (c Cmd) start(parent, ctx context.Context, stdout, stderr *os.File, stopped *atomic.Bool) (wait func() error, err error) {
	for pause := 10 * time.Millisecond; ; pause *= 2 {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if c.In != nil {
			var child Child
			child, err = c.In.Start(ctx, c, stdout, stderr)
			wait = func() error { return c.elsewhere(parent, ctx, child, stopped) }
		} else {
			cmd := c.command(parent, ctx, stdout, stderr, stopped)
			err = cmd.Start()
			wait = func() error { return c.here(cmd) }
		}
		if err == nil || !isBusy(err) || pause > time.Second {
			return wait, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// here waits for a process that is a child of this one.
func (c Cmd) here(cmd *exec.Cmd) error {
	drop := Keep(cmd.Process.Pid)
	err := cmd.Wait()
	if c.CPU != nil && cmd.ProcessState != nil {
		*c.CPU += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	killGroup(cmd.Process) // processes that the child left behind
	drop()
	return err
}

// command makes the command. Its context, ctx, ends with parent, which is the
// caller's, or earlier if the output has to be stopped. stopped is set if the end
// of ctx ended the process.
func (c Cmd) command(parent, ctx context.Context, stdout, stderr *os.File, stopped *atomic.Bool) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	if c.Name != "" {
		cmd.Args[0] = c.Name
	}
	cmd.Dir = c.Dir
	cmd.Env = append([]string{}, c.Env...) // not nil, which would mean the environment of this process
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
			killGroup(cmd.Process) // because of its output, so it need not finish
			return nil
		}
		return stopGroup(cmd.Process, c.Stop)
	}
	cmd.WaitDelay = c.grace()
	return cmd
}

// grace is the time from the signal to the kill.
func (c Cmd) grace() time.Duration {
	if c.Grace == 0 {
		return DefaultGrace
	}
	return c.Grace
}

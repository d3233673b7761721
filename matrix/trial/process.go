package trial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// A process is one run of a reproduction.
type process struct {
	binary string
	args   []string
	limits Limits
	folder string    // that it was told to leave evidence in; empty for none
	stop   os.Signal // that ends it

	cpu *time.Duration // grows by what it took
}

// An output reads what a process writes on standard output.
type output interface {
	io.Writer // whose error ends the process
	// onProgress sets a function to call with each sign of progress.
	onProgress(func())
	// finish is told that a process has ended well.
	finish() error
}

// errHang is the cause of a context whose process has not made progress.
var errHang = errors.New("nothing was reported")

// run runs the process to its end. What it did wrong is a failure; an error
// means that it could not run, or that the context has ended.
func (p process) run(parent context.Context, out output) (*matrix.Failure, error) {
	// In a folder of its own, whatever it writes there goes with it.
	binary, err := filepath.Abs(p.binary)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "matrixrun-trial-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)

	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	if p.limits.Trial > 0 {
		watchdog := time.AfterFunc(p.limits.Trial, func() { cancel(errHang) })
		defer watchdog.Stop()
		out.onProgress(func() { watchdog.Reset(p.limits.Trial) })
	}

	log := proc.Tail{Max: maxLog}
	err = proc.Cmd{
		Path: binary, Args: p.args, Dir: dir, Env: environment(dir),
		Stdout: out, MaxStdout: p.limits.Output,
		Stderr: &log, MaxStderr: p.limits.Output,
		Stop: p.stop, CPU: p.cpu,
	}.Run(ctx)
	if err == nil {
		err = out.finish()
	}
	return p.failure(parent, err, p.cut(log.String(), dir), dir)
}

// Environment is what each process of a reproduction gets, beside folders of its
// own: the same on every machine, however many cores it has. Two threads let what
// happens at once happen at once. Trials are over before they leave much garbage,
// so that collecting it is rarely worth their time.
var Environment = []string{"LANG=C", "TZ=UTC", "GOMAXPROCS=2", "GOGC=800"}

// environment is all that a reproduction gets: nothing of the user's, so that
// no variable that the target looks at can change what it does.
func environment(dir string) []string {
	env := slices.Clone(Environment)
	for _, name := range []string{"HOME", "TMPDIR", "TMP", "TEMP", "USERPROFILE"} {
		env = append(env, name+"="+dir)
	}
	slices.Sort(env)
	return env
}

// failure tells what the end of a process means.
func (p process) failure(parent context.Context, err error, log, dir string) (*matrix.Failure, error) {
	var (
		exit  *exec.ExitError
		flood *proc.FloodError
		wrong *outputError
	)
	fail := func(kind matrix.FailureKind, reason string) (*matrix.Failure, error) {
		return &matrix.Failure{Kind: kind, Reason: oneLine(p.cut(reason, dir)), Log: log}, nil
	}
	switch {
	case err == nil:
		return nil, nil
	case errors.Is(err, errHang):
		return fail(matrix.FailureTimeout, fmt.Sprintf("%v for %v", err, p.limits.Trial))
	case errors.As(err, &flood), errors.As(err, &wrong):
		return fail(matrix.FailureOutput, err.Error())
	case errors.As(err, &exit):
		return fail(matrix.FailureCrash, withPanic(exit.String(), log))
	case parent.Err() != nil:
		return nil, context.Cause(parent)
	default:
		return nil, err
	}
}

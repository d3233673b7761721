package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// A process is one run of a reproduction.
type process struct {
	binary string
	args   []string
	limits Limits
	place  *place    // where it runs
	dir    string    // of its own, for temporary files
	work   string    // the folder to start it in; empty for dir
	tests  string    // the folder with the files that tests may read; empty for none
	folder string    // for evidence; empty for none
	env    []string  // more variables, as NAME=VALUE
	stop   os.Signal // ends the process

	cpu *time.Duration // increased by the CPU time of the process
}

// An output reads the standard output of a process.
type output interface {
	io.Writer // whose error ends the process
	// onProgress sets a function to call whenever the process makes progress.
	onProgress(func())
	// finish is called after a process that exited on its own. It returns what is wrong
	// with its end: the error of the ending, or another one.
	finish(ending) error
}

// An ending is how a process exited.
type ending struct {
	err  error                      // nil for status 0
	log  string                     // its standard error
	dir  string                     // its folder for temporary files
	cut  func(text string) string   // removes names of this machine and this run
	fair func(printed string) error // returns an error if the machine may be to blame for what it printed
	ran  func() (counts, error)     // returns how often code of the target ran; nil if the program does not count
}

// errHang cancels the context of a process that has made no progress.
var errHang = errors.New("nothing was reported")

// stacksTime is how long a process may take to print its stacks if they say whether a hang
// is the defect. On a busy machine that takes seconds.
const stacksTime = 15 * time.Second

// run runs the process to its end. What the process does wrong is a failure. An error
// means that it could not run, or that the context ended.
func (p process) run(parent context.Context, out output) (*death, error) {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	if p.limits.Trial > 0 {
		watchdog := time.AfterFunc(p.limits.Trial, func() { cancel(errHang) })
		defer watchdog.Stop()
		out.onProgress(func() { watchdog.Reset(p.limits.Trial) })
	}

	grace := time.Duration(0) // the usual one
	if p.place.program.Defects.Hang {
		grace = stacksTime
	}
	log := proc.Tail{Max: maxStacks}
	err := proc.Cmd{
		Path: p.binary, Args: p.args, Dir: cmp.Or(p.work, p.dir), Env: append(environment(p.dir, p.place.program.Env, p.place.program.Defects), p.env...),
		Stdout: out, MaxStdout: p.limits.Output,
		Stderr: &log, MaxStderr: p.limits.Output,
		Stop: p.stop, Grace: grace, CPU: p.cpu, In: p.place.starter(p.dir, p.folder),
	}.Run(ctx)
	stderr := p.cut(log.String(), p.dir)
	if err == nil || exited(err) {
		err = out.finish(ending{
			err: err, log: stderr, dir: p.dir, cut: func(text string) string { return p.cut(text, p.dir) }, fair: p.fair,
			ran: p.place.program.counter(parent, p.dir),
		})
	}
	failure, err := p.failure(parent, err, stderr, p.dir)
	if failure == nil {
		return nil, err
	}
	return p.blame(failure)
}

// blame returns a failure that is the reproduction's own. It is an error if the machine
// or the sandbox may be the reason.
func (p process) blame(failure *death) (*death, error) {
	said := failure.Reason + "\n" + failure.Log
	if limit := p.place.sandbox.TooMuchMemory(said); limit != "" {
		failure.Reason, failure.log = oneLine(failure.Reason+": "+limit), ""
		return failure, nil
	}
	if err := p.fair(said); err != nil {
		return nil, err
	}
	return failure, nil
}

// exited reports whether a process exited with a code other than 0, and was not ended.
func exited(err error) bool {
	end := proc.Failed(err)
	var lost *proc.LostError
	return end != nil && end.ExitCode() > 0 && !errors.Is(err, errHang) && !errors.As(err, &lost)
}

// fair returns an error if the machine or the sandbox may be the reason for the way in
// which a process failed, given what it printed.
func (p process) fair(printed string) error {
	reason, _, _ := strings.Cut(strings.TrimSpace(printed), "\n")
	if strings.Contains(printed, noProgram) {
		return doubtf("%s (a reproduction has no PATH: it must name other programs with their folders)", reason)
	}
	if why := p.place.sandbox.Suspect(printed); why != "" { // before doubt: read-only folders are the sandbox's
		return doubtf("%s (%s)", reason, why)
	}
	for _, folder := range []string{p.dir, p.folder} {
		if folder == "" {
			continue
		}
		if err := doubt(matrix.ReproductionFailed+strings.TrimSpace(printed), folder); err != nil {
			return &DoubtError{err}
		}
	}
	return nil
}

// noProgram is what os/exec says of a program that is in no folder of PATH.
const noProgram = "executable file not found in $PATH"

// A DoubtError means that the machine or the sandbox may be the reason why a reproduction
// failed, so that this says nothing of the code. Other scenarios of the binary may still be
// tried.
type DoubtError struct{ error }

// Unwrap returns the error without its type.
func (e *DoubtError) Unwrap() error { return e.error }

// doubtf returns a DoubtError.
func doubtf(format string, args ...any) error {
	return &DoubtError{fmt.Errorf(matrix.ReproductionFailed+format, args...)}
}

// doubt returns an error if the machine may be the reason for what a reproduction did
// wrong: it ran out of something, as the text says or as the folder shows. On a full
// disk a program may fail in any way, and may not notice that it wrote half a file.
func doubt(wrong, folder string) error {
	if wrong == "" {
		return nil
	}
	gist, _, _ := strings.Cut(wrong, "\n")
	if advice := fault.Shortage(wrong); advice != "" {
		return fmt.Errorf("%s (%s)", gist, advice)
	}
	if err := fault.Probe(folder); err != nil {
		return fmt.Errorf("%s; nothing more can be written into its folder: %w", gist, err)
	}
	return nil
}

// Environment returns the variables that every process of a reproduction gets, next to
// folders of its own: those of its suite, as NAME=VALUE, and some for all suites, unless
// the suite sets them. They are the same on every machine, however many cores it has. With
// two threads, concurrent code runs at the same time.
func Environment(own []string) []string {
	var env []string
	for _, variable := range []string{"LANG=C", "TZ=UTC", "GOMAXPROCS=2"} {
		name, _, _ := strings.Cut(variable, "=")
		if !slices.ContainsFunc(own, func(v string) bool { return strings.HasPrefix(v, name+"=") }) {
			env = append(env, variable)
		}
	}
	return append(env, own...)
}

// environment returns the complete environment of a reproduction. It has nothing of
// the user's, so that no variable can change what the target does.
func environment(dir string, own []string, d Defects) []string {
	env := Environment(own)
	if d.Hang {
		env = append(env, "GOTRACEBACK=crash") // also the stacks of goroutines that are busy
	}
	for _, name := range []string{"HOME", "TMPDIR", "TMP", "TEMP", "USERPROFILE"} {
		env = append(env, name+"="+dir)
	}
	slices.Sort(env)
	return env
}

// failure returns what the end of a process means.
func (p process) failure(parent context.Context, err error, log, dir string) (*death, error) {
	var (
		flood *proc.FloodError
		wrong *outputError
		lost  *proc.LostError
	)
	fail := func(kind matrix.FailureKind, reason string) (*death, error) {
		kept := proc.Tail{Max: maxLog}
		_, _ = kept.Write([]byte(log))
		return &death{Failure: matrix.Failure{Kind: kind, Reason: oneLine(p.cut(reason, dir)), Log: kept.String()}, log: log}, nil
	}
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &lost): // also if the process reported nothing: it may have been suspended
		return nil, p.hide(err)
	case errors.Is(err, errHang):
		return fail(matrix.FailureTimeout, fmt.Sprintf("%v for %v", err, p.limits.Trial))
	case errors.As(err, &flood), errors.As(err, &wrong):
		return fail(matrix.FailureOutput, err.Error())
	case fault.WasKilled(err):
		return nil, doubtf("%w (%s)", err, fault.Killed())
	case proc.Failed(err) != nil:
		return fail(matrix.FailureCrash, withPanic(proc.Failed(err).Error(), log))
	case parent.Err() != nil:
		return nil, context.Cause(parent)
	default:
		return nil, p.hide(err)
	}
}

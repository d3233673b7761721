package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox/warden"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// probing bounds the time that a probe may take. A box that works takes milliseconds.
const probing = 20 * time.Second

// scoped is the version of the kernel's interface for Landlock from which on programs
// cannot send signals to processes outside of their box, nor connect to their abstract
// sockets.
const scoped = 6

// A means is a mechanism that may not work, with the ways that need it.
type means struct {
	name string // as in sentences
	step string // of making a box that shows whether it works
	used func(ways) bool
	drop func(*ways)
}

// allMeans lists the means. Of those that may be the reason for a failure, the first is
// given up.
var allMeans = []means{
	{
		"a network namespace", warden.StepNet,
		func(w ways) bool { return w.Net },
		func(w *ways) { w.Net = false },
	},
	{
		"a file tree of its own", warden.StepFiles,
		func(w ways) bool { return w.Mount },
		func(w *ways) { w.Mount = false },
	},
	{
		"Landlock", warden.StepLandlock,
		func(w ways) bool { return w.Landlock },
		func(w *ways) { w.Landlock = false },
	},
	{
		"a user namespace", warden.StepClone, // which root may not need
		func(w ways) bool { return w.User && os.Geteuid() == 0 },
		func(w *ways) { w.User = false },
	},
	{
		"namespaces", warden.StepClone,
		func(w ways) bool { return w.Space },
		func(w *ways) { w.User, w.Space, w.Net, w.Mount = false, false, false, false },
	},
	{
		"a limit of memory", warden.StepLimits,
		func(w ways) bool { return w.Memory },
		func(w *ways) { w.Memory = false },
	},
}

// find returns the strongest sandbox that works here. It makes boxes with ever fewer
// means, and runs a program in them that does what Go programs do.
func find(ctx context.Context) (*Sandbox, error) {
	w := ways{User: true, Space: true, Mount: true, Net: true, Landlock: true, Memory: true}
	lost := make(map[string]string) // why means were given up, by name
	for {
		// Only a file tree of its own lets another user reach the program. Without a user
		// namespace, the limit of processes would count all of the user's; it does not
		// concern root.
		w.Nobody = w.Mount && warden.HasNobody()
		w.Processes = w.User && (w.Nobody || os.Geteuid() != 0)
		if !works(w) {
			return &Sandbox{Contains: contains(w, nil, lost)}, nil
		}
		found, err := try(ctx, w)
		if err == nil {
			return &Sandbox{contains(w, found, lost), w, slices.Contains(found, provenRoom)}, nil
		}
		var step *warden.StepError
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if !errors.As(err, &step) || isShortage(err) {
			return nil, err
		}
		i := slices.IndexFunc(allMeans, func(m means) bool {
			return m.used(w) && (m.step == step.Step || step.Step == warden.StepStart)
		})
		if i < 0 {
			return nil, err
		}
		allMeans[i].drop(&w)
		lost[allMeans[i].name] = step.Cause()
	}
}

// works reports whether there is something to contain programs with.
func works(w ways) bool { return w.Space || w.Landlock || w.Memory }

// isShortage reports whether an error is due to the machine's present state, and so
// says nothing about what it allows.
func isShortage(err error) bool {
	for _, e := range []error{unix.ENOMEM, unix.EAGAIN, unix.EMFILE, unix.ENFILE, context.DeadlineExceeded} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// try makes a box and runs a program in it. The result has the restrictions that the
// program found to be in force. What does not work is a *warden.StepError.
func try(ctx context.Context, w ways) (found []string, err error) {
	dir, err := scratch.Dir("probe-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	inside, outside := filepath.Join(dir, "inside"), filepath.Join(dir, "outside")
	for _, d := range []string{inside, outside} {
		if err := os.Mkdir(d, 0o700); err != nil {
			return nil, err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	b, err := open(ctx, w, Files{Programs: []string{self}, Write: []string{inside}})
	if err != nil {
		return nil, err
	}
	defer b.Close()
	limited, cancel := context.WithTimeout(ctx, probing)
	defer cancel()
	var out bytes.Buffer
	log := proc.Tail{Max: 4 << 10}
	err = proc.Cmd{
		Name: probeName + strconv.Itoa(os.Getpid()), Path: self, Args: []string{outside, strconv.Itoa(os.Getpid())},
		Dir: inside, Env: []string{"TMPDIR=" + inside, probeVariable + "=1"},
		Stdout: &out, Stderr: &log, MaxStdout: 4 << 10, MaxStderr: 4 << 10, In: b,
	}.Run(limited)
	if err != nil {
		return nil, failedThere(err, log.String())
	}
	return strings.Fields(out.String()), nil
}

// failedThere returns the error of a program that failed in a box. If it reports that
// the machine ran out of something, that is no reason to give up a means: it is not a
// *warden.StepError.
func failedThere(err error, said string) error {
	if gist := firstLine(said); gist != "" {
		err = fmt.Errorf("%w: %s", err, gist)
	}
	err = fmt.Errorf("a program failed there: %w", err)
	if advice := fault.Shortage(said); advice != "" {
		return fmt.Errorf("%w (%s)", err, advice)
	}
	return &warden.StepError{Step: warden.StepStart, Err: err}
}

// mostSaid bounds what is quoted of a program, in bytes.
const mostSaid = 200

// firstLine returns the first line of what a program said, which has the reason if the
// Go runtime has ended it. The rest is a trace.
func firstLine(said string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	if len(line) > mostSaid {
		line = strings.ToValidUTF8(line[:mostSaid], "") + "..."
	}
	return line
}

// contains says what a sandbox contains: what the probe found to be in force, and
// otherwise why it is not.
func contains(w ways, found []string, lost map[string]string) matrix.Sandbox {
	part := func(name, left string, needs ...string) matrix.Contained {
		if slices.Contains(found, name) {
			return matrix.Contained{Applies: true, Why: left}
		}
		var reasons []string
		for _, m := range needs {
			if lost[m] != "" {
				reasons = append(reasons, "without "+m+": "+lost[m])
			}
		}
		if len(reasons) == 0 {
			reasons = []string{"it was tried, and had no effect"}
		}
		return matrix.Contained{Why: strings.Join(reasons, "; ")}
	}
	return matrix.Sandbox{
		Files:     part(provenFiles, filesLeft(w), "Landlock", "a file tree of its own", "namespaces"),
		Network:   part(provenNetwork, "", "a network namespace", "namespaces"),
		Processes: part(provenProcesses, processesLeft(w), "namespaces", "Landlock"),
		Memory:    part(provenMemory, "", "a limit of memory"),
	}
}

// filesLeft says what a sandbox leaves open of files.
func filesLeft(w ways) string {
	if w.Mount {
		return ""
	}
	return "sockets of other programs that have a name in the file system may be reached"
}

// processesLeft says what a sandbox leaves open of processes.
func processesLeft(w ways) string {
	if w.Processes {
		return ""
	}
	return "their number has no limit"
}

package upstream

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
)

const (
	// maxOutput bounds the output of the tests of a package, in bytes. Suites that
	// log each step write a megabyte or two.
	maxOutput = 64 << 20
	// grace is the time that a test binary has after its own limit to report
	// which tests were running.
	grace = 20 * time.Second
)

// errTook is the cause of a context that was ended by the limit.
var errTook = errors.New("time limit reached")

// Run runs the tests of a package: all of them, or only the one named test and its
// subtests. limit bounds the run time.
//
// Tests that fail, do not compile, crash or hang are reported in the TestRun. An
// error means that the result is not known.
func (t *Tree) Run(ctx context.Context, pkg, test string, limit time.Duration) (*matrix.TestRun, error) {
	c, err := t.compile(ctx, pkg)
	switch {
	case err != nil:
		return nil, err
	case c.complaint != "":
		return &matrix.TestRun{State: matrix.TestsUncompiled, Complaint: c.complaint, Proven: true}, nil
	case c.binary == "":
		return &matrix.TestRun{State: matrix.TestsNone}, nil
	}
	args := []string{"-test.v", "-test.count=1", "-test.paniconexit0", "-test.timeout=" + limit.String()}
	if test != "" {
		args = append(args, "-test.run=^"+regexp.QuoteMeta(test)+"$")
	}
	return t.execute(ctx, c.binary, filepath.Join(t.Dir, filepath.FromSlash(pkg)), args, limit)
}

// execute runs a test binary in the folder of the package, as go test does.
func (t *Tree) execute(ctx context.Context, binary, dir string, args []string, limit time.Duration) (*matrix.TestRun, error) {
	temp, home := filepath.Join(t.Temp, "tmp"), filepath.Join(t.Temp, "home")
	if err := errors.Join(os.MkdirAll(temp, 0o777), os.MkdirAll(home, 0o777)); err != nil {
		return nil, fmt.Errorf("making a folder for tests: %w", err)
	}
	limited, cancel := context.WithTimeoutCause(ctx, limit+grace, errTook)
	defer cancel()
	in, done, err := t.contain(ctx, binary, temp, home)
	if err != nil {
		return nil, err
	}
	defer done()
	var out output
	began := time.Now()
	err = proc.Cmd{
		Path: binary, Args: args, Dir: dir, Env: environment(temp, home), In: in,
		Stdout: &out, MaxStdout: maxOutput, Stderr: &out, MaxStderr: maxOutput,
	}.Run(limited)
	var lost *proc.LostError
	var flood *proc.FloodError
	exit := proc.Failed(err)
	switch {
	case errors.As(err, &lost):
		return nil, fmt.Errorf("running the tests in %s: %w", filepath.Base(dir), err)
	case err == nil, exit != nil, errors.As(err, &flood), errors.Is(err, errTook):
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	default:
		return nil, fmt.Errorf("running the tests in %s: %w", filepath.Base(dir), err)
	}
	if fault.WasKilled(err) {
		return nil, fmt.Errorf("running the tests in %s: %w (%s)", filepath.Base(dir), err, fault.Killed())
	}
	// Remove colours first: scrub does not recognize a path that follows one.
	text := t.scrub(escapes.ReplaceAllString(out.String(), ""))
	run := parse(text, err == nil)
	run.Elapsed = time.Since(began).Round(time.Millisecond)
	if errors.Is(err, errTook) || exit != nil && timedOut.MatchString(text) {
		run.State = matrix.TestsTimedOut
	}
	return run, t.doubt(run)
}

// doubt returns an error if tests failed and the machine or the sandbox may be the
// reason, as the failed tests say or as the folder for their files shows.
func (t *Tree) doubt(run *matrix.TestRun) error {
	if len(run.Failed) == 0 {
		return nil
	}
	for _, f := range run.Failed {
		why := t.Sandbox.TooMuchMemory(f.Output)
		if why != "" {
			why += ": " + sandbox.Off
		}
		if why = cmp.Or(why, t.Sandbox.Suspect(f.Output), fault.Shortage(f.Output)); why != "" {
			return fmt.Errorf("%s fails, and the code may not be the reason (%s): %s", cmp.Or(f.Name, "a test"), why, f.Output)
		}
	}
	if err := fault.Probe(t.Temp); err != nil {
		return fmt.Errorf("tests fail, and nothing more can be written into their folder: %w", err)
	}
	return nil
}

// timedOut matches the last message of a test binary that reached its limit.
var timedOut = regexp.MustCompile(`(?m)^panic: test timed out after `)

// system are the folders and files that tests may read in a sandbox: programs, the C
// library, root certificates, and names of users and of types of files.
var system = []string{
	"/bin", "/lib", "/lib64", "/nix/store", "/sbin", "/usr",
	"/etc/ca-certificates", "/etc/group", "/etc/mime.types", "/etc/passwd", "/etc/pki/tls/certs", "/etc/ssl/certs",
}

// contain returns what starts a test binary in the sandbox, and what ends all of its
// processes. Tests may change files in two folders only: the sources are read-only, as
// those of a module in the module cache are. Without a sandbox the starter is nil.
func (t *Tree) contain(ctx context.Context, binary string, write ...string) (in proc.Starter, done func(), err error) {
	if !t.Sandbox.Active() {
		return nil, func() {}, nil
	}
	root, err := t.Go.Run(ctx, gocmd.Call{Args: []string{"env", "GOROOT"}, Toolchain: t.Toolchain, Limit: time.Minute})
	if err != nil {
		return nil, nil, fmt.Errorf("finding the toolchain that tests may use: %w", err)
	}
	box, err := t.Sandbox.Open(ctx, sandbox.Files{
		Programs: []string{binary}, Read: append(slices.Clone(system), strings.TrimSpace(string(root)), t.Dir), Write: write,
	})
	if err != nil {
		return nil, nil, err
	}
	return box, box.Close, nil
}

// environment returns the complete environment of tests: folders for their files, and
// what is needed to start programs.
func environment(temp, home string) []string {
	env := []string{"TMPDIR=" + temp, "TEMP=" + temp, "TMP=" + temp, "HOME=" + home, "USERPROFILE=" + home, "LC_ALL=C", "TZ=UTC", "NO_COLOR=1"}
	for _, key := range []string{"PATH", "SystemRoot"} {
		if value, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+value)
		}
	}
	return env
}

// output collects both streams of a process, in order.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write keeps p. It never fails.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// Package gocmd runs the go command. It is the only package that does, so that
// every call has the same controlled environment, the same limits, and the same
// type of error.
package gocmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/version"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

const (
	// grace is the time that an interrupted go command has to remove its work
	// folders.
	grace = 5 * time.Second
	// maxStdout is more than any command here prints.
	maxStdout = 64 << 20
	// maxStderr bounds the output of a runaway compiler; the last errorTail bytes
	// are kept.
	maxStderr = 64 << 20
	errorTail = 64 << 10
	// fetching is the limit for a command that may download a toolchain.
	fetching = 20 * time.Minute
)

// Go runs the go command that is in PATH. The zero value is ready to use, is safe
// for concurrent use, and must not be copied.
type Go struct {
	// Log, if not nil, is called with one line before each command. The line can
	// be pasted into a shell. Calls may be concurrent.
	Log func(line string)

	mu       sync.Mutex
	versions map[string]string // by toolchain
	c        *C                // nil before it is known

	coverTools map[string]string // paths, by toolchain
}

// A Call is one run of the go command.
type Call struct {
	Dir       string        // working directory; empty for that of this process
	Args      []string      // such as "mod", "download"
	Toolchain string        // such as "go1.20.14", downloaded if missing; empty for the local one
	Env       []string      // KEY=VALUE pairs that override all others
	Limit     time.Duration // on the run time; 0 for none

	// Own runs the command as the user does, for questions about a build of theirs:
	// their GOFLAGS, GOWORK, GOTOOLCHAIN and platform decide. Only Toolchain, Env and the
	// folder for temporary files differ.
	Own bool

	// CPU, if not nil, is increased by the CPU time of the command and of its
	// child processes, such as compilers.
	CPU *time.Duration
}

// errTook is the cause of a context that was ended by the Limit of a Call.
var errTook = errors.New("time limit reached")

// program returns the path of the go command. It is absolute, so that Call.Dir does not
// change its meaning.
func program() (string, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// Root returns the folder of the toolchain that the go command belongs to, which is its
// GOROOT unless a variable says otherwise. It is empty if there is no go command.
func Root() string {
	path, err := program()
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return ""
	}
	return filepath.Dir(filepath.Dir(path)) // of bin/go
}

// Run runs one go command and returns its standard output, also what was printed
// before an error. An error of the command is an *Error; it wraps the context's
// error if the context ended the command.
func (g *Go) Run(ctx context.Context, c Call) ([]byte, error) {
	env := c.environ()
	if g.Log != nil {
		g.Log(c.line(env))
	}
	fail := func(err error, stderr string) *Error {
		return newError(c, env, err, stderr)
	}
	path, err := program()
	if err != nil {
		return nil, fail(err, "")
	}
	if c.Limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, c.Limit, errTook)
		defer cancel()
	}
	var stdout bytes.Buffer
	stderr := proc.Tail{Max: errorTail}
	err = proc.Cmd{
		Path: path, Args: c.Args, Dir: c.Dir, Env: env.list(),
		Stdout: &stdout, MaxStdout: maxStdout,
		Stderr: &stderr, MaxStderr: maxStderr,
		Grace: grace, CPU: c.CPU,
	}.Run(ctx)
	if err != nil {
		return stdout.Bytes(), fail(err, stderr.String())
	}
	return stdout.Bytes(), nil
}

// Version returns the version of a toolchain, such as "go1.26.8"; an empty
// toolchain is the local one. It downloads a missing toolchain. Answers are cached,
// failures are not: the network may be back at the next call.
func (g *Go) Version(ctx context.Context, toolchain string) (string, error) {
	g.mu.Lock()
	known, ok := g.versions[toolchain]
	g.mu.Unlock()
	if ok {
		return known, nil
	}
	// Run without the lock: concurrent calls get the same answer, and the go
	// command itself downloads a toolchain only once.
	out, err := g.Run(ctx, Call{Args: []string{"env", "GOVERSION"}, Toolchain: toolchain, Limit: fetching})
	if err != nil {
		return "", err
	}
	reported := strings.TrimSpace(string(out))
	if !strings.HasPrefix(reported, "go") && !strings.HasPrefix(reported, "devel ") {
		return "", fmt.Errorf("asking the go command for its version: it printed %q (%s)", reported, fault.BrokenToolchain)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.versions == nil {
		g.versions = map[string]string{}
	}
	g.versions[toolchain] = reported
	return reported, nil
}

// AtLeast reports whether a version of the go command is not older than another one,
// such as "go1.18". What is not a release, such as "devel go1.27-0123456789", is newer
// than all.
func AtLeast(goVersion, least string) bool {
	return !version.IsValid(goVersion) || version.Compare(goVersion, least) >= 0
}

// Package gocmd runs the go command. It is the only place that does, so that
// every call has the same environment, made on purpose, the same limits, and
// the same shape of error.
package gocmd

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

const (
	// grace is what an interrupted go command has to remove its work folders.
	grace = 5 * time.Second
	// maxStdout is far more than any answer that is asked for here.
	maxStdout = 64 << 20
	// maxStderr bounds a compiler gone wild; errorTail of it is kept.
	maxStderr = 64 << 20
	errorTail = 64 << 10
	// fetching is what a toolchain may take that must be downloaded first.
	fetching = 20 * time.Minute
)

// Go runs the go command that is in PATH. The zero Go is ready for use, by
// several goroutines at once. It must not be copied.
type Go struct {
	// Log, where it is set, gets one line for each command, before it runs. The
	// line can be pasted into a shell. It must take concurrent calls.
	Log func(line string)

	mu       sync.Mutex
	versions map[string]string // by toolchain
}

// A Call is one run of the go command.
type Call struct {
	Dir       string        // to run in; empty for this process's own
	Args      []string      // such as "mod", "download"
	Toolchain string        // such as "go1.20.14", fetched where it is missing; empty for the go command at hand
	Env       []string      // KEY=VALUE, which win over all else
	Limit     time.Duration // that it may take; 0 for no limit

	// CPU, where it is set, grows by the CPU time of the command and of all that
	// it ran, such as compilers.
	CPU *time.Duration
}

// errTook is the cause of a context that a Call's Limit has ended.
var errTook = errors.New("time limit reached")

// Run runs one go command and returns what it printed on standard output, as
// far as it came where there is an error. The error is an *Error for whatever
// the go command did or did not do; it wraps the context's error where that
// ended the command.
func (g *Go) Run(ctx context.Context, c Call) ([]byte, error) {
	env := c.environ()
	if g.Log != nil {
		g.Log(c.line(env))
	}
	fail := func(err error, stderr string) *Error {
		return newError(c, env, err, stderr)
	}
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, fail(err, "")
	}
	if path, err = filepath.Abs(path); err != nil { // Dir must not change what it means
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

// Version returns the version of a toolchain, or of the go command at hand
// where the toolchain is empty, such as "go1.26.8". It fetches a toolchain
// that is missing, and asks for each only once.
func (g *Go) Version(ctx context.Context, toolchain string) (string, error) {
	g.mu.Lock()
	known, ok := g.versions[toolchain]
	g.mu.Unlock()
	if ok {
		return known, nil
	}
	// Asked without the lock: two rows that ask at once learn the same, and
	// the go command itself fetches a toolchain only once. A failure is not
	// kept, as the next try may come after the network did.
	out, err := g.Run(ctx, Call{Args: []string{"env", "GOVERSION"}, Toolchain: toolchain, Limit: fetching})
	if err != nil {
		return "", err
	}
	version := strings.TrimSpace(string(out))
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.versions == nil {
		g.versions = map[string]string{}
	}
	g.versions[toolchain] = version
	return version, nil
}

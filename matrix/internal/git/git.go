// Package git reads commits from a clone with the git command. It is the only
// package that runs git. The environment is made here, so that the user's git
// configuration can neither change what a commit contains nor start programs.
//
// The package only reads, and it ignores the working tree and the index of the
// clone.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

const (
	limit     = 2 * time.Minute // of one command
	maxOutput = 16 << 20        // bytes of a diff, as many as a patch may have, and far more than a list of commits has
	maxWords  = 64 << 10        // bytes of an error message of git
)

// ErrMissing is returned if there is no git command in PATH.
var ErrMissing = errors.New("there is no git command in PATH: install git, or save the commit's diff as a file and name that")

// A RefusedError reports that git did not find the clone or the commit.
type RefusedError struct {
	Args  []string
	Words string // what git printed on standard error
}

func (e *RefusedError) Error() string {
	words := strings.TrimSpace(e.Words)
	if words == "" {
		words = "it failed without a message"
	}
	return fmt.Sprintf("git %s: %s", verb(e.Args), words)
}

// run runs one git command in the clone and returns its standard output.
func (c *Clone) run(ctx context.Context, args ...string) ([]byte, error) {
	var stdout bytes.Buffer
	err := start(ctx, c.dir, &stdout, maxOutput, args...)
	return stdout.Bytes(), err
}

// start runs one git command in a folder, with a bound on its standard output in bytes.
func start(ctx context.Context, dir string, stdout io.Writer, bound int64, args ...string) error {
	path, err := exec.LookPath("git")
	if err != nil {
		return ErrMissing
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	stderr := proc.Tail{Max: maxWords}
	err = proc.Cmd{
		Path: path, Dir: dir, Env: environment(),
		// The clone may belong to another user: nothing in it is run, and the
		// caller asked for it by name.
		Args:   append([]string{"-c", "safe.directory=*", "-c", "core.fsmonitor=false"}, args...),
		Stdout: stdout, MaxStdout: bound,
		Stderr: &stderr, MaxStderr: maxWords,
	}.Run(ctx)
	if _, ok := errors.AsType[*exec.ExitError](err); ok {
		return &RefusedError{Args: args, Words: stderr.String()}
	}
	if err != nil {
		return fmt.Errorf("running git %s: %w", verb(args), err)
	}
	return nil
}

// verb returns the git command among arguments, without the options before it.
func verb(args []string) string {
	i := slices.IndexFunc(args, func(arg string) bool { return !strings.HasPrefix(arg, "-") })
	return args[max(i, 0)]
}

// environment returns the whole environment of git: no configuration of the user or
// the system, no prompts, no locks, and messages in English.
func environment() []string {
	env := []string{
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_ATTR_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0",
		"GIT_NO_REPLACE_OBJECTS=1", "GIT_PAGER=cat", "LC_ALL=C", "TZ=UTC",
		// Git would fetch what a partial clone does not have, and write it to the clone.
		// Only new versions know GIT_NO_LAZY_FETCH.
		"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none",
	}
	for _, key := range []string{"PATH", "SystemRoot", "TMPDIR", "TEMP"} {
		if value, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+value)
		}
	}
	return env
}

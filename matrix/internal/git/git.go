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
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

const (
	limit     = 2 * time.Minute // of one command
	maxOutput = 16 << 20        // bytes of a diff, as many as a patch may have
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
	return fmt.Sprintf("git %s: %s", e.Args[0], words)
}

// A Commit is one commit of a clone and what it changes.
type Commit struct {
	Hash    string // in full
	Subject string
	Diff    []byte // against its first parent
}

// Show returns a commit of a clone. If clone is a folder inside a repository, the
// diff is relative to that folder and has only the files below it.
//
// The error is ErrMissing if there is no git, or a *RefusedError if the folder is
// not a clone, has no such commit, or the commit has no parent.
func Show(ctx context.Context, clone, ref string) (*Commit, error) {
	hash, err := run(ctx, clone, "rev-parse", "--verify", "--end-of-options", ref+"^{commit}")
	if err != nil {
		return nil, err
	}
	c := &Commit{Hash: strings.TrimSpace(string(hash))}
	parent, err := run(ctx, clone, "rev-parse", "--verify", "--end-of-options", c.Hash+"^1")
	var refused *RefusedError
	if errors.As(err, &refused) {
		refused.Words = fmt.Sprintf("commit %s has no parent to compare with", c.Hash)
	}
	if err != nil {
		return nil, err
	}
	subject, err := run(ctx, clone, "log", "-1", "--no-show-signature", "--format=%s", c.Hash, "--")
	if err != nil {
		return nil, err
	}
	c.Subject = strings.TrimSpace(string(subject))
	c.Diff, err = run(ctx, clone, "diff-tree", "-p", "-r", "-U3", "--find-renames", "--relative", "--no-color", "--no-ext-diff", "--no-textconv",
		"--full-index", "--src-prefix=a/", "--dst-prefix=b/", strings.TrimSpace(string(parent)), c.Hash)
	return c, err
}

// run runs one git command in a clone and returns its standard output.
func run(ctx context.Context, clone string, args ...string) ([]byte, error) {
	path, err := exec.LookPath("git")
	if err != nil {
		return nil, ErrMissing
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var stdout bytes.Buffer
	stderr := proc.Tail{Max: maxWords}
	err = proc.Cmd{
		Path: path, Dir: clone, Env: environment(),
		// The clone may belong to another user: nothing in it is run, and the
		// caller asked for it by name.
		Args:   append([]string{"-c", "safe.directory=*", "-c", "core.fsmonitor=false"}, args...),
		Stdout: &stdout, MaxStdout: maxOutput,
		Stderr: &stderr, MaxStderr: maxWords,
	}.Run(ctx)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, &RefusedError{Args: args, Words: stderr.String()}
	}
	if err != nil {
		return nil, fmt.Errorf("running git %s: %w", args[0], err)
	}
	return stdout.Bytes(), nil
}

// environment returns the whole environment of git: no configuration of the user or
// the system, no prompts, no locks, and messages in English.
func environment() []string {
	env := []string{
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_ATTR_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0",
		"GIT_NO_LAZY_FETCH=1", "GIT_PAGER=cat", "LC_ALL=C", "TZ=UTC",
	}
	for _, key := range []string{"PATH", "SystemRoot", "TMPDIR", "TEMP"} {
		if value, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+value)
		}
	}
	return env
}

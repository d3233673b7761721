// Package git asks the git command about a clone that somebody has. It is the
// only place that runs git, with an environment made for it: what a user has
// configured must not change what a commit comes to, nor start programs.
//
// It only reads. The clone's working tree and its index are not looked at.
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
	limit     = 2 * time.Minute // for one command
	maxOutput = 64 << 20        // bytes of a diff, which nobody would call a patch
	maxWords  = 64 << 10        // bytes of what git complains of
)

// ErrMissing says that there is no git command.
var ErrMissing = errors.New("there is no git command in PATH: install git, or save the commit's diff as a file and name that")

// A RefusedError says that git knows no such clone or commit.
type RefusedError struct {
	Args  []string
	Words string // git's own
}

func (e *RefusedError) Error() string {
	words := strings.TrimSpace(e.Words)
	if words == "" {
		words = "it fails without a word"
	}
	return fmt.Sprintf("git %s: %s", e.Args[0], words)
}

// A Commit is one commit of a clone and what it changes.
type Commit struct {
	Hash    string // in full
	Subject string
	Diff    []byte // against its first parent
}

// Show returns a commit. The clone is a folder of it: what the commit changes
// is told relative to that folder, and what lies outside is left out.
//
// The error is ErrMissing where there is no git, a *RefusedError where the
// folder is no clone, or has no such commit, or the commit has no parent.
func Show(ctx context.Context, clone, ref string) (*Commit, error) {
	hash, err := run(ctx, clone, "rev-parse", "--verify", "--end-of-options", ref+"^{commit}")
	if err != nil {
		return nil, err
	}
	c := &Commit{Hash: strings.TrimSpace(string(hash))}
	parent, err := run(ctx, clone, "rev-parse", "--verify", "--end-of-options", c.Hash+"^1")
	var refused *RefusedError
	if errors.As(err, &refused) {
		refused.Words = fmt.Sprintf("commit %s has no parent that it could be compared with", c.Hash)
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

// run runs one git command in a clone and returns what it printed.
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
		// Whose the clone is does not matter, as nothing in it is run: the
		// person who names it wants it read.
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

// environment is all that git gets: no configuration of the user's or the
// system's, no prompt, no lock, and messages that are the same everywhere.
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

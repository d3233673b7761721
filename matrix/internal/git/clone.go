package git

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Clone is a repository on this machine, with a checkout or without.
type Clone struct {
	Folder  string // of the module, slash-separated, relative to the top of the repository; empty for the top
	Shallow bool   // the older part of the history is missing
	Bare    bool   // it has no checkout, and so no folders

	dir     string // where git runs
	objects string // the folder with the objects
	shallow string // the file with the commits whose parents are missing
	format  string // of the hashes, such as "sha1"
}

// Open returns the clone that a folder is or is in.
//
// The error is ErrMissing if there is no git, a *RefusedError if the folder is not in
// a clone, or that of package fs if there is no such folder.
func Open(ctx context.Context, dir string) (*Clone, error) {
	c := &Clone{dir: dir}
	out, err := c.run(ctx, "rev-parse", "--is-shallow-repository", "--is-bare-repository", "--show-object-format", "--git-path", "objects", "--git-path", "shallow", "--show-prefix")
	if err != nil {
		return nil, err
	}
	const lines = 6
	line := strings.SplitN(string(out), "\n", lines)
	if len(line) < lines {
		return nil, fmt.Errorf("running git rev-parse: want %d lines, got %q", lines, out)
	}
	c.Shallow, c.Bare, c.format = line[0] == "true", line[1] == "true", line[2]
	c.Folder = strings.TrimSuffix(strings.TrimSuffix(line[5], "\n"), "/")
	if c.objects, err = c.abs(line[3]); err == nil {
		c.shallow, err = c.abs(line[4])
	}
	return c, err
}

// OpenFlag is Open for the value of --git. What the user can mend is an error of type
// matrix.Problems.
func OpenFlag(ctx context.Context, dir string) (*Clone, error) {
	c, err := Open(ctx, dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, matrix.Mistake("--git %s: there is no such folder", dir)
	case errors.Is(err, ErrMissing):
		return nil, matrix.Mistake("--git %s: there is no git command in PATH: install git", dir)
	case Mendable(err):
		return nil, matrix.Mistake("--git %s: it is not a clone: %v", dir, err)
	}
	return c, err
}

// abs returns the absolute path of a file that git named.
func (c *Clone) abs(name string) (string, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(c.dir, name)
	}
	return filepath.Abs(name)
}

// A Commit is one commit of a clone.
type Commit struct {
	Hash    string   // in full
	Parents []string // their hashes
	Time    time.Time
	Subject string
}

// layout is what git prints of a commit, for parse.
const layout = "--format=%H%x00%P%x00%ct%x00%s"

// logged are the arguments of git log that make its output depend on the commits alone.
var logged = []string{"log", "--no-show-signature", "--no-color", "--no-decorate", "--encoding=UTF-8", layout}

// A NoCommitError reports that a clone does not have a commit.
type NoCommitError struct {
	Ref     string
	Near    string // the branch or tag that was probably meant, may be empty
	Shallow bool
}

func (e *NoCommitError) Error() string {
	words := fmt.Sprintf("the clone has no commit %q", e.Ref)
	if e.Near != "" {
		words += fmt.Sprintf(": did you mean %q?", e.Near)
	}
	if e.Shallow {
		words += " (" + unshallow + ")"
	}
	return words
}

// Mendable reports whether an error is about the clone or the names that the caller gave,
// so that another one mends it.
func Mendable(err error) bool {
	var none *NoCommitError
	var noRef *NoRefError
	var gap *GapError
	var base *NoBaseError
	var refused *RefusedError
	return errors.As(err, &none) || errors.As(err, &noRef) || errors.As(err, &gap) || errors.As(err, &base) || errors.As(err, &refused) ||
		errors.Is(err, ErrMissing) || errors.Is(err, path.ErrBadPattern)
}

// unshallow says what to do about a shallow clone.
const unshallow = "the older part of its history is missing: `git fetch --unshallow` in the clone gets it"

// Commit returns the commit that a ref names: a hash, a branch, a tag, or anything else
// that git accepts. If it names no commit, the error is a *NoCommitError.
func (c *Clone) Commit(ctx context.Context, ref string) (Commit, error) {
	out, err := c.run(ctx, "rev-parse", "--verify", "--end-of-options", ref+"^{commit}")
	var refused *RefusedError
	if errors.As(err, &refused) && !strings.Contains(refused.Words, "ambiguous") {
		return Commit{}, c.missing(ctx, ref)
	}
	if err != nil {
		return Commit{}, err
	}
	commits, err := c.log(ctx, "-1", strings.TrimSpace(string(out)))
	if err != nil {
		return Commit{}, err
	}
	return commits[0], nil
}

// missing returns the error for a ref that names no commit.
func (c *Clone) missing(ctx context.Context, ref string) error {
	refs, err := c.refs(ctx)
	if err != nil {
		return err
	}
	near, _ := text.Nearest(ref, shortNames(refs))
	return &NoCommitError{Ref: ref, Near: near, Shallow: c.Shallow}
}

// log returns the commits that git log lists.
func (c *Clone) log(ctx context.Context, args ...string) ([]Commit, error) {
	out, err := c.run(ctx, append(append(logged[:len(logged):len(logged)], args...), "--")...)
	if err != nil {
		return nil, err
	}
	var commits []Commit
	for _, line := range fields(out, "\n") {
		commit, err := parse(line)
		if err != nil {
			return nil, err
		}
		commits = append(commits, commit)
	}
	return commits, nil
}

// parse reads a line in the layout.
func parse(line string) (Commit, error) {
	parts := strings.SplitN(line, "\x00", 4)
	if len(parts) < 4 {
		return Commit{}, fmt.Errorf("running git log: want four fields, got %q", line)
	}
	seconds, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return Commit{}, fmt.Errorf("running git log: the time of %s: %w", parts[0], err)
	}
	return Commit{Hash: parts[0], Parents: strings.Fields(parts[1]), Time: time.Unix(seconds, 0).UTC(), Subject: parts[3]}, nil
}

// fields returns the parts of an output that each end with an end.
func fields(out []byte, end string) []string {
	text := strings.TrimSuffix(string(out), end)
	if text == "" {
		return nil
	}
	return strings.Split(text, end)
}

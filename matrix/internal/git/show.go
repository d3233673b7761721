package git

import (
	"context"
	"fmt"
)

// A Change is a commit and what it changes.
type Change struct {
	Commit
	Diff   []byte   // against its first parent
	Nested []string // folders with a module of their own, after it; a module zip does not have them
}

// Show returns a commit of a clone. If clone is a folder inside a repository, the
// diff is relative to that folder and has only the files below it.
//
// The error is ErrMissing if there is no git, a *RefusedError if the folder is not a
// clone or the commit has no parent, ErrPartial, or a *NoCommitError.
func Show(ctx context.Context, clone, ref string) (*Change, error) {
	c, err := Open(ctx, clone)
	if err != nil {
		return nil, err
	}
	commit, err := c.Commit(ctx, ref)
	if err != nil {
		return nil, err
	}
	if len(commit.Parents) == 0 {
		return nil, &RefusedError{Args: []string{"diff-tree"}, Words: fmt.Sprintf("commit %s has no parent to compare with", commit.Hash)}
	}
	diff, err := c.run(ctx, "diff-tree", "-p", "-r", "-U3", "--find-renames", "--relative", "--no-color", "--no-ext-diff", "--no-textconv",
		"--full-index", "--src-prefix=a/", "--dst-prefix=b/", commit.Parents[0], commit.Hash)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	entries, err := c.Entries(ctx, commit.Hash)
	return &Change{commit, diff, entries.Modules}, err
}

// Files returns the names of the files that differ between two commits, sorted, as
// slash-separated paths from the top of the repository. A renamed file is in it with
// both names.
func (c *Clone) Files(ctx context.Context, from, to string) ([]string, error) {
	out, err := c.run(ctx, "diff-tree", "-r", "-z", "--name-only", "--no-renames", from, to)
	return fields(out, "\x00"), err
}

// Package history reads the commits of a clone of the target as states for package
// bisect. It only reads the clone.
package history

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/git"
)

// Commits are the commits of a clone. What the user can mend about the clone or the
// names of commits is an error of type matrix.Problems.
type Commits struct {
	suite *matrix.Spec
	dir   string // as the user named the clone
	clone *git.Clone
}

// Open opens the clone of a suite's target that a folder is or is in.
func Open(ctx context.Context, dir string, suite *matrix.Spec) (*Commits, error) {
	clone, err := git.OpenFlag(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &Commits{suite: suite, dir: dir, clone: clone}, nil
}

// stateOf returns a commit as a state.
func stateOf(c git.Commit) matrix.HistoryState {
	return matrix.HistoryState{Name: c.Hash, Subject: c.Subject, Time: c.Time}
}

// Find returns the commit that a ref names. A version also means its tag if the module
// is in a folder of the repository.
func (c *Commits) Find(ctx context.Context, name string) (matrix.HistoryState, error) {
	commit, err := c.clone.Commit(ctx, name)
	if err != nil {
		if tagged, tagErr := c.clone.Commit(ctx, c.clone.Tag(name, c.suite.Target.Module)); tagErr == nil {
			commit, err = tagged, nil
		}
	}
	return stateOf(commit), c.explain(err)
}

// explain makes a mistake of an error that the user can mend.
func (c *Commits) explain(err error) error {
	if git.Mendable(err) {
		return matrix.Mistake("--git %s: %v", c.dir, err)
	}
	return err
}

// Line returns the commits of the main line: the first parents of the end that is known,
// or of HEAD if that came after it. With both ends there are some only if all is set.
func (c *Commits) Line(ctx context.Context, good, bad *matrix.HistoryState, all bool) ([]matrix.HistoryState, error) {
	if good != nil && bad != nil {
		if !all {
			return nil, nil
		}
		older, err := c.Fork(ctx, *good, *bad)
		if err != nil {
			return nil, err
		}
		newer := *bad
		if older.Name == bad.Name {
			newer = *good
		}
		return c.firstParents(ctx, older.Name, newer.Name)
	}
	head, err := c.clone.Commit(ctx, "HEAD")
	if err != nil {
		return nil, c.explain(err)
	}
	tip := head.Hash
	for _, end := range []*matrix.HistoryState{good, bad} {
		if end == nil {
			continue
		}
		before, err := c.clone.IsAncestor(ctx, end.Name, head.Hash)
		if err != nil {
			return nil, c.explain(err)
		}
		if !before {
			tip = end.Name
		}
	}
	oldest, err := c.oldest(ctx, tip)
	if err != nil {
		return nil, err
	}
	return c.firstParents(ctx, oldest, tip)
}

// oldest returns the commit at which to stop looking for an end: where the history of
// the suite's oldest release leaves that of a commit. It is empty if the clone does not
// have that release.
func (c *Commits) oldest(ctx context.Context, tip string) (string, error) {
	i := slices.IndexFunc(c.suite.Lock, func(r matrix.Release) bool { return c.suite.Releases.Admits(r.Version) })
	if i < 0 {
		return "", nil
	}
	tagged, err := c.clone.Commit(ctx, c.clone.Tag(c.suite.Lock[i].Version, c.suite.Target.Module))
	var missing *git.NoCommitError
	if errors.As(err, &missing) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	base, err := c.clone.MergeBase(ctx, tagged.Hash, tip)
	return base, c.explain(err)
}

// firstParents returns a commit and its first parents until a commit is in the history
// of from, with that one; the oldest is the first.
func (c *Commits) firstParents(ctx context.Context, from, tip string) ([]matrix.HistoryState, error) {
	all, err := c.clone.Range(ctx, from, tip)
	if err != nil {
		return nil, c.explain(err)
	}
	at := make(map[string]git.Commit, len(all))
	for _, commit := range all {
		at[commit.Hash] = commit
	}
	var line []matrix.HistoryState
	for hash := tip; ; {
		commit, ok := at[hash]
		if !ok {
			break
		}
		line = append(line, stateOf(commit))
		if len(commit.Parents) == 0 {
			break
		}
		hash = commit.Parents[0]
	}
	if from != "" {
		first, err := c.clone.Commit(ctx, from)
		if err != nil {
			return nil, err
		}
		line = append(line, stateOf(first))
	}
	slices.Reverse(line)
	return line, nil
}

// Between returns the commits that newer has in its history and older does not, parents
// first, and the parents of each that are among them.
func (c *Commits) Between(ctx context.Context, older, newer matrix.HistoryState) (states []matrix.HistoryState, parents [][]int, err error) {
	all, err := c.clone.Range(ctx, older.Name, newer.Name)
	if err != nil {
		return nil, nil, c.explain(err)
	}
	places := make(map[string]int, len(all))
	for _, commit := range all {
		var of []int
		for _, p := range commit.Parents {
			if i, ok := places[p]; ok {
				of = append(of, i)
			}
		}
		places[commit.Hash] = len(states)
		states, parents = append(states, stateOf(commit)), append(parents, of)
	}
	return states, parents, nil
}

// Fork returns the commit from which the histories of two commits go apart.
func (c *Commits) Fork(ctx context.Context, a, b matrix.HistoryState) (matrix.HistoryState, error) {
	base, err := c.clone.MergeBase(ctx, a.Name, b.Name)
	if err != nil {
		return a, c.explain(err)
	}
	commit, err := c.clone.Commit(ctx, base)
	return stateOf(commit), err
}

// Parent returns the first parent of a commit, and whether it has one.
func (c *Commits) Parent(ctx context.Context, s matrix.HistoryState) (matrix.HistoryState, bool, error) {
	commit, err := c.clone.Commit(ctx, s.Name)
	if err != nil || len(commit.Parents) == 0 {
		return matrix.HistoryState{}, false, err
	}
	parent, err := c.clone.Commit(ctx, commit.Parents[0])
	return stateOf(parent), err == nil, c.explain(err)
}

// Describe adds to a change which files the commit changes, and the first tag that has it.
func (c *Commits) Describe(ctx context.Context, t *matrix.Turn) (err error) {
	if t.Tag, err = c.clone.FirstTag(ctx, t.After.Name, c.suite.Target.Module); err != nil {
		return err
	}
	parent, ok, err := c.Parent(ctx, t.After.HistoryState)
	if err == nil && ok {
		t.Files, err = c.clone.Files(ctx, parent.Name, t.After.Name)
	}
	return err
}

// state returns the name of the commit that a release or another target was made from: the
// tag of a version, a commit itself, or what the pseudo-version of a fork says. It is empty
// if that is not known.
func (c *Commits) state(r matrix.Release) string {
	switch o := r.Origin; {
	case o == nil:
		return c.clone.Tag(r.Version, c.suite.Target.Module)
	case o.Kind == matrix.SourceRef:
		_, hash, _ := strings.Cut(o.Ref, " ")
		return hash
	case o.Kind == matrix.SourceModule:
		rev, _ := module.PseudoVersionRev(r.Version) // other versions of a fork may be called as those of the target
		return rev
	}
	return ""
}

// Has finds out whether a target has the change of a commit: in says how it is known to have
// it, and may why it may have it, although nothing proves that. Both are empty if the history
// does not tell, as for a version whose tag the clone does not have. What has no history
// there may have what the release has that it is nearest to.
func (c *Commits) Has(ctx context.Context, commit string, r matrix.Release) (in, may string, err error) {
	in, may, known, err := c.has(ctx, commit, c.state(r))
	base := r.Base()
	if err != nil || known || r.Origin == nil || base == "" {
		return in, may, err
	}
	if in, _, _, err = c.has(ctx, commit, c.clone.Tag(base, c.suite.Target.Module)); in != "" {
		may = base + ", which it is nearest to, has it"
	}
	return "", may, err
}

// has is Has for a commit of the clone. Known is false if it does not have that.
func (c *Commits) has(ctx context.Context, commit, tip string) (in, may string, known bool, err error) {
	if tip == "" {
		return "", "", false, nil
	}
	change, err := c.clone.Commit(ctx, commit)
	if err != nil {
		return "", "", false, c.explain(err)
	}
	end, err := c.clone.Commit(ctx, tip)
	var missing *git.NoCommitError
	if errors.As(err, &missing) {
		return "", "", false, nil
	}
	if err != nil {
		return "", "", false, err
	}
	how, by, err := c.clone.Has(ctx, change, end.Hash)
	if err != nil {
		return "", "", false, c.explain(err)
	}
	const digits = 9
	by = by[:min(len(by), digits)]
	switch how {
	case git.InHistory:
		in = "the history has the commit"
	case git.SamePatch:
		in = "the history has the same changes as " + by
	case git.Named:
		in = by + " in the history was cherry-picked from it"
	case git.SameTitle:
		may = by + " in the history has the same title"
	}
	return in, may, true, nil
}

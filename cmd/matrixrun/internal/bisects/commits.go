package bisects

import (
	"context"
	"errors"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/history"
	"github.com/matrixrun/matrixrun/matrix/plan"
	clones "github.com/matrixrun/matrixrun/matrix/source"
)

// commits are the commits of a clone.
type commits struct {
	*history.Commits
	clone  *clones.Clone
	finder *origins.Finder
	suite  *matrix.Spec
	opts   Options
}

// newCommits opens the clone that the options name.
func newCommits(ctx context.Context, suite *matrix.Spec, suiteArg []string, o Options) (*commits, error) {
	states, err := history.Open(ctx, o.Git, suite)
	if err != nil {
		return nil, err
	}
	clone, err := clones.OpenClone(ctx, o.Git)
	if err != nil {
		return nil, err
	}
	finder, err := origins.NewFinder(suite, suiteArg, o.As)
	return &commits{Commits: states, clone: clone, finder: finder, suite: suite, opts: o}, err
}

func (c *commits) thing() string { return "commit" }

func (c *commits) close() { c.finder.Close() }

func (c *commits) Line(ctx context.Context, good, bad *matrix.HistoryState) ([]matrix.HistoryState, error) {
	return c.Commits.Line(ctx, good, bad, c.opts.All)
}

// plan makes a module zip of the commit. A commit of which none can be made, or that has
// nothing in common with the target, has no plan. If the clone does not have its files,
// that ends the bisect: it does not have those of others either.
func (c *commits) plan(ctx context.Context, s matrix.HistoryState, scenario string) (*matrix.Plan, string, error) {
	found, err := c.clone.Commits(ctx, s.Name)
	if err != nil {
		return nil, "", err
	}
	release, err := c.finder.Commit(ctx, c.clone, found[0])
	var mistakes matrix.Problems
	switch {
	case errors.As(err, &mistakes):
		return nil, mistakes[0].Text, nil
	case err != nil:
		return nil, "", err
	}
	todo, err := plan.New(c.suite, plan.Selection{Others: []matrix.Release{release}, Usual: true, Scenarios: []string{scenario}})
	if err != nil {
		return nil, "", err
	}
	return onlyRow(todo, release.Name())
}

// selects names the clone as the user does, or not at all in a report for others.
func (c *commits) selects(s matrix.HistoryState) []string {
	clone := c.opts.Git
	if c.opts.ForOthers {
		clone = "CLONE"
	}
	return []string{"--git", clone, "--refs", s.Name}
}

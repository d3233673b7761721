package bisects

import (
	"context"
	"errors"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/history"
	"github.com/matrixrun/matrixrun/matrix/plan"
)

// commits are the commits of a clone.
type commits struct {
	*history.Commits
	suite    *matrix.Spec
	suiteArg []string
	opts     Options
	made     []*origins.Flags // of the commits that were planned; they have the zips
}

func (c *commits) thing() string { return "commit" }

func (c *commits) close() {
	for _, f := range c.made {
		f.Close()
	}
}

func (c *commits) Line(ctx context.Context, good, bad *matrix.HistoryState) ([]matrix.HistoryState, error) {
	return c.Commits.Line(ctx, good, bad, c.opts.All)
}

// plan makes a module zip of the commit. A commit of which none can be made, or that has
// nothing in common with the target, has no plan. If its files are like no release, the
// newest release before it decides how it is built.
func (c *commits) plan(ctx context.Context, s matrix.HistoryState, scenario string) (*matrix.Plan, string, error) {
	f := &origins.Flags{Git: c.opts.Git, Refs: []string{s.Name}, As: c.opts.As}
	c.made = append(c.made, f)
	found, err := f.Find(ctx, c.suite, c.suiteArg)
	var mistakes matrix.Problems
	switch {
	case errors.As(err, &mistakes):
		return nil, mistakes[0].Text, nil
	case err != nil:
		return nil, "", err
	}
	if found[0].Base() == "" {
		if found[0].Origin.As, err = c.Base(ctx, s); err != nil {
			return nil, "", err
		}
	}
	todo, err := plan.New(c.suite, plan.Selection{Others: found, Scenarios: []string{scenario}})
	if err != nil {
		return nil, "", err
	}
	return onlyRow(todo, found[0].Name())
}

// selects names the clone as the user does, or not at all in a report for others.
func (c *commits) selects(s matrix.HistoryState) []string {
	clone := c.opts.Git
	if c.opts.ForOthers {
		clone = "CLONE"
	}
	return []string{"--git", clone, "--refs", s.Name}
}

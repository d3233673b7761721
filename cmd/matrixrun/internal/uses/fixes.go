package uses

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/remedy"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// goLimit bounds each go command that tries a fix. It may download a toolchain and
// compile the program for the first time.
const goLimit = 30 * time.Minute

// fixes are the remedies of one use.
type fixes struct {
	question remedy.Question
	answer   *remedy.Answer
}

// remedies adds what helps, and tries it if asked for.
func (a *adviser) remedies(ctx context.Context) error {
	suite := a.suite.Name
	if find.IsShipped(suite) {
		suite = ""
	}
	for i := range a.check.Uses {
		u := &a.check.Uses[i]
		q := remedy.Question{Program: a.program, Use: u, Table: a.sources.TableOf(u), GoMods: a.sources.GoMods(), Suite: suite, Cwd: a.cwd}
		answer, err := remedy.Find(q)
		if err == nil && a.Try {
			err = a.trier().Try(ctx, q, answer)
		}
		if err != nil {
			return err
		}
		a.fixes = append(a.fixes, fixes{q, answer})
		u.Fixes, u.FixNotes = answer.Fixes(), answer.Notes
	}
	return nil
}

// trier returns what tries and writes fixes.
func (a *adviser) trier() *remedy.Trier {
	return &remedy.Trier{Limit: goLimit, Offline: a.Offline, Fork: a.suite.Fork, Log: a.Progress}
}

// Write applies the fix with a name to the files of the program, and checks the program
// again. It returns the names of the files that it wrote, relative to the working folder,
// and what is built now. The error is matrix.Problems if no fix has the name, and
// a *remedy.RefusedError if the program does not compile with the fix.
func Write(ctx context.Context, q Question, name string) (written []string, after report.Checks, err error) {
	all, err := answer(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	c, err := all.choose(name)
	if err != nil {
		return nil, nil, err
	}
	if written, err = c.adviser.trier().Write(ctx, c.question, c.plan); err != nil {
		return nil, nil, err
	}
	q.Try = false
	if after, err = Check(ctx, q); err != nil {
		return written, nil, fmt.Errorf("checking what is built after the fix: %w", err)
	}
	row := c.plan.Fix.Remedy.Row
	isBuilt := func(u matrix.Use) bool { return u.Advice != nil && u.Advice.Row == row }
	if !slices.ContainsFunc(after, func(c *matrix.Check) bool { return slices.ContainsFunc(c.Uses, isBuilt) }) {
		return written, after, fmt.Errorf("the fix was written to %s, but %s is not what is built now", text.List(written), row)
	}
	return written, after, nil
}

// A choice is a fix that has the name which was asked for.
type choice struct {
	adviser  *adviser
	question remedy.Question
	plan     *remedy.Plan
}

// same reports whether two fixes change the same.
func (c choice) same(other choice) bool {
	return c.question.Use.Module == other.question.Use.Module && slices.Equal(c.plan.Fix.Commands, other.plan.Fix.Commands)
}

// choose returns the fix with a name. Several suites can have the same one.
func (q *inquiry) choose(name string) (choice, error) {
	var found []choice
	var names []string // of all fixes
	uses := 0
	var problems matrix.Problems
	for _, a := range q.advisers {
		for _, f := range a.fixes {
			uses++
			for _, fix := range f.answer.Fixes() {
				if !slices.Contains(names, fix.Name) {
					names = append(names, fix.Name)
				}
			}
			plan, err := f.answer.Choose(name)
			if err := problems.Join(err); err != nil {
				return choice{}, err
			}
			c := choice{a, f.question, plan}
			if err == nil && !slices.ContainsFunc(found, c.same) {
				found = append(found, c)
			}
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case uses == 0:
		return choice{}, matrix.Mistake("--write %s: nothing of the target is built, so there is nothing to fix", name)
	case len(found) == 0 && len(names) == 0:
		return choice{}, matrix.Mistake("--write %s: there is no fix for this program", name)
	case len(found) == 0:
		return choice{}, matrix.Mistake("--write %s: there is no such fix: want one of %s", name, strings.Join(names, ", "))
	case found[0].adviser != found[len(found)-1].adviser:
		return choice{}, matrix.Mistake("--write %s: several suites have a fix with this name, and they differ: choose one with --suite", name)
	default:
		return choice{}, matrix.Mistake("--write %s: several modules of the build have a fix with this name: run the commands of one of them", name)
	}
}

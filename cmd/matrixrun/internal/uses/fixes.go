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
	suite := a.Suite
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
	return &remedy.Trier{Limit: goLimit, Offline: a.Offline, Fork: a.Fork, Log: a.Progress}
}

// Write applies the fix with a name to the files of the program, and checks the program
// again. It returns the names of the files that it wrote, relative to the working folder,
// and what is built now. The error is matrix.Problems if no fix has the name, and
// a *remedy.RefusedError if the program does not compile with the fix.
func Write(ctx context.Context, q Question, name string) (written []string, after *matrix.Check, err error) {
	a, err := answer(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	i, plan, err := a.choose(name)
	if err != nil {
		return nil, nil, err
	}
	if written, err = a.trier().Write(ctx, a.fixes[i].question, plan); err != nil {
		return nil, nil, err
	}
	q.Try = false
	if after, err = Check(ctx, q); err != nil {
		return written, nil, fmt.Errorf("checking what is built after the fix: %w", err)
	}
	if !slices.ContainsFunc(after.Uses, func(u matrix.Use) bool { return u.Advice != nil && u.Advice.Row == plan.Fix.Remedy.Row }) {
		return written, after, fmt.Errorf("the fix was written to %s, but %s is not what is built now", text.List(written), plan.Fix.Remedy.Row)
	}
	return written, after, nil
}

// choose returns the plan with a name, and the index of the use that it is for.
func (a *adviser) choose(name string) (use int, plan *remedy.Plan, err error) {
	var found []int
	var problems matrix.Problems
	for i, f := range a.fixes {
		p, err := f.answer.Choose(name)
		if err := problems.Join(err); err != nil {
			return 0, nil, err
		}
		if err == nil {
			found, plan, use = append(found, i), p, i
		}
	}
	switch {
	case len(a.fixes) == 0:
		return 0, nil, matrix.Mistake("--write %s: nothing of the target is built, so there is nothing to fix", name)
	case len(found) == 0:
		var all []string
		for _, f := range a.fixes {
			for _, fix := range f.answer.Fixes() {
				all = append(all, fix.Name)
			}
		}
		if len(all) == 0 {
			return 0, nil, matrix.Mistake("--write %s: there is no fix for this program", name)
		}
		return 0, nil, matrix.Mistake("--write %s: there is no such fix: want one of %s", name, strings.Join(all, ", "))
	case len(found) > 1:
		return 0, nil, matrix.Mistake("--write %s: several modules of the build have a fix with this name: run the commands of one of them", name)
	}
	return use, plan, nil
}

package uses

import (
	"context"
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/recognise"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
)

// An adviser adds to a check what is known of its uses.
type adviser struct {
	*inquiry
	suite   Suite
	sources *recognise.Sources
	check   *matrix.Check
	fixes   []fixes // by use
}

// look finds the code of the suite's target in the program, and what the results know of it.
func (a *adviser) look(ctx context.Context) (err error) {
	results, p := a.suite.Results, a.program
	a.check = &matrix.Check{
		Words: results.Words,
		Suite: results.Suite, Target: results.Target, Generated: results.Generated, Matrixrun: results.Matrixrun,
		Main: mains(p), Probes: probes(results.Scenarios), Families: results.Families, Input: p.Input, Partial: p.Partial, FailOn: a.FailOn,
	}
	if a.check.Uses, a.check.Unseen, err = a.sources.Uses(ctx, p, &a.seen); err != nil {
		return err
	}
	a.check.Looked = len(p.Modules) - len(a.check.Unseen)
	if err := a.advise(); err != nil {
		return err
	}
	for i := range a.check.Uses {
		a.copied(&a.check.Uses[i])
	}
	return nil
}

// advise adds what the results know.
func (a *adviser) advise() error {
	leaking := make(map[string]bool)
	for i := range a.check.Uses {
		u := &a.check.Uses[i]
		u.Cells = []matrix.Cell{}
		if u.Unknown != "" {
			continue
		}
		row := a.sources.Row(u)
		if row == nil {
			if u.Unaffected = a.sources.Unaffected(u.Version); u.Unaffected != "" {
				continue
			}
			u.Unknown = fmt.Sprintf("%s is not in the results; %s", u.Version, grid.Around(a.sources.Table(), u.Version))
			u.Next = fmt.Sprintf("`%s --only %s` finds it out", a.sources.Run(), u.Version)
			continue
		}
		u.Advice = &row.Advice
		cells, err := a.cells(row)
		if err != nil {
			return err
		}
		for _, cell := range cells {
			if slices.Contains(row.Advice.Leaks, cell.Scenario) {
				u.Cells = append(u.Cells, cell)
				leaking[cell.Scenario] = true
			}
		}
	}
	a.check.Scenarios = slices.DeleteFunc(slices.Clone(a.suite.Results.Scenarios), func(s matrix.Scenario) bool { return !leaking[s.Name] })
	return nil
}

// cells returns the cells of a row, with what their trials saw.
func (a *adviser) cells(row *matrix.GridRow) ([]matrix.Cell, error) {
	if a.sources.Table().Row(row.ID) != nil {
		return a.suite.Cells(row.ID)
	}
	cells := make([]matrix.Cell, len(row.Cells)) // of a fork, whose results were read in full
	for i := range row.Cells {
		cells[i] = row.Cells[i].Cell
	}
	return cells, nil
}

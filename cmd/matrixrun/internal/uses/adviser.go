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
	if err := a.advise(ctx); err != nil {
		return err
	}
	for i := range a.check.Uses {
		a.copied(&a.check.Uses[i])
	}
	return nil
}

// advise adds what the results know.
func (a *adviser) advise(ctx context.Context) error {
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
		if advice, built := a.asBuilt(ctx, row); advice != nil {
			u.Advice, row, u.Toolchain = advice, built, a.toolchain(ctx)
		}
		cells, err := a.cells(row)
		if err != nil {
			return err
		}
		for _, cell := range cells {
			if slices.Contains(u.Advice.Leaks, cell.Scenario) {
				u.Cells = append(u.Cells, cell)
				leaking[cell.Scenario] = true
			}
		}
	}
	a.check.Scenarios = slices.DeleteFunc(slices.Clone(a.suite.Results.Scenarios), func(s matrix.Scenario) bool { return !leaking[s.Name] })
	return nil
}

// asBuilt returns the advice for a release whose verdicts depend on the toolchain, if that of
// the program was tried, and the row that it is about. The advice is nil if they do not depend
// on it, if that is not known, or if it was not tried: then that of the release counts, which
// claims nothing that depends.
func (a *adviser) asBuilt(ctx context.Context, row *matrix.GridRow) (*matrix.Advice, *matrix.GridRow) {
	toolchain := ""
	if row.AsBuilt != nil {
		toolchain = a.toolchain(ctx)
	}
	if toolchain == "" || toolchain == row.Toolchain {
		if toolchain == "" {
			return nil, nil
		}
		return row.AsBuilt, row
	}
	id := matrix.RowID{Version: matrix.WithToolchain(row.Source.Version, toolchain), Patches: row.PatchNames()}
	built := a.sources.Table().Row(id.String())
	if built == nil || built.State != matrix.StateOK {
		return nil, nil
	}
	advice := built.Advice
	advice.Row, advice.Version = row.ID, row.Version() // it is the same code
	return &advice, built
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

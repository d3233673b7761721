package cells

import (
	"context"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// Published returns the cell as results have it, which are named as for
// output.Open: the verdict, what the deciding trial saw, and the evidence if there
// is any. Results have no other trials.
func (c *Cell) Published(ctx context.Context, results string) (*sweep.Recalled, error) {
	f, err := output.Open(ctx, results)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := f.Results()
	if err != nil {
		return nil, err
	}
	if all.Suite != c.Suite.Suite {
		return nil, matrix.Mistake("%s: it has the suite %q: want %q", f.File, all.Suite, c.Suite.Suite)
	}
	server, against := "", ""
	if c.Plan.Server != nil {
		server = c.Plan.Server.Release.Version
		against = " against servers of " + server
	}
	for _, row := range all.Rows {
		if row.ID != c.Row.ID || row.Server != server {
			continue
		}
		cell, ok := row.Cell(c.Scenario.Name)
		if !ok && row.State == matrix.StateOK {
			break
		}
		row.Cells = []matrix.Cell{}
		r := &sweep.Recalled{Row: row, Sandbox: all.Sandbox}
		if ok {
			r.Row.Cells = append(r.Row.Cells, cell)
			r.Cell = &r.Row.Cells[0]
			r.Evidence.None = cell.NoEvidence
			r.Evidence.Files, err = f.Evidence(row.ID, cell)
		}
		return r, err
	}
	return nil, fmt.Errorf("reading %s: it has no cell %s/%s%s", f.File, c.Row.ID, c.Scenario.Name, against)
}

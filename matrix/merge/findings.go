package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// findings collects what is wrong with parts.
type findings struct {
	problems matrix.Problems // what is wrong or differs
	missing  []string        // what is missing
	differ   bool            // the parts are of different plans, so that missing shards are unknown
}

func (f *findings) addWrong(file, format string, args ...any) {
	f.problems.Add(file, 0, format, args...)
}

func (f *findings) addMissing(format string, args ...any) {
	f.missing = append(f.missing, fmt.Sprintf(format, args...))
}

// err returns all findings as an error; nil if there are none.
func (f *findings) err() error { return Errors(f.problems, f.missing) }

// Errors returns one error for what is wrong and what is missing; nil if both are
// empty. If anything is wrong it is matrix.Problems, which then has the missing lines
// too; else it is a *MissingError.
func Errors(wrong matrix.Problems, missing []string) error {
	switch {
	case len(wrong) > 0:
		for _, line := range missing {
			wrong.Add("", 0, "%s", line)
		}
		return wrong
	case len(missing) > 0:
		return &MissingError{Lines: missing}
	default:
		return nil
	}
}

// header checks that a part could be read and has a valid Shard. If not, it cannot be
// checked any further.
func (f *findings) header(p Part) bool {
	if p.Results == nil {
		f.problems = append(f.problems, p.Problems...)
		return false
	}
	s := p.Results.Shard
	if s == nil {
		f.addWrong(p.File, "these are the results of a whole run: want those of a shard, as `run --shard I/N -o DIR` writes them")
		return false
	}
	if s.Of != len(s.Plan) || s.Index < 1 || s.Index > s.Of {
		f.addWrong(p.File, "it is shard %d/%d of a plan with %d shards: run that shard again", s.Index, s.Of, len(s.Plan))
		return false
	}
	seen := make(map[string]bool)
	for _, id := range s.Rows() {
		if seen[id] {
			f.addWrong(p.File, "its plan has row %s twice: run that shard again", id)
			return false
		}
		seen[id] = true
	}
	return true
}

// rows checks that a part has the rows of its shard, each once, and no others, and
// checks each of them.
func (f *findings) rows(p Part) {
	shard := p.Results.Shard
	rows := make(map[string]int)
	for i := range p.Results.Rows {
		row := &p.Results.Rows[i]
		if rows[row.ID]++; rows[row.ID] == 2 {
			f.addWrong(p.File, "row %s occurs twice", row.ID)
		}
		if at := place(shard, row.ID); at != shard.Index {
			owner := "no shard"
			if at > 0 {
				owner = fmt.Sprintf("shard %d/%d", at, shard.Of)
			}
			f.addWrong(p.File, "row %s belongs to %s, not to shard %d/%d", row.ID, owner, shard.Index, shard.Of)
			continue
		}
		f.row(p, row)
	}
	for _, id := range shard.Own() {
		if rows[id] == 0 {
			f.addMissing("%s: row %s of shard %d/%d is missing: run that shard again", p.File, id, shard.Index, shard.Of)
		}
	}
}

// place returns the index of a row's shard, from 1; 0 if the plan does not have the
// row.
func place(s *matrix.Shard, id string) int {
	return 1 + slices.IndexFunc(s.Plan, func(ids []string) bool { return slices.Contains(ids, id) })
}

// row checks that a row is what its ID says, and that it has a cell for each
// scenario. A row whose state is not ok need not have cells.
func (f *findings) row(p Part, row *matrix.RowResult) {
	if id := (matrix.RowID{Version: row.Version(), Patches: row.PatchNames()}); id.String() != row.ID {
		f.addWrong(p.File, "row %s was made of %s", row.ID, id)
	}
	if server := p.Results.Shard.Server; row.Server != server {
		f.addWrong(p.File, "row %s ran against servers of %s, want %s", row.ID, orOwn(row.Server), orOwn(server))
	}
	cells := make(map[string]int)
	for _, c := range row.Cells {
		if cells[c.Scenario]++; cells[c.Scenario] == 2 {
			f.addWrong(p.File, "cell %s/%s occurs twice", row.ID, c.Scenario)
		}
	}
	for _, s := range p.Results.Scenarios {
		if cells[s.Name] == 0 && row.State == matrix.StateOK {
			f.addMissing("%s: cell %s/%s is missing: run that shard again", p.File, row.ID, s.Name)
		}
		delete(cells, s.Name)
	}
	for _, c := range row.Cells {
		if cells[c.Scenario] > 0 {
			delete(cells, c.Scenario) // so that it is reported once
			f.addWrong(p.File, "cell %s/%s belongs to a scenario that the run does not have", row.ID, c.Scenario)
		}
	}
}

func orOwn(server string) string {
	if server == "" {
		return "its own release"
	}
	return server
}

// rowsOf names rows.
func rowsOf(ids []string) string {
	if len(ids) == 1 {
		return "row " + ids[0]
	}
	return "rows " + strings.Join(ids, ", ")
}

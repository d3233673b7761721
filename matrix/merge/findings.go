package merge

import (
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// findings are what is wrong with parts.
type findings struct {
	problems matrix.Problems // what should not be there, or differs
	missing  []string        // what is not there
	differ   bool            // the parts are of different plans: what is missing cannot be said
}

func (f *findings) wrong(file, format string, args ...any) {
	f.problems.Add(file, 0, format, args...)
}

func (f *findings) lacks(format string, args ...any) {
	f.missing = append(f.missing, fmt.Sprintf(format, args...))
}

// err returns all that was found.
func (f *findings) err() error { return Errors(f.problems, f.missing) }

// Errors makes one error of what is wrong and what is missing, nil if there is
// neither. Bad input outranks what is missing, and hides none of it.
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

// header checks that a part can be read and says which shard it is, and of what. Without that
// nothing more can be said of it.
func (f *findings) header(p Part) bool {
	if p.Results == nil {
		f.problems = append(f.problems, p.Problems...)
		return false
	}
	s := p.Results.Shard
	if s == nil {
		f.wrong(p.File, "these are the results of a whole run, and not of a shard: want what `run --shard I/N -o DIR` has written")
		return false
	}
	if s.Of != len(s.Plan) || s.Index < 1 || s.Index > s.Of {
		f.wrong(p.File, "it says that it is shard %d/%d of a plan with %d: run that shard again", s.Index, s.Of, len(s.Plan))
		return false
	}
	seen := make(map[string]bool)
	for _, id := range s.Rows() {
		if seen[id] {
			f.wrong(p.File, "its plan has row %s twice: run that shard again", id)
			return false
		}
		seen[id] = true
	}
	return true
}

// rows checks that a part has the rows of its shard, each once and whole, and no
// others.
func (f *findings) rows(p Part) {
	shard := p.Results.Shard
	rows := make(map[string]int)
	for i := range p.Results.Rows {
		row := &p.Results.Rows[i]
		if rows[row.ID]++; rows[row.ID] == 2 {
			f.wrong(p.File, "it has row %s twice", row.ID)
		}
		if at := place(shard, row.ID); at != shard.Index {
			f.wrong(p.File, "it has row %s, which is no row of shard %d/%d%s", row.ID, shard.Index, shard.Of, whose(at, shard.Of))
			continue
		}
		f.row(p, row)
	}
	for _, id := range shard.Own() {
		if rows[id] == 0 {
			f.lacks("%s: it lacks row %s of shard %d/%d: run that shard again", p.File, id, shard.Index, shard.Of)
		}
	}
}

// place returns the shard of a row, 0 where the plan lacks it.
func place(s *matrix.Shard, id string) int {
	for i, ids := range s.Plan {
		for _, one := range ids {
			if one == id {
				return i + 1
			}
		}
	}
	return 0
}

func whose(at, of int) string {
	if at == 0 {
		return ", nor of any other"
	}
	return fmt.Sprintf(", but of shard %d/%d", at, of)
}

// row checks that a row is the one that its name says, and that it has its cells,
// each once. One that came to no binary has none.
func (f *findings) row(p Part, row *matrix.RowResult) {
	if id := (matrix.RowID{Version: row.Source.Version, Patches: row.PatchNames()}); id.String() != row.ID {
		f.wrong(p.File, "row %s is of %s", row.ID, id)
	}
	if server := p.Results.Shard.Server; row.Server != server {
		f.wrong(p.File, "row %s was tried against servers of %s, and shard %d/%d is for %s", row.ID, orOwn(row.Server), p.Results.Shard.Index, p.Results.Shard.Of, orOwn(server))
	}
	cells := make(map[string]int)
	for _, c := range row.Cells {
		if cells[c.Scenario]++; cells[c.Scenario] == 2 {
			f.wrong(p.File, "it has cell %s/%s twice", row.ID, c.Scenario)
		}
	}
	for _, s := range p.Results.Scenarios {
		if cells[s.Name] == 0 && row.State == matrix.StateOK {
			f.lacks("%s: it lacks cell %s/%s: run that shard again", p.File, row.ID, s.Name)
		}
		delete(cells, s.Name)
	}
	for _, c := range row.Cells {
		if cells[c.Scenario] > 0 {
			delete(cells, c.Scenario) // told once
			f.wrong(p.File, "it has cell %s/%s, of a scenario that the run has not", row.ID, c.Scenario)
		}
	}
}

func orOwn(server string) string {
	if server == "" {
		return "its own release"
	}
	return server
}

// rowsOf lists rows by name.
func rowsOf(ids []string) string {
	if len(ids) == 1 {
		return "row " + ids[0]
	}
	return "rows " + strings.Join(ids, ", ")
}

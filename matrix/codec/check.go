package codec

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// maxMistakes limits how many mistakes are reported for one file. A file with
// more was not written by matrixrun, and the first ones show that.
const maxMistakes = 20

// A checker collects what contradicts itself in one results.json.
type checker struct {
	file     string
	problems matrix.Problems
	found    int // all mistakes, also those that are not reported
}

// add reports a mistake, unless there are too many.
func (c *checker) add(format string, args ...any) {
	if c.found++; c.found <= maxMistakes {
		c.problems.Add(c.file, 0, format, args...)
	}
}

// err returns the mistakes as an error.
func (c *checker) err() error {
	if c.found > maxMistakes {
		c.problems.Add(c.file, 0, "and %d more mistakes", c.found-maxMistakes)
	}
	return c.problems.Err()
}

// results checks that scenarios and rows have unique names and that every value
// of a fixed set is a known one.
func (c *checker) results(r *matrix.Results) {
	scenarios := make(map[string]bool)
	for _, s := range r.Scenarios {
		if s.Name == "" || scenarios[s.Name] {
			c.add("scenario %q: want a unique name", s.Name)
		}
		scenarios[s.Name] = true
	}
	seen := make(map[string]bool)
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.ID == "" || row.Source.Version == "" || seen[row.ID] {
			c.add("row %q of version %q: want a version and a unique ID", row.ID, row.Source.Version)
		}
		seen[row.ID] = true
		if !slices.Contains(matrix.States(), row.State) {
			c.add("row %s: %q is not a state of a row", row.ID, row.State)
		}
		c.cells(row, scenarios)
	}
	for _, u := range r.Unaffected {
		if u.Version == "" || u.Module == "" || u.Why == "" {
			c.add("unaffected release %q of %q: want a version, a module and a reason", u.Version, u.Module)
		}
		if seen[u.Version] {
			c.add("unaffected release %s: the file has a row or another entry for it", u.Version)
		}
		seen[u.Version] = true
	}
	if s := r.Sure; s != nil {
		for _, b := range []matrix.Bound{s.Clean, s.Edge} {
			if !(0 < b.Rate && b.Rate < 1) || b.Trials < 1 { // the rate may be no number
				c.add("sure: a rate of %v after %d trials: want a rate between 0 and 1, and at least one trial", b.Rate, b.Trials)
			}
		}
	}
}

// cells checks the cells of a row against the scenarios of the file.
func (c *checker) cells(row *matrix.RowResult, scenarios map[string]bool) {
	seen := make(map[string]bool)
	for _, cell := range row.Cells {
		name := row.ID + "/" + cell.Scenario
		switch {
		case !scenarios[cell.Scenario]:
			c.add("cell %s: the file has no such scenario", name)
		case seen[cell.Scenario]:
			c.add("cell %s: the row has it twice", name)
		}
		seen[cell.Scenario] = true
		if !slices.Contains(matrix.Verdicts(), cell.Verdict) {
			c.add("cell %s: %q is not a verdict", name, cell.Verdict)
		}
		if cell.Leaks < 0 || cell.Inconclusive < 0 || cell.Leaks > cell.Trials {
			c.add("cell %s: %d of %d trials leaked, %d inconclusive: impossible counts", name, cell.Leaks, cell.Trials, cell.Inconclusive)
		}
		if v := cell.Interval; v != nil && (v[0] < 0 || v[0] > v[1] || v[1] > 1) {
			c.add("cell %s: %v is not an interval", name, *v)
		}
		for _, path := range cell.Evidence {
			// These files are read, and pages link to them.
			if !matrix.OwnEvidence(row.ID, cell.Scenario, path) {
				c.add("evidence of %s: %q is not a name for one of its files", name, path)
			}
		}
	}
}

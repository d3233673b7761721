package codec

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/survey"
)

// maxMistakes limits how many mistakes are reported for one file. A file with
// more was not written by matrixrun, and the first ones show that.
const maxMistakes = 20

// A checker collects what contradicts itself in one results.json.
type checker struct{ mistakes []survey.Mistake }

// check returns what contradicts itself in a decoded results.json.
func check(r *matrix.Results) []survey.Mistake {
	var c checker
	if err := readableSchema(&r.Schema); err != nil { // a second one in the document counts
		c.add("schema", "%v", err)
	} else {
		c.results(r)
	}
	return c.mistakes
}

// add reports a mistake in the value with a path.
func (c *checker) add(path, format string, args ...any) {
	c.mistakes = append(c.mistakes, survey.Mistake{Path: path, Text: fmt.Sprintf(format, args...)})
}

// deepestPath bounds the paths that have lines: those of the fields of cells. What is below
// has the line of its field.
const deepestPath = 4

// surveyed surveys a results.json.
func surveyed(data []byte) *survey.Survey { return survey.Of[matrix.Results](data, deepestPath) }

// report returns mistakes in a file as an error, with the lines that a survey knows.
func report(file string, s *survey.Survey, mistakes []survey.Mistake) error {
	var problems matrix.Problems
	for _, m := range mistakes {
		problems.Add(file, s.Line(m.Path), "%s", m.Text)
	}
	return problems.First(maxMistakes)
}

// results checks that scenarios and rows have unique names and that every value
// of a fixed set is a known one.
func (c *checker) results(r *matrix.Results) {
	scenarios := make(map[string]bool)
	for i, s := range r.Scenarios {
		if s.Name == "" || scenarios[s.Name] {
			c.add(fmt.Sprintf("scenarios[%d]", i), "scenario %q: want a unique name", s.Name)
		}
		scenarios[s.Name] = true
	}
	for _, wrong := range r.Words.Mistakes() {
		c.add("words", "words: %s", wrong)
	}
	seen := make(map[string]bool)
	for i := range r.Rows {
		row, path := &r.Rows[i], fmt.Sprintf("rows[%d]", i)
		if row.ID == "" || row.Source.Version == "" || seen[row.ID] {
			c.add(path+".id", "row %q of version %q: want a version and a unique ID", row.ID, row.Source.Version)
		}
		seen[row.ID] = true
		if further := row.Source.Kind == matrix.SourceToolchain; further != (row.Source.Toolchain != "") {
			c.add(path+".source", "row %s has the kind %q and the toolchain %q: want a toolchain in the kind %s, and in no other", row.ID, row.Source.Kind, row.Source.Toolchain, matrix.SourceToolchain)
		}
		if !slices.Contains(matrix.States(), row.State) {
			c.add(path+".state", "row %s: %q is not a state of a row", row.ID, row.State)
		}
		c.cells(path, row, scenarios)
	}
	c.families(r)
	for i, u := range r.Unaffected {
		path := fmt.Sprintf("unaffected[%d]", i)
		if u.Version == "" || u.Module == "" || u.Why == "" {
			c.add(path, "unaffected release %q of %q: want a version, a module and a reason", u.Version, u.Module)
		}
		if seen[u.Version] {
			c.add(path, "unaffected release %s: the file has a row or another entry for it", u.Version)
		}
		seen[u.Version] = true
	}
	for i, version := range r.Untried {
		if version == "" || seen[version] {
			c.add(fmt.Sprintf("untried[%d]", i), "untried release %q: want a version that the file has no row or other entry for", version)
		}
		if i > 0 && matrix.CompareVersions(r.Untried[i-1], version) > 0 {
			c.add(fmt.Sprintf("untried[%d]", i), "untried release %s comes after %s: want them in the order of their versions", version, r.Untried[i-1])
		}
		seen[version] = true
	}
	c.claims(r.Advisories, scenarios)
	if s := r.Sure; s != nil {
		for _, b := range []matrix.Bound{s.Clean, s.Edge} {
			if !(0 < b.Rate && b.Rate < 1) || b.Trials < 1 { // the rate may be no number
				c.add("sure", "sure: a rate of %v after %d trials: want a rate between 0 and 1, and at least one trial", b.Rate, b.Trials)
			}
		}
	}
}

// claims checks the advisories against the scenarios of the file.
func (c *checker) claims(claims []matrix.Claim, scenarios map[string]bool) {
	for i, claim := range claims {
		path := fmt.Sprintf("advisories[%d]", i)
		if _, err := matrix.ParseConstraint(claim.Releases); err != nil {
			c.add(path+".releases", "advisory %s: %v", claim.ID, err)
		}
		if claim.ID == "" || len(claim.Affected) == 0 {
			c.add(path, "advisory %q: want an ID, and affected modules", claim.ID)
		}
		for _, name := range claim.Scenarios {
			if !scenarios[name] {
				c.add(path+".scenarios", "advisory %s: the file has no scenario %q", claim.ID, name)
			}
		}
	}
}

// families checks that families have unique names, and that each probe of the file is in
// one of them, if there are any.
func (c *checker) families(r *matrix.Results) {
	names, owners := make(map[string]bool), make(map[string]int)
	for i, f := range r.Families {
		path := fmt.Sprintf("families[%d]", i)
		if f.Name == "" || names[f.Name] || len(f.Scenarios) == 0 {
			c.add(path, "family %q: want a unique name, and scenarios", f.Name)
		}
		names[f.Name] = true
		for _, s := range f.Scenarios {
			owners[s]++
		}
	}
	for i, s := range r.Scenarios {
		n := owners[s.Name]
		if probe := s.Kind == matrix.KindProbe; len(r.Families) > 0 && (probe && n != 1 || !probe && n > 0) {
			c.add(fmt.Sprintf("scenarios[%d]", i), "scenario %q is named %d times in families: want each probe once, and nothing else", s.Name, n)
		}
	}
}

// cells checks the cells of a row against the scenarios of the file.
func (c *checker) cells(path string, row *matrix.RowResult, scenarios map[string]bool) {
	seen, verdicts := make(map[string]bool, len(row.Cells)), matrix.Verdicts()
	for i := range row.Cells {
		cell := &row.Cells[i]
		add := func(field, format string, args ...any) {
			c.add(fmt.Sprintf("%s.cells[%d].%s", path, i, field), format, append([]any{row.ID + "/" + cell.Scenario}, args...)...)
		}
		switch {
		case !scenarios[cell.Scenario]:
			add("scenario", "cell %s: the file has no such scenario")
		case seen[cell.Scenario]:
			add("scenario", "cell %s: the row has it twice")
		}
		seen[cell.Scenario] = true
		if !slices.Contains(verdicts, cell.Verdict) {
			add("verdict", "cell %s: %q is not a verdict", cell.Verdict)
		}
		if cell.Leaks < 0 || cell.Inconclusive < 0 || cell.Leaks > cell.Trials {
			add("leaks", "cell %s: %d trials, of which %d count against it, and %d inconclusive: impossible counts", cell.Trials, cell.Leaks, cell.Inconclusive)
		}
		if v := cell.Interval; v != nil && (v[0] < 0 || v[0] > v[1] || v[1] > 1) {
			add("interval", "cell %s: %v is not an interval", *v)
		}
		for _, file := range cell.Evidence {
			// These files are read, and pages link to them.
			if !matrix.OwnEvidence(row.ID, cell.Scenario, file) {
				add("evidence", "evidence of %s: %q is not a name for one of its files", file)
			}
		}
	}
}

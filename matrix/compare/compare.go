package compare

import (
	"cmp"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// Options are the settings of a comparison.
type Options struct {
	Was, Is string // names of the two results
	Part    bool   // the newer results are a part of a run: what they do not have is not gone
}

// New compares older with newer results, without changing them. The error is
// matrix.Problems if the two do not answer the same question.
func New(was, is *matrix.Results, o Options) (*matrix.Comparison, error) {
	if err := oneQuestion(was, is, o); err != nil {
		return nil, err
	}
	d := &differ{
		was: index(was), is: index(is), part: o.Part,
		blocks: make(map[alike]*block), words: is.Words.Complete(),
	}
	d.columns(was.Scenarios, is.Scenarios)
	d.order = releases(was.Rows, is.Rows)
	for _, version := range is.Untried {
		if d.was[version] == nil {
			d.untried = append(d.untried, version)
		}
	}
	d.rows()
	c := &matrix.Comparison{
		Suite: is.Suite, Target: is.Target,
		Was: compared(o.Was, was), Is: compared(o.Is, is),
		Across: across(was, is), Unchanged: d.unchanged,
	}
	c.Changes = d.changes()
	c.Tallies = tallies(c.Changes)
	return c, nil
}

// oneQuestion returns the reasons why two results do not answer the same question.
func oneQuestion(was, is *matrix.Results, o Options) error {
	var problems matrix.Problems
	if was.Suite != is.Suite {
		problems.Add("", 0, "%s has the suite %q, but %s has %q: want results of one suite", o.Was, was.Suite, o.Is, is.Suite)
	}
	if was.Target != is.Target {
		problems.Add("", 0, "%s has the target %q, but %s has %q: want results of one target", o.Was, was.Target, o.Is, is.Target)
	}
	// Clients that run against servers of another release answer another question.
	// If both results do, a difference of those servers is reported by across.
	if a, b := ownServers(was), ownServers(is); a != b && len(was.Rows) > 0 && len(is.Rows) > 0 {
		problems.Add("", 0, "%s has %s, but %s has %s: want the same kind of servers, see --server-version", o.Was, servers(a), o.Is, servers(b))
	}
	return problems.Err()
}

// ownServers reports whether every row ran against servers of its own release.
func ownServers(r *matrix.Results) bool {
	return !slices.ContainsFunc(r.Rows, func(row matrix.RowResult) bool { return row.Server != "" })
}

// servers describes the result of ownServers.
func servers(own bool) string {
	if own {
		return "each release against its own servers"
	}
	return "all releases against servers of one"
}

// compared describes one of the results.
func compared(name string, r *matrix.Results) matrix.Compared {
	c := matrix.Compared{Name: name, Rows: len(r.Rows)}
	if !r.Generated.IsZero() {
		c.Generated = r.Generated.UTC().Format("2006-01-02")
	}
	return c
}

// A differ collects changes.
type differ struct {
	was, is   map[string]*entry
	order     []place
	untried   matrix.Untried    // that neither of the results has
	scenarios []matrix.Scenario // of both results, the newer ones first
	shared    map[string]bool   // names of scenarios that both results have
	part      bool
	words     matrix.Words
	unchanged int
	columnOf  map[string]int // indexes of scenarios, by name
	blocks    map[alike]*block
	keys      []alike // of blocks, in the order of their first findings
}

// An entry is a row, with its cells by scenario.
type entry struct {
	*matrix.RowResult
	cells map[string]*matrix.Cell
}

// index returns the rows of results by ID.
func index(r *matrix.Results) map[string]*entry {
	rows := make(map[string]*entry, len(r.Rows))
	for i := range r.Rows {
		e := &entry{RowResult: &r.Rows[i], cells: make(map[string]*matrix.Cell)}
		for j := range e.Cells {
			e.cells[e.Cells[j].Scenario] = &e.Cells[j]
		}
		rows[e.ID] = e
	}
	return rows
}

// columns joins the scenarios of both results. A scenario that is gone or new is one
// finding, not one for each cell.
func (d *differ) columns(was, is []matrix.Scenario) {
	d.shared = make(map[string]bool)
	d.scenarios = slices.Clone(is)
	has := func(list []matrix.Scenario, name string) bool {
		return slices.ContainsFunc(list, func(s matrix.Scenario) bool { return s.Name == name })
	}
	for _, s := range was {
		if has(is, s.Name) {
			d.shared[s.Name] = true
			continue
		}
		d.scenarios = append(d.scenarios, s)
		if !d.part {
			d.add(finding{kind: matrix.ChangeGone, counts: true, scenario: s.Name, from: "known", about: aboutScenario})
		}
	}
	for _, s := range is {
		if !has(was, s.Name) {
			d.add(finding{kind: matrix.ChangeNew, scenario: s.Name, to: "known", about: aboutScenario})
		}
	}
}

// A place is a row of either result, in the order of the comparison.
type place struct {
	id, version, series string
	patches             []string
	row                 *matrix.RowResult // one of the rows with the ID
}

// releases returns the places of the rows of both results: first those without
// patches, and rows with the same patches by version, so that neighbours here are
// neighbours in the table.
func releases(was, is []matrix.RowResult) []place {
	var all []place
	seen := make(map[string]bool)
	for _, rows := range [][]matrix.RowResult{is, was} {
		for i := range rows {
			if row := &rows[i]; !seen[row.ID] {
				seen[row.ID] = true
				p := place{id: row.ID, version: row.Version(), patches: row.PatchNames(), row: row}
				p.series = series(p.patches)
				if !row.Source.IsRelease() {
					p.series = row.ID // it has no neighbours
				}
				all = append(all, p)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b place) int {
		return cmp.Or(
			cmp.Compare(a.series, b.series),
			matrix.CompareRows(a.row, b.row),
			cmp.Compare(a.id, b.id))
	})
	return all
}

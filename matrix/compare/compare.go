package compare

import (
	"cmp"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// Options say how results are to be compared.
type Options struct {
	Was, Is string // what the reader knows the two by
	Part    bool   // the newer results are of a part of the rows or scenarios: what they lack is not gone
}

// New tells what changed from the older results to the newer ones. Neither is
// changed. The error is matrix.Problems: the two do not answer one question.
func New(was, is *matrix.Results, o Options) (*matrix.Comparison, error) {
	if err := oneQuestion(was, is, o); err != nil {
		return nil, err
	}
	d := &differ{
		was: index(was), is: index(is), part: o.Part,
		blocks: make(map[alike]*block),
	}
	d.columns(was.Scenarios, is.Scenarios)
	d.order = releases(was.Rows, is.Rows)
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

// oneQuestion finds out why two results do not answer the same one.
func oneQuestion(was, is *matrix.Results, o Options) error {
	var problems matrix.Problems
	if was.Suite != is.Suite {
		problems.Add("", 0, "%s is of the suite %q, and %s of %q: want two of one suite", o.Was, was.Suite, o.Is, is.Suite)
	}
	if was.Target != is.Target {
		problems.Add("", 0, "%s is of the target %q, and %s of %q: want two of one target", o.Was, was.Target, o.Is, is.Target)
	}
	// Against servers of another release clients are asked something else. That
	// this release is another one is told, and no reason to refuse.
	if a, b := ownServers(was), ownServers(is); a != b && len(was.Rows) > 0 && len(is.Rows) > 0 {
		problems.Add("", 0, "%s has %s, and %s has %s: want two of one kind, see --server-version", o.Was, servers(a), o.Is, servers(b))
	}
	return problems.Err()
}

// ownServers reports whether a row's servers are of its own release.
func ownServers(r *matrix.Results) bool {
	return !slices.ContainsFunc(r.Rows, func(row matrix.RowResult) bool { return row.Server != "" })
}

func servers(own bool) string {
	if own {
		return "each release against its own servers"
	}
	return "all releases against servers of one"
}

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
	scenarios []matrix.Scenario // of both results, in the order of the newer ones
	shared    map[string]bool   // those that are in both
	part      bool
	unchanged int
	columnOf  map[string]int // of scenarios, by name
	blocks    map[alike]*block
	keys      []alike // of blocks, in the order in which they came
}

// An entry is a row with its cells by scenario.
type entry struct {
	*matrix.RowResult
	cells map[string]*matrix.Cell
}

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

// columns joins the scenarios of both results, and tells of those that came or
// went: once, not for every cell.
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

// A place is where a row stands among those with the same patches.
type place struct {
	id, version, series string
	patches             []string
}

// releases lists the rows of both results: those without patches first, and by
// version, so that neighbours in it are neighbours in the table.
func releases(was, is []matrix.RowResult) []place {
	var all []place
	seen := make(map[string]bool)
	for _, rows := range [][]matrix.RowResult{is, was} {
		for i := range rows {
			if row := &rows[i]; !seen[row.ID] {
				seen[row.ID] = true
				p := place{id: row.ID, version: row.Source.Version, patches: row.PatchNames()}
				p.series = series(p.patches)
				all = append(all, p)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b place) int {
		return cmp.Or(
			cmp.Compare(a.series, b.series),
			matrix.CompareVersions(a.version, b.version),
			cmp.Compare(a.id, b.id))
	})
	return all
}

package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// An about is what a finding is about.
type about int

const (
	aboutCell about = iota
	aboutEffect
	aboutUpstream
	aboutRow
	aboutScenario
)

// A finding is one change of one cell, row or scenario.
type finding struct {
	kind     matrix.ChangeKind
	counts   bool
	release  bool
	about    about
	row      int    // index in differ.order; not used for a scenario
	scenario string // empty for a row
	from, to string
	why      string       // the reason of the row's state
	was, is  *matrix.Cell // nil if there is none
}

// An alike is what findings must have in common to be one change.
type alike struct {
	kind            matrix.ChangeKind
	counts, release bool
	gap             bool // release, and the one before the row was not tried
	about           about
	series          string
	from, to        string
}

// A block is findings that are alike.
type block struct {
	scenarios []string
	of        map[string][]finding // by scenario, in the order of rows
}

// series names the rows that have the same patches.
func series(patches []string) string { return strings.Join(patches, " + ") }

// add adds a finding to its block. It is called in the order of rows.
func (d *differ) add(f finding) {
	key := alike{kind: f.kind, counts: f.counts, release: f.release, about: f.about, from: f.from, to: f.to}
	if f.about != aboutScenario {
		key.series = d.order[f.row].series
		key.gap = f.release && f.row > 0 && d.untried.Between(d.order[f.row-1].version, d.order[f.row].version) > 0
	}
	// The same verdict from more or fewer trials is one change for all verdicts.
	if f.was != nil && f.is != nil && f.from == f.to {
		key.from, key.to = "", ""
		if f.kind == matrix.ChangeWorse || f.kind == matrix.ChangeBetter {
			key.from, key.to = f.from, f.to
		}
	}
	b := d.blocks[key]
	if b == nil {
		b = &block{of: make(map[string][]finding)}
		d.blocks[key] = b
		d.keys = append(d.keys, key)
	}
	if b.of[f.scenario] == nil {
		b.scenarios = append(b.scenarios, f.scenario)
	}
	b.of[f.scenario] = append(b.of[f.scenario], f)
}

// changes returns all findings as changes, the worst first. Scenarios that changed
// alike in the same rows are one change.
func (d *differ) changes() []matrix.Change {
	out := []matrix.Change{}
	for _, key := range d.keys {
		b := d.blocks[key]
		if key.about == aboutScenario {
			out = append(out, d.change(key, d.inOrder(b.scenarios), nil))
			continue
		}
		groups := make(map[string][]string)
		var order []string
		for _, name := range d.inOrder(b.scenarios) {
			rows := rowsKey(b.of[name])
			if groups[rows] == nil {
				order = append(order, rows)
			}
			groups[rows] = append(groups[rows], name)
		}
		for _, rows := range order {
			names := groups[rows]
			out = append(out, d.change(key, names, b.of))
		}
	}
	slices.SortStableFunc(out, d.worstFirst)
	return out
}

// rowsKey returns a key of the rows of findings.
func rowsKey(found []finding) string {
	var out strings.Builder
	for _, f := range found {
		fmt.Fprintf(&out, "%d ", f.row)
	}
	return out.String()
}

// inOrder sorts names of scenarios into the order of d.scenarios.
func (d *differ) inOrder(names []string) []string {
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(d.column(a), d.column(b)) })
	return names
}

// column returns the index of a scenario in d.scenarios.
func (d *differ) column(name string) int {
	if d.columnOf == nil {
		d.columnOf = make(map[string]int, len(d.scenarios))
		for i, s := range d.scenarios {
			d.columnOf[s.Name] = i
		}
	}
	return d.columnOf[name]
}

// change returns the findings of scenarios that are in the same rows as one change. of
// is nil if scenarios as a whole are gone or new.
func (d *differ) change(key alike, scenarios []string, of map[string][]finding) matrix.Change {
	c := matrix.Change{
		Kind: key.kind, Counts: key.counts, Release: key.release, From: key.from, To: key.to,
		Scenarios: []string{}, Rows: []string{}, Patches: []string{}, Ranges: []matrix.Range{},
	}
	if scenarios[0] != "" {
		c.Scenarios = scenarios
	}
	var found []finding
	for _, name := range scenarios {
		found = append(found, of[name]...)
	}
	if of != nil {
		first := of[scenarios[0]]
		for _, f := range first {
			c.Rows = append(c.Rows, d.order[f.row].id)
		}
		c.Patches = d.order[first[0].row].patches
		c.Ranges = d.ranges(first)
	}
	if c.Counts {
		for _, name := range scenarios {
			if list := of[name]; len(list) > 0 && list[len(list)-1].is != nil {
				f := list[len(list)-1]
				c.Proofs = append(c.Proofs, matrix.Proof{Row: d.order[f.row].id, Cell: *f.is})
			}
		}
	}
	c.Text = d.text(key, c, found, noLimit)
	c.Brief = d.text(key, c, found, limit{names: 3, ranges: 2, reason: 60})
	return c
}

// ranges divides the rows of findings into runs of neighbours in the table.
func (d *differ) ranges(found []finding) []matrix.Range {
	out := []matrix.Range{}
	for i, f := range found {
		at := d.order[f.row].version
		if n := len(out); n > 0 && found[i-1].row+1 == f.row {
			last := &out[n-1]
			last.Untried += d.untried.Between(last.To, at)
			last.To, last.Rows = at, last.Rows+1
			continue
		}
		out = append(out, matrix.Range{From: at, To: at, Rows: 1})
	}
	return out
}

// worstFirst compares changes for sorting. First are those that count, then it goes by
// kind, invariants before others, new releases before others, more cells before fewer.
func (d *differ) worstFirst(a, b matrix.Change) int {
	return cmp.Or(
		-compareBool(a.Counts, b.Counts),
		cmp.Compare(slices.Index(matrix.ChangeKinds, a.Kind), slices.Index(matrix.ChangeKinds, b.Kind)),
		-compareBool(d.ofInvariants(a), d.ofInvariants(b)),
		-compareBool(a.Release, b.Release),
		-cmp.Compare(a.Cells(), b.Cells()),
		-cmp.Compare(len(a.Rows), len(b.Rows)))
}

// ofInvariants reports whether a change is of control or planted scenarios.
func (d *differ) ofInvariants(c matrix.Change) bool {
	return len(c.Scenarios) > 0 && d.scenarios[d.column(c.Scenarios[0])].Kind.Invariant()
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// tallies counts changes by kind.
func tallies(changes []matrix.Change) []matrix.Tally {
	out := []matrix.Tally{}
	for _, kind := range matrix.ChangeKinds {
		t := matrix.Tally{Kind: kind}
		for _, c := range changes {
			switch {
			case c.Kind != kind:
			case len(c.Rows) == 0:
				t.Scenarios += len(c.Scenarios)
			case len(c.Scenarios) == 0:
				t.Rows += len(c.Rows)
			default:
				t.Cells += c.Cells()
			}
		}
		if t.Cells+t.Rows+t.Scenarios > 0 {
			out = append(out, t)
		}
	}
	return out
}

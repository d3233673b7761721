package compare

import (
	"github.com/matrixrun/matrixrun/matrix"
)

// rows compares the results row by row, in the order of d.order.
func (d *differ) rows() {
	before := newBaselines()
	for n, p := range d.order {
		if n == 0 || d.order[n-1].series != p.series {
			before = newBaselines()
		}
		was, is := d.was[p.id], d.is[p.id]
		switch {
		case was == nil:
			d.arrived(n, is, before)
		case is == nil:
			if !d.part {
				d.add(finding{kind: matrix.ChangeGone, counts: true, row: n, from: string(was.State), about: aboutRow})
			}
		default:
			d.row(n, was, is, before)
		}
		before.pass(was, is)
	}
}

// row compares a row that both results have.
func (d *differ) row(n int, was, is *entry, before *baselines) {
	patched := len(is.Patches) > 0
	if was.State != is.State {
		kind := states(was.State, is.State, patched)
		d.add(finding{kind: kind, counts: falls(kind), row: n, from: string(was.State), to: string(is.State), about: aboutRow, why: is.Reason})
	} else if kind := effects(was.Effect, is.Effect); kind != "" {
		// A changed state would be the reason why the effect changed.
		d.add(finding{kind: kind, counts: falls(kind), row: n, from: effectWord(was.Effect), to: effectWord(is.Effect), about: aboutEffect})
	}
	if was.ExpectedState != is.ExpectedState {
		d.add(finding{kind: matrix.ChangeExpected, row: n, from: string(was.ExpectedState), to: string(is.ExpectedState), about: aboutRow})
	}
	d.upstream(n, was.Upstream, is.Upstream)
	if was.State != matrix.StateOK || is.State != matrix.StateOK {
		// One of the two has no cells. A row that was unavailable before is
		// like a new one.
		d.againstBefore(n, is, before)
		return
	}
	for _, s := range d.scenarios {
		if d.shared[s.Name] {
			d.cell(n, s, was.cells[s.Name], is.cells[s.Name], before.of[s.Name])
		}
	}
}

// cell compares a cell of both results; nil if it was not run. If the older one is not
// known, the newer one is compared with base, the cell of the release before.
func (d *differ) cell(n int, s matrix.Scenario, was, is, base *matrix.Cell) {
	if was == nil && is == nil || is == nil && d.part {
		return
	}
	kind, counts := cells(s.Kind, was, is)
	switch {
	case kind == "":
		d.unchanged++
	case !answered(was) && !s.Kind.Invariant() && d.cellAgainstBefore(n, s, base, is):
	default:
		d.add(finding{kind: kind, counts: counts, row: n, scenario: s.Name, from: d.state(was), to: d.state(is), about: aboutCell, was: was, is: is})
	}
	if was != nil && is != nil && was.Expected != is.Expected {
		d.add(finding{kind: matrix.ChangeExpected, row: n, scenario: s.Name, from: string(was.Expected), to: string(is.Expected), about: aboutCell})
	}
}

// arrived reports a row that only the newer results have.
func (d *differ) arrived(n int, is *entry, before *baselines) {
	d.add(finding{kind: matrix.ChangeNew, row: n, to: string(is.State), about: aboutRow, why: is.Reason})
	d.againstBefore(n, is, before)
	if kind := effects(before.effect, is.Effect); before.effect != "" && (kind == matrix.ChangeWorse || kind == matrix.ChangeBetter) {
		d.add(finding{kind: kind, counts: falls(kind), row: n, from: effectWord(before.effect), to: effectWord(is.Effect), about: aboutEffect, release: true})
	}
}

// againstBefore reports in which cells a row that was not known before is worse or better than
// the release before it.
func (d *differ) againstBefore(n int, is *entry, before *baselines) {
	if is.State != matrix.StateOK {
		return
	}
	for _, s := range d.scenarios {
		if d.shared[s.Name] {
			d.cellAgainstBefore(n, s, before.of[s.Name], is.cells[s.Name])
		}
	}
}

// cellAgainstBefore is againstBefore for one cell. It returns whether the cell is worse or better; how
// certain it is does not matter.
func (d *differ) cellAgainstBefore(n int, s matrix.Scenario, base, is *matrix.Cell) bool {
	if base == nil || is == nil {
		return false
	}
	kind, counts := cells(s.Kind, base, is)
	if kind != matrix.ChangeWorse && kind != matrix.ChangeBetter {
		return false
	}
	d.add(finding{kind: kind, counts: counts, row: n, scenario: s.Name, from: d.state(base), to: d.state(is), about: aboutCell, is: is, release: true})
	return true
}

// baselines are what new rows are compared with: for each scenario the last known
// cell of the older results, or a new one after it that leaks less.
type baselines struct {
	of     map[string]*matrix.Cell
	effect matrix.Effect
}

func newBaselines() *baselines { return &baselines{of: make(map[string]*matrix.Cell)} }

// pass adds a row, before going on to the next.
func (b *baselines) pass(was, is *entry) {
	if was != nil {
		for name, c := range was.cells {
			if answered(c) {
				b.of[name] = c
			}
		}
		if was.Effect != "" {
			b.effect = was.Effect
		}
		return
	}
	for name, c := range is.cells {
		if base := b.of[name]; answered(c) && base != nil && c.Harm() < base.Harm() {
			b.of[name] = c
		}
	}
	if is.Effect != "" && b.effect != "" && effectRank(is.Effect) < effectRank(b.effect) {
		b.effect = is.Effect
	}
}

// upstream compares the results of the release's own tests.
func (d *differ) upstream(n int, was, is *matrix.Upstream) {
	known := func(u *matrix.Upstream) bool { return u != nil && u.Unknown == "" }
	add := func(kind matrix.ChangeKind, counts bool, from, to string) {
		d.add(finding{kind: kind, counts: counts, row: n, from: from, to: to, about: aboutUpstream})
	}
	switch {
	case known(was) && !known(is):
		add(matrix.ChangeLessCertain, is != nil, "known", upstreamWord(is)) // if it is nil, the tests were not asked for
	case !known(was) && known(is):
		add(matrix.ChangeMoreCertain, false, upstreamWord(was), "known")
	case known(was) && known(is):
		if broken := tests(is.Breaks, was.Breaks); broken != "" {
			add(matrix.ChangeWorse, true, "pass", broken)
		}
		if mended := tests(was.Breaks, is.Breaks); mended != "" {
			add(matrix.ChangeBetter, false, mended, "pass")
		}
	}
}

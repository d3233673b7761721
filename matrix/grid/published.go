package grid

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// published compares the advisories of a run with what was measured, for each scenario
// that they are about, or for those that came out alike. Rows are sorted by version. A
// scenario is left out if nothing is known about it. Careful are the rows without what
// depends on the toolchain, which agrees with nothing and contradicts nothing. The doubts are
// those of doubtful, and the faints those of allFaint. Silent has a finding for each advisory
// and scenario of which nothing was found out: see contest.silence.
func published(r *matrix.Results, rows, careful []matrix.RowResult, doubts map[string]string, faints []map[string]string) (all []matrix.Published, silent []matrix.Finding) {
	var found []agreement
	for i := range r.Advisories {
		claim := &r.Advisories[i]
		releases, _ := matrix.ParseConstraint(claim.Releases) // codec checks it
		for _, scenario := range r.Scenarios {
			if !slices.Contains(claim.Scenarios, scenario.Name) {
				continue
			}
			c := contest{claim: claim, scenario: scenario, untried: r.Untried, newest: newestRelease(rows), words: r.Words.Complete(), doubt: doubts[scenario.Name]}
			for k, row := range careful {
				if len(row.Patches) == 0 && row.Source.IsRelease() && releases.Admits(row.Source.Version) {
					if faints[k][scenario.Name] != "" {
						row = without(row, scenario.Name) // it may be chance
					}
					c.rows, c.whole = append(c.rows, row), append(c.whole, rows[k])
				}
			}
			c.rebuilt = newSpan(matrix.Series{}, rows, c.words).rebuilt
			p := c.compare()
			if p.Tried > 0 {
				found = addAgreement(found, p)
			}
			silent = append(silent, c.silence(&p)...)
		}
	}
	for i := range found {
		found[i].Text = found[i].sentence() + found[i].ending
		all = append(all, found[i].Published)
	}
	return all, silent
}

// silence returns a finding if the rows have releases that the claim calls affected, and all of
// them are unsupported: then nothing was found out about the defect. If something else keeps
// them from being known, that is a finding already.
func (c *contest) silence(p *agreement) []matrix.Finding {
	if p.affected > 0 || len(p.silent) == 0 {
		return nil
	}
	return []matrix.Finding{{
		Row: p.silent[0], Scenarios: []string{c.scenario.Name},
		Text: fmt.Sprintf("%s: %s was asked in no release that %s calls affected: it is unsupported in %s. Try releases in which it is supported",
			p.silent[0], c.scenario.Name, p.ID, text.Some(p.silent, mostSilent)),
	}}
}

// mostSilent is how many releases a sentence names that were not answered.
const mostSilent = 3

// without returns a row without the cell of a scenario.
func without(row matrix.RowResult, scenario string) matrix.RowResult {
	row.Cells = slices.DeleteFunc(slices.Clone(row.Cells), func(c matrix.Cell) bool { return c.Scenario == scenario })
	return row
}

// An agreement is a Published whose Text is not made yet, with how that ends.
type agreement struct {
	matrix.Published
	ending     string
	unanswered int      // releases of which nothing is known
	affected   int      // of those that were compared, as the claim says
	silent     []string // unsupported releases, which the claim calls affected
}

// addAgreement adds c, or its scenario to the last one if that says the same.
func addAgreement(all []agreement, c agreement) []agreement {
	if n := len(all); n > 0 {
		alike := all[n-1]
		alike.Scenarios = c.Scenarios
		if reflect.DeepEqual(alike, c) {
			all[n-1].Scenarios = append(all[n-1].Scenarios, c.Scenarios...)
			return all
		}
	}
	return append(all, c)
}

// A contest is between a claim and the releases without patches of one scenario.
type contest struct {
	claim    *matrix.Claim
	scenario matrix.Scenario
	rows     []matrix.RowResult // without what depends on the toolchain
	whole    []matrix.RowResult // the same, with it
	rebuilt  []rebuilt
	untried  matrix.Untried
	newest   string
	words    matrix.Words
	doubt    string // why the verdicts of the scenario prove less than they seem to, or empty
}

// modules returns the module paths of the claim, then the others of the rows.
func (c *contest) modules() (paths []string) {
	for _, m := range c.claim.Affected {
		paths = append(paths, m.Module)
	}
	for i := range c.rows {
		if m := c.rows[i].Source.Module; !slices.Contains(paths, m) {
			paths = append(paths, m)
		}
	}
	return paths
}

// of returns those of the rows that belong to a module.
func of(module string, rows []matrix.RowResult) []matrix.RowResult {
	return slices.DeleteFunc(slices.Clone(rows), func(row matrix.RowResult) bool { return row.Source.Module != module })
}

// verdict returns the verdict of a row.
func (c *contest) verdict(row *matrix.RowResult) matrix.Verdict {
	cell, _ := row.Cell(c.scenario.Name)
	return cell.Verdict
}

// compare returns what is claimed next to what was measured.
func (c *contest) compare() agreement {
	p := agreement{Published: matrix.Published{ID: c.claim.ID, Scenarios: []string{c.scenario.Name}}}
	for _, module := range c.modules() {
		rows := of(module, c.rows)
		var wrong []string
		for i := range rows {
			cell, _ := rows[i].Cell(c.scenario.Name)
			version := rows[i].Version()
			claimed := c.claim.Affects(module, version)
			if !cell.Verdict.Known() {
				p.unanswered++
				if claimed && cell.Verdict == matrix.VerdictUnsupported && cell.Expected != cell.Verdict {
					p.silent = append(p.silent, rows[i].ID)
				}
				continue
			}
			p.Tried++
			if claimed {
				p.affected++
			}
			if cell.Verdict.Leaks() != claimed {
				wrong = append(wrong, fmt.Sprintf("%s (%s, %d of %s)", version, c.words.Name(cell.Verdict), cell.Leaks, text.Count(cell.Trials, "trial")))
			}
		}
		if len(wrong) > 0 {
			s := span{Series: matrix.Series{Rows: of(module, c.whole), Untried: c.untried}, newest: c.newest, words: c.words, rebuilt: c.rebuilt}
			p.Modules = append(p.Modules, matrix.PublishedModule{
				Module: module, Claimed: c.claimed(module), Measured: strings.TrimSpace(s.story(scenarioSubject(c.scenario), 1)), Wrong: wrong,
			})
		}
	}
	if len(p.Modules) == 0 && p.affected == 0 {
		p.ending = ", none of which " + p.ID + " calls affected"
	} else if untested := c.untested(); len(p.Modules) == 0 && len(untested) > 0 {
		p.ending = ", which says nothing of " + strings.Join(untested, "; ")
	}
	if c.doubt != "" {
		p.ending += ", but " + c.doubt
	} else if len(p.Modules) > 0 {
		c.correct(&p.Published)
	}
	return p
}

// untested returns what the claim says that no release was tried for, of the modules that were
// tried: ranges without a release that was answered, and bounds between releases that were.
func (c *contest) untested() (all []string) {
	for _, m := range c.claim.Affected {
		var tried []string
		rows := of(m.Module, c.rows)
		for i := range rows {
			if c.verdict(&rows[i]).Known() {
				tried = append(tried, rows[i].Version())
			}
		}
		if len(tried) == 0 {
			continue
		}
		for _, r := range m.Ranges {
			if len(c.untried) > 0 && !slices.ContainsFunc(tried, r.Has) {
				all = append(all, "the range "+r.String())
				continue
			}
			for _, bound := range []string{r.Introduced, r.Fixed} {
				if gap := c.gapAt(bound, tried); gap != "" {
					all = append(all, gap)
				}
			}
		}
	}
	return all
}

// gapAt returns the releases between which a bound of a range lies, if others between them were not
// tried, and otherwise "". The versions were tried, in their order.
func (c *contest) gapAt(bound string, tried []string) string {
	for i := 1; i < len(tried); i++ {
		before, after := tried[i-1], tried[i]
		if bound != "" && bound != matrix.FromStart && matrix.CompareVersions(before, bound) < 0 && matrix.CompareVersions(bound, after) <= 0 && c.untried.Between(before, after) > 0 {
			return fmt.Sprintf("the bound %s between %s and %s", bound, before, after)
		}
	}
	return ""
}

// claims returns what the claim says of a module, which may be nothing.
func (c *contest) claims(module string) matrix.AffectedModule {
	for _, m := range c.claim.Affected {
		if m.Module == module {
			return m
		}
	}
	return matrix.AffectedModule{Module: module}
}

// claimed says which versions of a module the claim calls affected.
func (c *contest) claimed(module string) string {
	m := c.claims(module)
	var parts []string
	for _, r := range m.Ranges {
		parts = append(parts, r.String())
	}
	if parts = append(parts, m.Versions...); len(parts) == 0 {
		return "not affected"
	}
	return strings.Join(parts, " and ")
}

// correct adds to p which versions of each module are affected.
func (c *contest) correct(p *matrix.Published) {
	for _, module := range c.modules() {
		fix := correction{claim: c.claims(module)}
		rows := of(module, c.rows)
		for i := range rows {
			fix.add(rows[i].Version(), c.verdict(&rows[i]), c.untried)
		}
		fix.close()
		m := matrix.CorrectedModule{AffectedModule: matrix.AffectedModule{Module: module, Ranges: fix.ranges}, VulnerableAt: fix.leaks}
		if fix.known == "" {
			m.AffectedModule = fix.claim
		}
		if len(m.Ranges)+len(m.Versions) > 0 {
			p.Corrected = append(p.Corrected, m)
		}
		for _, u := range fix.unsettled {
			p.Unsettled = append(p.Unsettled, module+": "+u)
		}
		p.Cautions = append(p.Cautions, c.cautions(&fix, rows)...)
	}
	if len(p.Unsettled) > 0 {
		p.Corrected, p.Cautions = nil, nil
	}
}

// cautions returns what a correction says without proof: of releases of which nothing is known,
// and where no release before the first range was tried.
func (c *contest) cautions(fix *correction, rows []matrix.RowResult) (all []string) {
	var unknown []string
	for i := range rows {
		version := rows[i].Version()
		inside := slices.ContainsFunc(fix.ranges, func(r matrix.AffectedRange) bool { return r.Has(version) })
		if !c.verdict(&rows[i]).Known() && inside {
			unknown = append(unknown, version)
		}
	}
	if len(unknown) > 0 {
		all = append(all, fmt.Sprintf("nothing is known of %s, which it calls affected", text.Some(unknown, 6)))
	}
	if fix.oldest != "" {
		all = append(all, fmt.Sprintf("%s is the oldest release that was tried, and older ones may be affected too", fix.oldest))
	}
	return all
}

// A correction makes ranges of affected versions of the releases of one module. It keeps
// the bounds of a claim wherever the verdicts allow them.
type correction struct {
	claim     matrix.AffectedModule
	ranges    []matrix.AffectedRange
	open      bool   // the last range has no end yet
	known     string // the newest release with a known verdict so far
	gap       bool   // something after it is not known
	leaks     string // the newest release that leaks
	oldest    string // where the first range begins, if only for want of an older release
	unsettled []string
}

// add adds the next release, by version.
func (f *correction) add(version string, verdict matrix.Verdict, untried matrix.Untried) {
	if !verdict.Known() {
		f.gap = true
		return
	}
	f.gap = f.gap || f.known != "" && untried.Between(f.known, version) > 0
	switch leaks := verdict.Leaks(); {
	case leaks && !f.open:
		f.ranges, f.open = append(f.ranges, matrix.AffectedRange{Introduced: f.begin(version)}), true
	case !leaks && f.open:
		f.end(version)
	}
	if f.known, f.gap = version, false; verdict.Leaks() {
		f.leaks = version
	}
}

// begin returns where a range begins whose first release that leaks is version: where the
// claim says, if that is after the last release that does not leak.
func (f *correction) begin(version string) string {
	for _, r := range f.claim.Ranges {
		if r.Has(version) && (f.known == "" || r.Introduced != matrix.FromStart && matrix.CompareVersions(r.Introduced, f.known) > 0) {
			return r.Introduced
		}
	}
	if f.known == "" {
		f.oldest = version
	}
	if f.gap && f.known != "" {
		f.unsettled = append(f.unsettled, fmt.Sprintf("introduced after %s, and not later than in %s", f.known, version))
	}
	return version
}

// end ends the last range, after which version is the first release that does not leak.
func (f *correction) end(version string) {
	f.open = false
	last := &f.ranges[len(f.ranges)-1]
	for _, r := range f.claim.Ranges {
		if r.Has(f.leaks) && !r.Has(version) {
			last.Fixed, last.LastAffected = r.Fixed, r.LastAffected
			return
		}
	}
	if f.gap {
		f.unsettled = append(f.unsettled, fmt.Sprintf("fixed after %s, and not later than in %s", f.leaks, version))
	}
	last.Fixed = version
}

// close ends what is still open where the claim ends it, and otherwise leaves it open: no
// later release is known to be fixed.
func (f *correction) close() {
	for _, r := range f.claim.Ranges {
		if f.open && r.Has(f.leaks) {
			last := &f.ranges[len(f.ranges)-1]
			last.Fixed, last.LastAffected = r.Fixed, r.LastAffected
		}
	}
}

// sentence says whether an advisory and the releases of a run agree.
func (p *agreement) sentence() string {
	names, were, how := text.List(append([]string{p.ID}, p.Scenarios...)), "were", "tried"
	if p.Tried == 1 {
		were = "was"
	}
	switch {
	case p.unanswered == 1:
		how = "answered (1 other was not)"
	case p.unanswered > 0:
		how = fmt.Sprintf("answered (%d others were not)", p.unanswered)
	}
	wrong, where := 0, fmt.Sprintf("the %s that %s %s", text.Count(p.Tried, "release"), were, how)
	for _, m := range p.Modules {
		wrong += len(m.Wrong)
	}
	if wrong == 0 {
		return fmt.Sprintf("%s agree in %s", names, where)
	}
	return fmt.Sprintf("%s disagree in %d of %s", names, wrong, where)
}

package grid

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// An adviser says what the rows of a run's results mean for a program that builds
// with one of them, and what its developers can do.
type adviser struct {
	suite       string
	target      string
	untried     matrix.Untried
	rows        []matrix.RowResult // by version
	probes      []string           // in the suite's order
	workarounds []string
	families    []matrix.Family     // of which something was tried
	leaks       []map[string]bool   // by row, the probes that leak
	bases       []*matrix.RowResult // by row, its release without its patches; see matrix.BaseOf
	words       matrix.Words
	depends     map[string]string   // by row ID, what depends on the toolchain
	doubts      map[string]string   // of doubtful
	faint       []map[string]string // of allFaint
}

// newAdviser returns an adviser on the rows of results, which are sorted by version.
func newAdviser(r *matrix.Results, rows []matrix.RowResult, doubts map[string]string, faints []map[string]string) *adviser {
	a := &adviser{doubts: doubts, faint: faints, suite: r.Suite, target: r.Target, untried: r.Untried, rows: rows, words: r.Words.Complete()}
	for _, s := range r.Scenarios {
		switch s.Kind {
		case matrix.KindProbe:
			a.probes = append(a.probes, s.Name)
		case matrix.KindWorkaround:
			a.workarounds = append(a.workarounds, s.Name)
		}
	}
	for _, f := range r.Families {
		if len(f.Only(r.Scenarios).Scenarios) > 0 {
			a.families = append(a.families, f)
		}
	}
	for i := range rows {
		leaks := make(map[string]bool)
		for k := range rows[i].Cells {
			if c := &rows[i].Cells[k]; c.Verdict.Leaks() && slices.Contains(a.probes, c.Scenario) {
				leaks[c.Scenario] = true
			}
		}
		a.leaks = append(a.leaks, leaks)
		a.bases = append(a.bases, matrix.BaseOf(&rows[i], rows))
	}
	return a
}

// advisers returns a function that returns the advice on a row by its index in rows, and the
// one for programs that the toolchain of the row compiles, if that differs.
// Careful and depends are those of withoutDependent, and faints those of allFaint.
func advisers(r *matrix.Results, rows, careful []matrix.RowResult, depends, doubts map[string]string, faints []map[string]string) func(i int) (matrix.Advice, *matrix.Advice) {
	a := newAdviser(r, careful, doubts, faints)
	if len(depends) == 0 {
		return func(i int) (matrix.Advice, *matrix.Advice) { return a.on(i), nil }
	}
	a.depends = depends
	built := newAdviser(r, rows, doubts, faints)
	return func(i int) (matrix.Advice, *matrix.Advice) {
		if depends[rows[i].ID] == "" {
			return a.on(i), nil
		}
		own := built.on(i)
		own.Upgrade = nil // which may depend on the toolchain, too
		return a.on(i), &own
	}
}

// on returns the advice on a row by its index in rows. No list in it is nil.
func (a *adviser) on(i int) matrix.Advice {
	row := &a.rows[i]
	advice := matrix.Advice{
		Row: row.ID, Version: row.Version(), State: row.State,
		Leaks: []string{}, Kills: []string{}, Clean: []string{}, Unknown: []string{}, Works: []string{}, Fails: []string{},
		Untestable: []string{}, Patched: []matrix.Remedy{},
	}
	if row.State == matrix.StateOK {
		a.sort(i, &advice)
		advice.Affected = len(advice.Leaks) > 0
	}
	if advice.Affected {
		advice.Upgrade = a.upgrade(i)
		advice.Patched = a.patched(i)
	}
	advice.Gist = a.gist(i, &advice)
	switch depends := a.depends[row.ID]; {
	case depends == "":
	case len(advice.Leaks)+len(advice.Clean) == 0:
		advice.Gist = fmt.Sprintf("how %s fares depends on the toolchain: %s", row.ID, depends)
	default:
		advice.Gist += "; the rest depends on the toolchain: " + depends
	}
	if from := trialsFrom(row); from != "" {
		advice.Gist += ", by trials that ran elsewhere, fetched from " + from
	}
	advice.Do = a.do(row, &advice)
	return advice
}

// Around says how the releases before and after a version fare that is not in the
// table.
func Around(g *matrix.Grid, version string) string {
	var before, after *matrix.GridRow
	for i := range g.Rows {
		row := &g.Rows[i]
		if len(row.Patches) > 0 || !row.Source.IsRelease() {
			continue
		}
		if matrix.CompareVersions(row.Version(), version) < 0 {
			before = row
		} else if after == nil {
			after = row
		}
	}
	switch {
	case before != nil && after != nil:
		return "before it, " + before.Advice.Gist + "; after it, " + after.Advice.Gist
	case before != nil:
		return "before it, " + before.Advice.Gist
	case after != nil:
		return "after it, " + after.Advice.Gist
	default:
		return "there is no release in them"
	}
}

// sort puts each probe and workaround of a row into the list of the advice that it
// belongs to.
func (a *adviser) sort(i int, advice *matrix.Advice) {
	row, base := &a.rows[i], a.bases[i]
	for _, name := range a.probes {
		c, ok := row.Cell(name)
		switch {
		case c.Verdict.Leaks():
			advice.Leaks = append(advice.Leaks, name)
			if c.Kills() {
				advice.Kills = append(advice.Kills, name)
			}
		case c.Verdict == matrix.VerdictClean && a.doubts[name] == "" && a.faint[i][name] == "":
			advice.Clean = append(advice.Clean, name)
		case ok && c.Verdict == matrix.VerdictVacuous && expected(c, base) == matrix.VerdictVacuous:
			advice.Untestable = append(advice.Untestable, name)
		default:
			advice.Unknown = append(advice.Unknown, name)
		}
	}
	for i := range a.families {
		advice.Families = append(advice.Families, a.families[i].In(row))
	}
	for _, name := range a.workarounds {
		switch c, _ := row.Cell(name); {
		case c.Verdict.Leaks():
			advice.Fails = append(advice.Fails, name)
		case c.Verdict == matrix.VerdictClean:
			advice.Works = append(advice.Works, name)
		}
	}
}

// remedy returns what the row at index other does about the leaks of row i, and
// whether it is a remedy: fewer probes leak there, and it is known of every probe
// that leaks in row i whether it does.
func (a *adviser) remedy(i, other int) (matrix.Remedy, bool) {
	row := &a.rows[other]
	if row.State != matrix.StateOK || len(a.leaks[other]) >= len(a.leaks[i]) {
		return matrix.Remedy{}, false
	}
	r := matrix.Remedy{Row: row.ID, Patches: row.PatchNames(), Cures: []string{}, Leaves: []string{}, Brings: []string{}}
	for _, name := range a.probes {
		switch was, is := a.leaks[i][name], a.leaks[other][name]; {
		case was && is:
			r.Leaves = append(r.Leaves, name)
		case is:
			r.Brings = append(r.Brings, name)
		case was:
			// A probe that is not known to be clean is not cured.
			if c, _ := row.Cell(name); c.Verdict != matrix.VerdictClean || a.doubts[name] != "" || a.faint[other][name] != "" {
				return r, false
			}
			r.Cures = append(r.Cures, name)
		}
	}
	return r, true
}

// leakier orders remedies by how many probes leak with them, the fewest first.
func leakier(a, b matrix.Remedy) int {
	return len(a.Leaves) + len(a.Brings) - len(b.Leaves) - len(b.Brings)
}

// upgrade returns the later release that leaks least, nil if none leaks less than
// row i. If several leak as little, it is the first, which changes least. It is
// never a pre-release or a retracted release. What is not a release has no later one: who
// builds a fork has reasons to.
func (a *adviser) upgrade(i int) (best *matrix.Remedy) {
	if !a.rows[i].Source.IsRelease() {
		return nil // nor is it known whether another release leaks less with a further toolchain
	}
	for other := i + 1; other < len(a.rows); other++ {
		row := &a.rows[other]
		if best != nil && len(a.leaks[other]) >= len(best.Leaves)+len(best.Brings) {
			continue // it leaks no less than the best so far
		}
		if len(row.Patches) > 0 || !row.Source.IsRelease() || row.Source.Retracted != "" || matrix.IsPrerelease(row.Version()) || matrix.CompareVersions(row.Version(), a.rows[i].Version()) == 0 {
			continue
		}
		if r, ok := a.remedy(i, other); ok && (best == nil || leakier(r, *best) < 0) {
			best = &r
		}
	}
	return best
}

// patched returns the rows that are row i with patches and leak less, the best
// first.
func (a *adviser) patched(i int) []matrix.Remedy {
	all := []matrix.Remedy{}
	for other := range a.rows {
		if a.bases[other] != &a.rows[i] {
			continue
		}
		if r, ok := a.remedy(i, other); ok {
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, leakier)
	return all
}

// gist says in one sentence how a row fares: "v1.0.0 leaks in 2 of 3 probes, and 1 of
// them can kill the connection".
func (a *adviser) gist(i int, advice *matrix.Advice) string {
	leak, clean, severe := a.words.Leak, a.words.Clean, a.words.Severe
	known := len(advice.Leaks) + len(advice.Clean)
	switch {
	case advice.State != matrix.StateOK:
		return fmt.Sprintf("%s was not tried: %s", advice.Row, advice.State.Missing())
	case known == 0:
		for _, name := range advice.Unknown {
			if doubt := cmp.Or(a.doubts[name], a.faint[i][name]); doubt != "" {
				return fmt.Sprintf("nothing is known about %s: %s", advice.Row, doubt)
			}
		}
		return fmt.Sprintf("nothing is known about %s", advice.Row)
	case len(advice.Families) > 0:
		return familyGist(advice, a.words)
	case !advice.Affected && len(advice.Unknown) > 0:
		return fmt.Sprintf("%s %s in %d of %s; nothing is known about the rest", advice.Row, clean.One, len(advice.Clean), text.Count(known+len(advice.Unknown), "probe"))
	case !advice.Affected:
		return fmt.Sprintf("%s %s: %s", advice.Row, clean.One, noneLeaks(known, leak))
	}
	s := fmt.Sprintf("%s %s in %d of %s", advice.Row, leak.One, len(advice.Leaks), text.Count(known+len(advice.Unknown), "probe"))
	if len(advice.Kills) > 0 {
		s += fmt.Sprintf(", and %d of them %s", len(advice.Kills), severe.Verb(len(advice.Kills)))
	}
	switch n := len(advice.Unknown); n {
	case 0:
	case 1:
		s += "; 1 is not known"
	default:
		s += fmt.Sprintf("; %d are not known", n)
	}
	return s
}

// noneLeaks says that none of n probes leaks.
func noneLeaks(n int, leak matrix.Phrase) string {
	if n == 1 {
		return "its only probe " + leak.Not(1)
	}
	return fmt.Sprintf("none of %d probes %s", n, leak.One)
}

// do says what can be done about a row, a sentence each: upgrade, or stay and build with
// patches, or use workarounds. Commands are between backquotes:
//
//	upgrade to v0.4.0: `go get example.com/lib@v0.4.0`; with it, nothing leaks
//	or stay, and build with patches: `matrixrun fork v0.3.0 --patch fix -o DIR`; it cures drop-a
func (a *adviser) do(row *matrix.RowResult, advice *matrix.Advice) []string {
	if advice.State == matrix.StateBuildFailed {
		return []string{"in a suite of yours, it can have another toolchain or adapter: see `matrixrun help suites`"}
	}
	if advice.State != matrix.StateOK {
		return []string{fmt.Sprintf("run `matrixrun run %s %s` to find out more", text.Quote(a.suite), row.Source.Flags())}
	}
	out := []string{}
	// The advice for a patched row does not say that no release is better: who patches
	// a release has decided to stay with it.
	if up := advice.Upgrade; up != nil {
		out = append(out, a.upgradeTo(row, up))
	} else if advice.Affected && len(row.Patches) == 0 && row.Source.IsRelease() {
		out = append(out, a.noneLater(row.Version()))
	}
	if len(advice.Patched) > 0 {
		best := &advice.Patched[0]
		which, or := row.Version(), "or stay, and build"
		if !row.Source.OfRelease() {
			which, or = row.Source.Flags(), "build"
		} else if !row.Source.IsRelease() {
			which = row.Source.Version
		}
		out = append(out, fmt.Sprintf("%s with patches: `matrixrun fork %s --patch %s -o DIR`; %s",
			or, which, strings.Join(best.Patches, " --patch "), a.effectOf(best)))
	}
	if advice.Affected && len(advice.Works) > 0 {
		out = append(out, text.Plural(len(advice.Works), "workaround")+" for this release: "+text.List(advice.Works))
	}
	if len(advice.Fails) > 0 {
		out = append(out, "what does not help: "+text.List(advice.Fails))
	}
	return out
}

// noneLater says that no release after a version leaks less.
func (a *adviser) noneLater(version string) string {
	if a.untried.Between(version, "") > 0 {
		return "no later release that was tried " + a.words.Leak.Less()
	}
	return "no later release " + a.words.Leak.Less()
}

// upgradeTo says how to build another release. The go command gets a module by the path
// that the release is served under, which the program must import.
func (a *adviser) upgradeTo(row *matrix.RowResult, up *matrix.Remedy) string {
	from, to := row.Source.Module, a.target
	for i := range a.rows {
		if a.rows[i].ID == up.Row {
			to = cmp.Or(a.rows[i].Source.Module, to)
		}
	}
	imports := ""
	if from != "" && from != to {
		imports = fmt.Sprintf("import %s instead of %s, and ", to, from)
	}
	return fmt.Sprintf("upgrade to %s: %s`go get %s@%s`; %s", up.Row, imports, to, up.Row, a.effectOf(up))
}

// effectOf says what a remedy does, by family: "it cures a, leaves b and c".
func (a *adviser) effectOf(r *matrix.Remedy) string {
	if len(r.Leaves)+len(r.Brings) == 0 {
		if n := a.unknownIn(r.Row); n > 0 {
			return fmt.Sprintf("with it, nothing %s, and nothing is known of %s", a.words.Leak.One, text.Count(n, "probe"))
		}
		return "with it, nothing " + a.words.Leak.One
	}
	var parts []string
	for _, part := range []struct {
		verb  string
		names []string
	}{
		{"cures ", a.ways(r.Cures, r.Leaves, r.Brings)},
		{"leaves ", a.ways(r.Leaves, r.Cures, r.Brings)},
		{"brings ", a.ways(r.Brings, r.Cures, r.Leaves)},
	} {
		if len(part.names) > 0 {
			parts = append(parts, part.verb+text.List(part.names))
		}
	}
	return "it " + strings.Join(parts, ", ")
}

// unknownIn returns how many probes are not known in a row.
func (a *adviser) unknownIn(id string) int {
	i := slices.IndexFunc(a.rows, func(row matrix.RowResult) bool { return row.ID == id })
	if i < 0 {
		return 0
	}
	var advice matrix.Advice
	a.sort(i, &advice)
	return len(advice.Unknown)
}

// ways returns the families of probes, each once. A probe stays one if it is in no family, or
// if others of its family are in other lists.
func (a *adviser) ways(probes []string, others ...[]string) (names []string) {
	for _, name := range probes {
		f := matrix.FamilyOf(a.families, name)
		if f != nil && !slices.ContainsFunc(slices.Concat(others...), func(other string) bool { return slices.Contains(f.Scenarios, other) }) {
			name = f.Name
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

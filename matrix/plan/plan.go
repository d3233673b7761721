// Package plan decides which rows a run has, in which order they are answered,
// and why others that were asked for are left out. It is pure: the same suite
// and the same selection give the same plan.
//
// Mistakes of the command line come as matrix.Problems, all at once; New
// returns no other error.
package plan

import (
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Selection is what the command line asks for. The zero Selection is the
// whole suite.
type Selection struct {
	Versions   matrix.Constraint // --versions
	Only       []string          // --only: these versions, whatever matrix.yaml's releases says
	Extra      []matrix.Release  // releases of Only that the lock lacks, as far as they were looked up
	Sample     string            // --sample: "", "last-patch", "latest-N", "evenly-N"; of what the fields above leave
	Prerelease bool              // --prerelease: take the lock's pre-releases too
	Patches    []*matrix.Patch   // --patch: applied in this order, together
	Each       bool              // Patches one by one, and on the last patch releases together, as far as they have variants
	Together   bool              // of Patches, all that have a variant for a release, in one row
	Named      bool              // only releases that a variant of Patches names
	Scenarios  []string          // --scenario: globs; control and planted scenarios are always in
	Server     string            // --server-version: of the release that all servers are built from; empty: each row's own
}

// New plans the rows of a suite. A version of Only that neither the lock nor
// Extra has becomes a row whose release has no checksum: whether somebody has
// released it is for whoever fetches it to find out.
func New(spec *matrix.Spec, sel Selection) (*matrix.Plan, error) {
	var problems matrix.Problems
	releases := selectReleases(spec, sel, &problems)
	p := &matrix.Plan{Scenarios: selectScenarios(spec, sel.Scenarios, &problems)}
	checkPatches(sel.Patches, &problems)
	p.Server = serverRow(spec, sel, &problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	last := lastPatches(releases)
	for _, r := range releases {
		addRows(p, spec, r, seriesFor(sel, r, find(last, r.Version) >= 0))
	}
	p.Order = order(p.Rows, spec.First)
	return p, nil
}

// checkPatches refuses a patch that is named twice: it cannot go on twice, and
// the row's ID would not tell.
func checkPatches(patches []*matrix.Patch, problems *matrix.Problems) {
	seen := map[string]bool{}
	for _, p := range patches {
		if seen[p.Name] {
			problems.Add("", 0, "--patch %s: named twice: a row has each patch once", p.Name)
		}
		seen[p.Name] = true
	}
}

// seriesFor returns the lists of patches that a release gets a row for, each.
func seriesFor(sel Selection, r matrix.Release, last bool) [][]*matrix.Patch {
	if len(sel.Patches) == 0 {
		return nil
	}
	if !sel.Each && !sel.Together {
		return [][]*matrix.Patch{sel.Patches}
	}
	var all [][]*matrix.Patch
	var together []*matrix.Patch
	for _, p := range sel.Patches {
		// Of many patches most are not for most releases, which is no news.
		if _, ok := p.For(r.Version); ok {
			all = append(all, []*matrix.Patch{p})
			together = append(together, p)
		}
	}
	switch {
	case sel.Together && len(together) > 0:
		return [][]*matrix.Patch{together}
	case sel.Together:
		return nil
	case last && len(together) > 1:
		all = append(all, together)
	}
	return all
}

// addRows adds the row of a release, and a patched row for each list of patches;
// or the reasons why there are none.
func addRows(p *matrix.Plan, spec *matrix.Spec, r matrix.Release, series [][]*matrix.Patch) {
	row, reason := plainRow(spec, r)
	if reason != "" {
		p.Skips = append(p.Skips, matrix.Skip{ID: row.ID, Reason: reason})
		for _, patches := range series {
			p.Skips = append(p.Skips, matrix.Skip{ID: rowID(r.Version, patches), Reason: reason})
		}
		return
	}
	p.Rows = append(p.Rows, row)
	for _, patches := range series {
		variants, lacking := variantsFor(r.Version, patches)
		row.ID, row.Patches = rowID(r.Version, patches), variants
		if len(lacking) > 0 {
			reason := "no variant of " + strings.Join(lacking, ", ") + " names " + r.Version
			p.Skips = append(p.Skips, matrix.Skip{ID: row.ID, Reason: reason})
			continue
		}
		p.Rows = append(p.Rows, row)
	}
}

// plainRow returns the row of a release without patches, or the reason why there
// is none.
func plainRow(spec *matrix.Spec, r matrix.Release) (row matrix.Row, reason string) {
	row = matrix.Row{
		ID:      r.Version,
		Release: r,
		Rehomed: r.Module != spec.Target.Module,
		Adapter: adapterFor(spec, r.Version),
	}
	goes, ok := toolchainFor(spec, r.Version)
	if !ok {
		return row, "no rule of matrix.yaml's toolchains admits " + r.Version + ": add one, or end the list with one that has no releases"
	}
	row.Toolchain = goes
	return row, ""
}

// serverRow returns the row that all servers are built from, nil where none is
// asked for.
func serverRow(spec *matrix.Spec, sel Selection, problems *matrix.Problems) *matrix.Row {
	if sel.Server == "" || !checkVersions("--server-version", []string{sel.Server}, problems) {
		return nil
	}
	if !spec.Peer {
		problems.Add("", 0, "--server-version: the reproduction of %s cannot run its servers apart; one that can says so by `peer: true` in matrix.yaml", spec.Suite)
		return nil
	}
	row, reason := plainRow(spec, release(spec, sel.Server, sel.Extra))
	if reason == "" && !row.Adapter.Supported {
		reason = "the suite has no adapter for it"
	}
	if reason != "" {
		problems.Add("", 0, "--server-version %s: %s", sel.Server, reason)
		return nil
	}
	return &row
}

func rowID(version string, patches []*matrix.Patch) string {
	id := matrix.RowID{Version: version}
	for _, p := range patches {
		id.Patches = append(id.Patches, p.Name)
	}
	return id.String()
}

// variantsFor returns one variant of each patch, and the patches that have
// none for a release. A row with some of the patches that were asked for would
// answer another question, so it takes all of them or there is no row.
func variantsFor(version string, patches []*matrix.Patch) (variants []matrix.Variant, lacking []string) {
	for _, p := range patches {
		v, ok := p.For(version)
		if !ok {
			lacking = append(lacking, p.Name)
			continue
		}
		variants = append(variants, v)
	}
	return variants, lacking
}

// toolchainFor reports false where there are rules and none admits a release:
// falling back on the go command at hand would hide a hole in the list.
func toolchainFor(spec *matrix.Spec, version string) (string, bool) {
	for _, rule := range spec.Toolchains {
		if rule.Releases.Admits(version) {
			return rule.Go, true
		}
	}
	return "", len(spec.Toolchains) == 0
}

func adapterFor(spec *matrix.Spec, version string) matrix.Adapter {
	for _, rule := range spec.Adapters {
		if rule.Releases.Admits(version) {
			return matrix.Adapter{Supported: true, Tags: rule.Tags}
		}
	}
	return matrix.Adapter{Supported: len(spec.Adapters) == 0}
}

// order lists the rows of the releases to answer first, as the suite has them,
// then the rest from the newest to the oldest, since the newest are what most
// people ask about. A patched row comes right after its unpatched one.
func order(rows []matrix.Row, first []string) []int {
	rank := func(i int) int {
		if at := slices.Index(first, rows[i].Release.Version); at >= 0 {
			return at
		}
		return len(first)
	}
	indexes := make([]int, len(rows))
	for i := range indexes {
		indexes[i] = i
	}
	// The sort is stable, so that rows of one release stay as they are.
	slices.SortStableFunc(indexes, func(a, b int) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return matrix.CompareVersions(rows[b].Release.Version, rows[a].Release.Version)
	})
	return indexes
}

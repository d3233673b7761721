// Package plan is the second stage: it decides which rows a run has, in which order
// they are answered, and why others that were asked for are skipped. It is pure: the
// same suite and the same selection give the same plan.
//
// Each release has one row with the toolchain that the suite's rules choose, and after it
// one for each further toolchain. No two rows of a release have the same toolchain by name.
//
// Mistakes on the command line are returned together, as matrix.Problems. New
// returns no other error.
package plan

import (
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Selection is what the command line asks for. The zero Selection selects the
// whole suite.
type Selection struct {
	Versions   matrix.Constraint // --versions
	Only       []string          // --only: these versions, even if matrix.yaml's releases does not admit them
	Extra      []matrix.Release  // releases of Only or Server that the lock does not have and that were looked up
	Others     []matrix.Release  // targets that are no releases: each gets rows. Without Versions, Only and Sample, the releases are those nearest to them
	Sample     string            // --sample: "", "last-patch", "latest-N" or "evenly-N", of the releases selected so far
	Prerelease bool              // --prerelease: include the lock's pre-releases
	Patches    []*matrix.Patch   // --patch: applied together, in this order
	Each       bool              // a row for each of Patches that names a release, and one for all of them on last patch releases
	Together   bool              // one row for all of Patches that name a release
	Named      bool              // only releases that a variant of Patches names
	Scenarios  []string          // --scenario: globs; control and planted scenarios are always included
	Toolchains []string          // --toolchain: each adds rows to every release, as the further toolchains of matrix.yaml do
	Usual      bool              // without the further toolchains of matrix.yaml
	Server     string            // --server-version: the release that runs all servers; empty: each row runs its own
}

// New plans the rows of a suite. A version of Only that is in neither the lock nor
// Extra becomes a row whose release has no checksum; fetching it will show whether
// it exists.
func New(spec *matrix.Spec, sel Selection) (*matrix.Plan, error) {
	var problems matrix.Problems
	releases := selectReleases(spec, sel, &problems)
	p := &matrix.Plan{Scenarios: selectScenarios(spec, sel.Scenarios, &problems)}
	checkPatches(sel.Patches, &problems)
	checkToolchains(sel.Toolchains, &problems)
	p.Server = serverRow(spec, sel, &problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	last := lastPatches(releases)
	for _, r := range withToolchains(spec, sel, withOthers(releases, sel.Others)) {
		addRows(p, spec, r, seriesFor(sel, r, find(last, r.Base()) >= 0))
	}
	p.Order = order(p.Rows, spec.First)
	p.Untried = untried(spec, p.Rows)
	return p, nil
}

// untried returns the releases that a suite asks about and that have no rows: of the lock,
// and others that are known. Pre-releases count only where they are tried.
func untried(spec *matrix.Spec, rows []matrix.Row) (out matrix.Untried) {
	tried := make(map[string]bool)
	for i := range rows {
		tried[rows[i].Release.Name()] = true
	}
	for _, r := range asked(spec, slices.Concat(spec.Lock, spec.Known), false) {
		if !tried[r.Version] && spec.WhyUnaffected(r.Version) == "" {
			out = append(out, r.Version)
		}
	}
	slices.SortFunc(out, matrix.CompareVersions)
	return out
}

// checkPatches reports patches that are named twice. A patch applies only once, and
// the row's ID would not show it.
func checkPatches(patches []*matrix.Patch, problems *matrix.Problems) {
	seen := map[string]bool{}
	for _, p := range patches {
		if seen[p.Name] {
			problems.Add("", 0, "--patch %s: named twice: a row has a patch only once", p.Name)
		}
		seen[p.Name] = true
	}
}

// seriesFor returns the series of patches for which a release gets rows, one row
// for each series. The last argument says whether the release is the last patch
// release of its minor version.
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
		// Most patches do not name most releases, so a skip for each would be noise.
		if _, ok := variantFor(p, r); ok {
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

// addRows adds the row of a release and one row for each series of patches, or the
// reasons why they are skipped.
func addRows(p *matrix.Plan, spec *matrix.Spec, r matrix.Release, series [][]*matrix.Patch) {
	row, reason := plainRow(spec, r)
	if reason != "" {
		p.Skips = append(p.Skips, matrix.Skip{ID: row.ID, Reason: reason})
		for _, patches := range series {
			p.Skips = append(p.Skips, matrix.Skip{ID: rowID(r.Name(), patches), Reason: reason})
		}
		return
	}
	p.Rows = append(p.Rows, row)
	for _, patches := range series {
		variants, missing := variantsFor(spec, r, patches)
		row.ID, row.Patches = rowID(r.Name(), patches), variants
		if len(missing) > 0 {
			reason := "no variant of " + strings.Join(missing, ", ") + " names " + r.Base()
			p.Skips = append(p.Skips, matrix.Skip{ID: row.ID, Reason: reason})
			continue
		}
		p.Rows = append(p.Rows, row)
	}
}

// plainRow returns the row of a release without patches, or the reason why there is
// none.
func plainRow(spec *matrix.Spec, r matrix.Release) (row matrix.Row, reason string) {
	base := r.Base()
	row = matrix.Row{
		ID:      r.Name(),
		Release: r,
		Rehomed: r.Path() != spec.Target.Module,
		Adapter: adapterFor(spec, base),
	}
	if r.Origin != nil && r.Origin.Missing != "" {
		row.Adapter.Supported, row.Rehomed = true, false // so that the row only says what is missing
		return row, ""
	}
	if base == "" {
		return row, "it has nothing in common with any release: --as VERSION names the one to treat it like"
	}
	goVersion, ok := toolchainFor(spec, base)
	if !ok {
		return row, "no rule of matrix.yaml's toolchains admits " + base + ": add one, or end the list with one that has no releases"
	}
	row.Toolchain = goVersion
	if r.Toolchain != "" {
		row.Toolchain, reason = r.Toolchain, whyNoToolchain(spec, r, goVersion)
	}
	if r.Origin != nil {
		row.Toolchain = newEnough(goVersion, r.Origin.Go)
		row.Neighbours = neighbours(spec, base)
		row.Toolchains = otherToolchains(spec, base, r.Origin.Go)
	}
	return row, reason
}

// serverRow returns the row that runs all servers, or nil if every row runs its own.
func serverRow(spec *matrix.Spec, sel Selection, problems *matrix.Problems) *matrix.Row {
	if sel.Server == "" || !checkVersions("--server-version", []string{sel.Server}, problems) {
		return nil
	}
	if !spec.Peer {
		problems.Add("", 0, "--server-version: the reproduction of %s cannot run its servers in another process: a suite that can has `peer: true` in matrix.yaml", spec.Suite)
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

// rowID returns the ID of a row before its patches have variants.
func rowID(version string, patches []*matrix.Patch) string {
	id := matrix.RowID{Version: version}
	for _, p := range patches {
		id.Patches = append(id.Patches, p.Name)
	}
	return id.String()
}

// variantsFor returns the variants for a release, one of each patch, and the names
// of the patches that have none. Only a row with all patches answers the question,
// so there is no row if any is missing.
func variantsFor(spec *matrix.Spec, r matrix.Release, patches []*matrix.Patch) (variants []matrix.Variant, missing []string) {
	for _, p := range patches {
		v, ok := variantFor(p, r)
		if !ok {
			missing = append(missing, p.Name)
			continue
		}
		if r.Origin != nil {
			v.Others = otherVariants(spec, r.Base(), p, v)
		}
		variants = append(variants, v)
	}
	return variants, missing
}

// toolchainFor returns the toolchain for a release, "" for the go command on the
// PATH. It returns false if no rule admits the release: using the go command on the
// PATH then would hide a gap in the rules.
func toolchainFor(spec *matrix.Spec, version string) (string, bool) {
	for _, rule := range spec.Toolchains {
		if rule.Releases.Admits(version) {
			return rule.Go, true
		}
	}
	return "", len(spec.Toolchains) == 0
}

// adapterFor returns the adapter for a release. Without rules every release is
// supported, without tags.
func adapterFor(spec *matrix.Spec, version string) matrix.Adapter {
	for _, rule := range spec.Adapters {
		if rule.Releases.Admits(version) {
			return matrix.Adapter{Supported: true, Tags: rule.Tags}
		}
	}
	return matrix.Adapter{Supported: len(spec.Adapters) == 0}
}

// order returns the indexes of the rows in the order in which to answer them: the
// releases of first, then the others from the newest to the oldest, since most
// people ask about the newest. A patched row follows its unpatched row.
func order(rows []matrix.Row, first []string) []int {
	rank := func(i int) int {
		if at := slices.Index(first, rows[i].Release.Base()); at >= 0 {
			return at
		}
		return len(first)
	}
	indexes := make([]int, len(rows))
	for i := range indexes {
		indexes[i] = i
	}
	// A stable sort keeps the rows of one release in order, and what is near to it.
	slices.SortStableFunc(indexes, func(a, b int) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return matrix.CompareVersions(rows[b].Release.Base(), rows[a].Release.Base())
	})
	return indexes
}

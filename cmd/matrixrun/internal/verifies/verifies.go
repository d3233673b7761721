// Package verifies plans the rows of published results again, so that they can be built
// anew, and compares what comes out with what was published.
package verifies

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// A Part is rows of published results that one plan has.
type Part struct {
	Plan      *matrix.Plan
	Published []matrix.RowResult   // in the order of the plan's rows
	Missing   []matrix.VerifiedRow // published rows that cannot be built again, and why
}

// Plan plans the rows of published results that can be built again: all but those of
// folders and commits, and those whose suite has no adapter. It returns them in parts, each
// with the rows of one list of patches. If rows is not nil, only rows with these IDs count,
// and those among them that cannot be built again are missing. Rows that had no toolchain of
// their own get the one that built them.
func Plan(ctx context.Context, suite *matrix.Spec, suiteArg []string, r *matrix.Results, rows []string) ([]Part, error) {
	var parts []Part
	if missing := impossible(r, rows); len(missing) > 0 {
		parts = append(parts, Part{Plan: new(matrix.Plan), Missing: missing})
	}
	for _, group := range groups(r, rows) {
		first := &group[0]
		sel := plan.Selection{Server: first.Server, Usual: true, Scenarios: scenarios(suite, r)}
		if first.Source.Toolchain != "" {
			sel.Toolchains = []string{first.Source.Toolchain}
		}
		for _, name := range first.PatchNames() {
			found, err := find.CheckedPatches(ctx, name, spec.NamesIn(suite, -1), suite)
			if err != nil {
				return nil, err
			}
			sel.Patches = append(sel.Patches, found...)
		}
		var forks origins.Flags
		for i := range group {
			if source := &group[i].Source; source.OfRelease() {
				sel.Only = append(sel.Only, source.Version)
			} else {
				forks.Modules = append(forks.Modules, source.Name())
			}
		}
		var err error
		if len(forks.Modules) > 0 {
			if sel.Others, err = forks.Find(ctx, suite, suiteArg); err != nil {
				return nil, err
			}
		}
		whole, err := plan.New(suite, sel)
		forks.Close()
		if err != nil {
			return nil, err
		}
		parts = append(parts, partOf(whole, group))
	}
	return parts, nil
}

// scenarios returns the names of the scenarios of results that a suite has. A row has a binary
// for each package with tests of its scenarios, so others would make its checksum another one.
func scenarios(suite *matrix.Spec, r *matrix.Results) (names []string) {
	for _, s := range r.Scenarios {
		if slices.ContainsFunc(suite.Scenarios, func(has matrix.Scenario) bool { return has.Name == s.Name }) {
			names = append(names, s.Name)
		}
	}
	return names
}

// groups returns the rows that can be built again, by their lists of patches, by further
// toolchains, and by whether they are forks, which are planned apart.
func groups(r *matrix.Results, ids []string) (all [][]matrix.RowResult) {
	places := make(map[string]int)
	for i := range r.Rows {
		row := r.Rows[i]
		if whyNotRebuilt(&row) != "" || ids != nil && !slices.Contains(ids, row.ID) {
			continue
		}
		key := fmt.Sprintf("%q", []any{row.Source.OfRelease(), row.Source.Toolchain, row.Server, row.PatchNames()})
		at, ok := places[key]
		if !ok {
			at, all = len(all), append(all, nil)
			places[key] = at
		}
		all[at] = append(all[at], row)
	}
	return all
}

// whyNotRebuilt returns why a published row cannot be built again; empty if it can.
func whyNotRebuilt(row *matrix.RowResult) string {
	switch {
	case !row.Source.OfRelease() && row.Source.Kind != matrix.SourceModule:
		return "results.json does not have its sources, which are those of a folder or a commit"
	case row.State != matrix.StateBuildFailed && row.State != matrix.StatePatchConflict && row.Binary == "":
		return "it was not built when the results were made" // its suite had no adapter, or the release could not be had
	}
	return ""
}

// impossible returns the rows with these IDs that cannot be built again.
func impossible(r *matrix.Results, ids []string) (missing []matrix.VerifiedRow) {
	for i := range r.Rows {
		if why := whyNotRebuilt(&r.Rows[i]); why != "" && slices.Contains(ids, r.Rows[i].ID) {
			missing = append(missing, missingRow(r.Rows[i].ID, why))
		}
	}
	return missing
}

func missingRow(id, why string) matrix.VerifiedRow {
	return matrix.VerifiedRow{ID: id, Differences: []string{}, Unknown: why}
}

// partOf returns the rows of a plan that were published.
func partOf(whole *matrix.Plan, published []matrix.RowResult) Part {
	p := Part{Plan: &matrix.Plan{Scenarios: whole.Scenarios, Server: whole.Server}}
	for _, row := range whole.Rows {
		i := slices.IndexFunc(published, func(r matrix.RowResult) bool { return r.ID == row.ID })
		if i < 0 {
			continue
		}
		row.Toolchain = cmp.Or(row.Toolchain, published[i].Toolchain)
		p.Plan.Order = append(p.Plan.Order, len(p.Plan.Rows))
		p.Plan.Rows = append(p.Plan.Rows, row)
		p.Published = append(p.Published, published[i])
	}
	for _, r := range published {
		if !slices.ContainsFunc(p.Published, func(row matrix.RowResult) bool { return row.ID == r.ID }) {
			p.Missing = append(p.Missing, missingRow(r.ID, "the suite here does not plan it"))
		}
	}
	return p
}

// Sample returns the IDs of up to n rows with a binary that can be built again, at random.
func Sample(r *matrix.Results, n int) []string {
	ids := []string{}
	for i := range r.Rows {
		if r.Rows[i].Binary != "" && whyNotRebuilt(&r.Rows[i]) == "" {
			ids = append(ids, r.Rows[i].ID)
		}
	}
	rand.Shuffle(len(ids), func(i, k int) { ids[i], ids[k] = ids[k], ids[i] })
	return ids[:min(n, len(ids))]
}

// Compare returns how a row that was built again differs from the published one, and which of
// its inputs differ, a clause each. It returns none if the two are the same, or if it cannot
// tell; then unknown is the reason. It cannot tell if neither was built, for different reasons.
func Compare(published, again *matrix.RowResult) (differences []string, unknown string) {
	add := func(what, was, is string) {
		if was != is {
			differences = append(differences, fmt.Sprintf("%s was %s, and is %s", what, cmp.Or(was, "none"), cmp.Or(is, "none")))
		}
	}
	add("its state", string(published.State), string(again.State))
	if published.State != matrix.StateOK || again.State != matrix.StateOK {
		was, is := matrix.Gist(published.Reason), matrix.Gist(again.Reason)
		switch {
		case len(differences) == 0 && was != is:
			unknown = fmt.Sprintf("its state is %s again, for another reason: it was %q, and is %q", again.State, was, is)
		case len(differences) > 0 && again.Reason != "":
			differences[0] += " (" + is + ")"
		}
		return differences, unknown
	}
	add("its binary", published.Binary, again.Binary)
	if len(differences) == 0 {
		return nil, ""
	}
	named := len(differences)
	add("its toolchain", published.Toolchain, again.Toolchain)
	add("its checksum", published.Source.Sum, again.Source.Sum)
	add("its C compiler", published.CCompiler, again.CCompiler)
	add("its adapter", published.Adapter, again.Adapter)
	add("its replace line", published.Replace, again.Replace)
	add("its go line", goLine(published.GoLine), goLine(again.GoLine))
	add("the package that it gets in place of another", swap(published.Swap), swap(again.Swap))
	add("what it requires of the target", published.Required, again.Required)
	add("the digests of its patches", digests(published), digests(again))
	if len(differences) == named {
		differences = append(differences, "no input that results.json names differs: the flags of the build may, or what else the go command reads from its environment")
	}
	return differences, ""
}

// goLine returns the version in the go line of a row; empty if that is the reproduction's own.
func goLine(g matrix.GoLine) string {
	if g == (matrix.GoLine{}) {
		return ""
	}
	return fmt.Sprintf("%s in place of %s", g.Row, g.Own)
}

// swap returns which package a row has in place of which; empty if it swaps none.
func swap(s matrix.Swap) string {
	if s == (matrix.Swap{}) {
		return ""
	}
	return fmt.Sprintf("%s in place of %s", s.To, s.From)
}

// digests lists the patches of a row with their digests.
func digests(r *matrix.RowResult) string {
	var all []string
	for _, p := range r.Patches {
		all = append(all, p.Name+" "+p.SHA256)
	}
	return strings.Join(all, ", ")
}

// Verdicts returns which verdicts of a row that was tried again differ from the published ones,
// a clause each. Unknown is the reason why the first one without an answer has none: it was not
// tried here, or its trials failed. If the published trials failed too, that may have had
// another reason. A flaky cell may come out in any way that is known.
func Verdicts(published, again *matrix.RowResult, w matrix.Words) (differences []string, unknown string) {
	if len(published.Cells) == 0 {
		unknown = "no verdict of it was published"
	}
	for _, was := range published.Cells {
		is, ok := again.Cell(was.Scenario)
		switch {
		case !ok:
			unknown = cmp.Or(unknown, fmt.Sprintf("%s was %s, and was not tried again (%s)", was.Scenario, w.Name(was.Verdict), again.State.Missing()))
		case was.Verdict == is.Verdict && is.Verdict != matrix.VerdictError:
		case was.Verdict == matrix.VerdictFlaky && is.Verdict.Known():
		case is.Verdict.Known():
			differences = append(differences, fmt.Sprintf("%s was %s, and is %s (%d of %d trials)", was.Scenario, w.Name(was.Verdict), w.Name(is.Verdict), is.Leaks, is.Trials))
		default:
			unknown = cmp.Or(unknown, fmt.Sprintf("%s is %s: %s", was.Scenario, w.Name(is.Verdict), matrix.Gist(is.Reason)))
		}
	}
	return differences, unknown
}

package grid

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// unknown returns what could not be found out, each with what to do next. What is
// expected to stay unknown is not among them.
func unknown(rows []matrix.RowResult, scenarios []matrix.Scenario) []matrix.Finding {
	var out []matrix.Finding
	for i := range rows {
		row := &rows[i]
		if row.State == matrix.StateOK {
			out = append(out, undecided(row, matrix.BaseOf(row, rows))...)
			out = append(out, absent(row, scenarios)...)
			continue
		}
		patched := len(row.Patches) > 0
		expected := row.ExpectedState != "" && row.State == row.ExpectedState && !patched
		if !row.State.Known(patched) && !expected && !unbuildable(row, rows) {
			out = append(out, matrix.Finding{Row: row.ID, Text: row.ID + ": " + next(row)})
		}
	}
	if len(out) == 0 {
		out = unasked(rows, scenarios)
	}
	return out
}

// unasked returns a finding if all cells are unsupported, and nobody expects that: nothing in
// such a table is wrong, and nothing was found out either.
func unasked(rows []matrix.RowResult, scenarios []matrix.Scenario) []matrix.Finding {
	var first *matrix.Cell
	var row string
	for i := range rows {
		for _, s := range scenarios {
			c, ok := rows[i].Cell(s.Name)
			switch {
			case !ok || s.Kind.Invariant():
			case c.Verdict != matrix.VerdictUnsupported || c.Expected == c.Verdict:
				return nil
			case first == nil:
				first, row = &c, rows[i].ID
			}
		}
	}
	if first == nil {
		return nil
	}
	return []matrix.Finding{{
		Row: row, Scenarios: []string{first.Scenario},
		Text: fmt.Sprintf("nothing was found out about any release: all is unsupported, such as %s/%s: %s. Try releases or scenarios that are supported", row, first.Scenario, matrix.Gist(first.Reason)),
	}}
}

// next says why a row was not run, and what to do about it. What a run has found out is
// in its record, so that running again only does the rest.
func next(row *matrix.RowResult) string {
	switch row.State {
	case matrix.StateBuildFailed:
		if !row.Source.OfRelease() {
			return nextForeign(row)
		}
		toolchain := ""
		if row.Toolchain != "" {
			toolchain = " with " + row.Toolchain
		}
		return fmt.Sprintf("it does not build%s: %s. %s", toolchain, matrix.Gist(row.Reason), nextBuild(row, row.Reason))
	case matrix.StateUnavailable:
		return fmt.Sprintf("it is not available: %s. Run again when that is fixed; what is already known is kept", matrix.Gist(row.Reason))
	default:
		return "it was not run. Run again; what is already known is kept"
	}
}

// nextBuild says what to do about a release that does not build, or does not for some of
// the tests: whose code does not compile, and why.
func nextBuild(row *matrix.RowResult, reason string) string {
	required, _ := matrix.RequirementIn(reason)
	other, ok := matrix.ModuleOf(reason)
	switch {
	case strings.Contains(reason, "and cgo is off"):
		return "Where there is a C compiler, try compiles them, and so does a run with `cgo: true` in matrix.yaml: see the topic suites"
	case strings.Contains(reason, "build constraints exclude all Go files in .") && !matrix.InTarget(reason) && !strings.Contains(reason, "../target"):
		return "If they need cgo, say `cgo: true` in matrix.yaml; if build tags leave them out, give the release an adapter: see the topic suites"
	case row.Source.Kind == matrix.SourceToolchain:
		return "If that toolchain cannot compile it, leave it out for this release: see the topic toolchains"
	case unrequired(row.Source, reason):
		return requireIt
	case matrix.ReproductionNeedsGo(reason):
		return "Choose a newer toolchain for it in matrix.yaml, or an older version in that go.mod: see the topic toolchains"
	case ok && required.Of.Version != "":
		return fmt.Sprintf("That is code of %s, which requires %s or newer: no build with it selects %s. Leave the release out with --versions, or require an older %s", other, required.Of, row.Version(), other.Path)
	case ok:
		return fmt.Sprintf("That is code of %s, which does not compile with this release. Require another version of it, or leave the release out with --versions", other)
	case required.Has != "":
		return fmt.Sprintf("That is code of the release, which requires %s %s, and the build has %s. Require older modules, or leave the release out with --versions", required.Of.Path, required.Of.Version, required.Has)
	case matrix.InTarget(reason):
		return "That is code of the release. In a suite it can have an older toolchain, or be expected to fail: see the topic suites"
	case matrix.InReproduction(reason):
		return "That is code of the reproduction. In a suite it can have an adapter for this release, or be expected to fail: see the topic suites. Otherwise leave the release out with --versions"
	default:
		return "In a suite it can have another toolchain or adapter, or be expected to fail: see the topic suites"
	}
}

// requireIt says what to do about a package of no module that is required.
const requireIt = "If a module has that package, list it in the go.mod and the go.sum of the reproduction or of the tests"

// missing matches what the go command says of a package in none of the modules, or in one
// without a checksum.
var missing = regexp.MustCompile(`(?:cannot find module providing|no required module provides|missing go\.sum entry for module providing) package ([^\s:;]+)`)

// unrequired reports whether a build failed since the user's module does not require that of
// a package. Where only the target imports it, that has to do so, as the go.mod of a release
// from before modules does not. A package of the target itself is not in that release.
func unrequired(source matrix.SourceResult, reason string) bool {
	found := missing.FindStringSubmatch(reason)
	target, _, _ := module.SplitPathVersion(source.Module)
	return len(found) > 1 && !strings.HasPrefix(found[1]+"/", target+"/")
}

// expected returns the verdict that is expected of a cell in a row with the given
// base. With patches that is the verdict of the release without them: what the
// release does not have, no patch adds.
func expected(c matrix.Cell, base *matrix.RowResult) matrix.Verdict {
	if base != nil {
		c, _ = base.Cell(c.Scenario)
	}
	return c.Expected
}

// mostReasons is how many findings a row has for one verdict that each tell a reason.
const mostReasons = 3

// undecided returns the cells of a row whose trials did not answer their question,
// with one finding for each verdict and reason. It has only the first reason if the others
// follow from it, and only the first few if there are many.
func undecided(row, base *matrix.RowResult) []matrix.Finding {
	var out []matrix.Finding
	for _, group := range groupCells(row.Cells, func(c matrix.Cell) string {
		if !c.Verdict.Undecided() || expected(c, base) == c.Verdict {
			return ""
		}
		return string(c.Verdict)
	}) {
		alike := groupCells(group, func(c matrix.Cell) string { return string(c.Verdict) + matrix.Gist(c.Reason) })
		if slices.ContainsFunc(group, followsFromInvariant) {
			alike = [][]matrix.Cell{group}
		}
		for i, cells := range alike {
			if left := slices.Concat(alike[i:]...); i == mostReasons && len(left) > len(cells) {
				out = append(out, undecidedOtherwise(row, left, len(alike)-i))
				break
			}
			out = append(out, undecidedAs(row, cells))
		}
	}
	return out
}

// followsFromInvariant reports whether a cell counts for nothing because a control or a
// planted scenario failed.
func followsFromInvariant(c matrix.Cell) bool {
	return strings.Contains(c.Reason, matrix.Unbelieved) || strings.Contains(c.Reason, matrix.ProvesNothing)
}

// undecidedOtherwise returns the finding for cells with one verdict and n reasons, which are left
// when some have been told.
func undecidedOtherwise(row *matrix.RowResult, cells []matrix.Cell, n int) matrix.Finding {
	names := scenarioNames(cells)
	return matrix.Finding{
		Row: row.ID, Scenarios: names,
		Text: fmt.Sprintf("%s: %s %s, for %s, which the command show prints", row.ID, text.List(names), ending(cells[0].Verdict, false), text.Count(n, "other reason")),
	}
}

// undecidedAs returns the finding for cells with one verdict, which have the reason of the
// first.
func undecidedAs(row *matrix.RowResult, cells []matrix.Cell) matrix.Finding {
	names, first := scenarioNames(cells), cells[0]
	which := text.List(names)
	if len(cells) == len(row.Cells) && len(cells) > 1 {
		which = "every scenario"
	}
	return matrix.Finding{
		Row: row.ID, Scenarios: names,
		Text: fmt.Sprintf("%s: %s %s: %s. %s", row.ID, which, ending(first.Verdict, which == names[0]), matrix.Gist(first.Reason), nextTrials(row, first)),
	}
}

// nextTrials says what to do about a cell whose trials did not answer its question.
func nextTrials(row *matrix.RowResult, cell matrix.Cell) string {
	reason := cell.Reason
	if strings.Contains(reason, "without running any code of ") {
		return "The test or the program must call the module"
	}
	if _, complaint, ok := strings.Cut(reason, " "+matrix.Unbuilt+": "); ok {
		return nextBuild(row, complaint)
	}
	if strings.HasPrefix(reason, matrix.ReproductionFailed) {
		return "Run again when that is fixed; what is already known is kept"
	}
	todo := "Run it again with " + again(row)
	if cell.Verdict == matrix.VerdictError {
		todo = "If the reproduction is to blame, mend it. If it was chance, run it again with " + again(row)
	}
	switch {
	case strings.Contains(reason, "not in a call of "):
	case strings.Contains(reason, "nothing was reported for "):
		todo += ". If that hang is the defect, say so: `hang: defect` in matrix.yaml, or --hang of try"
	case strings.Contains(reason, ": panic: "):
		todo += ". If that panic is the defect, say so: `panic: defect` in matrix.yaml"
	}
	return todo
}

// ending says how one scenario or several ended in a verdict that is undecided.
func ending(v matrix.Verdict, one bool) string {
	switch {
	case v == matrix.VerdictError:
		return "ended in an error"
	case one:
		return "was " + matrix.NotShown
	default:
		return "were " + matrix.NotShown
	}
}

// again returns the flags of `matrixrun run` that repeat one row.
func again(row *matrix.RowResult) string {
	flags := []string{row.Source.Flags()}
	for _, name := range row.PatchNames() {
		flags = append(flags, "--patch "+name)
	}
	if row.Server != "" {
		flags = append(flags, "--server-version "+row.Server)
	}
	return strings.Join(append(flags, "--fresh"), " ")
}

// absent returns a finding with the scenarios that a row has no cell for, if there
// are any.
func absent(row *matrix.RowResult, scenarios []matrix.Scenario) []matrix.Finding {
	var names []string
	for _, s := range scenarios {
		if _, ok := row.Cell(s.Name); !ok {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	verb := "was"
	if len(names) > 1 {
		verb = "were"
	}
	return []matrix.Finding{{
		Row: row.ID, Scenarios: names,
		Text: fmt.Sprintf("%s: %s %s not run. Run again; what is already known is kept", row.ID, text.List(names), verb),
	}}
}

package grid

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// rebuild makes the rows of sketch whose IDs name a toolchain those of further toolchains.
func rebuild(lines ...string) []matrix.RowResult {
	rows := sketch(lines...)
	for i := range rows {
		if version, toolchain, ok := (matrix.RowID{Version: rows[i].Source.Version}).Toolchain(); ok {
			rows[i].Source.Kind, rows[i].Source.Version, rows[i].Source.Toolchain = matrix.SourceToolchain, version, toolchain
			rows[i].Toolchain = toolchain
		}
	}
	return rows
}

// TestToolchainAnswers checks that a release whose verdict depends on the toolchain is said to,
// that no range claims it without a word, and that no sentence is made of what is unknown.
func TestToolchainAnswers(t *testing.T) {
	const depends = "; in v0.2.0, the toolchain decides"
	ranges := func(end string) string {
		return "drop-a and drop-b leak in v0.1.0, clean from v0.2.0" + end
	}
	retry := "retry works in all 3 releases, v0.1.0 - v0.3.0"
	tests := []struct {
		name  string
		extra []string // next to v0.1.0 ·L LL· and v0.2.0 ·L ···
		want  []string
	}{
		{"none", nil, []string{ranges(""), retry}},
		{"the same", []string{"v0.1.0@go1.21.13 ·L LL·", "v0.2.0@go1.21.13 ·L ···"},
			[]string{ranges(""), retry, "with go1.21.13, all verdicts on v0.1.0 and v0.2.0 are the same as with go1.26.0"}},
		{"a leak", []string{"v0.2.0@go1.9.7 ·L LL·", "v0.2.0@go1.21.13 ·L LL·"},
			[]string{ranges(depends), retry, "v0.2.0: drop-a and drop-b leak with go1.9.7 and go1.21.13, clean with go1.26.0"}},
		{"a leak at times, of one of two", []string{"v0.2.0@go1.21.13 ·L ~··"},
			[]string{"drop-a leaks in v0.1.0, clean from v0.2.0" + depends, "drop-b leaks in v0.1.0, clean from v0.2.0", retry,
				"v0.2.0: drop-a is flaky with go1.21.13, clean with go1.26.0"}},
		{"a workaround", []string{"v0.1.0@go1.21.13 ·L LLL"},
			[]string{ranges(""), retry + "; in v0.1.0, the toolchain decides", "v0.1.0: retry does not work with go1.21.13, works with go1.26.0"}},
		{"only one of them leaks always", []string{"v0.1.0@go1.21.13 ·L ~L·"},
			[]string{ranges(""), retry, "v0.1.0: drop-a leaks with go1.26.0, flaky with go1.21.13"}},
		{"nothing known", []string{"v0.2.0@go1.21.13 ·L ?··"},
			[]string{ranges(""), retry, "v0.2.0: drop-a is clean with go1.26.0, not known with go1.21.13"}},
		{"not built", []string{"v0.2.0@go1.21.13 !build-failed"}, []string{ranges(""), retry}},
		{"invariants are no answer", []string{"v0.2.0@go1.21.13 LL ···"}, []string{ranges(""), retry}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rows := rebuild(append([]string{"v0.1.0 ·L LL·", "v0.2.0 ·L ···", "v0.3.0 ·L ···"}, test.extra...)...)
			g := New(&matrix.Results{Words: leaky, Scenarios: columns, Rows: rows})
			if diff := cmp.Diff(test.want, g.Answers); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			for _, in := range g.Intervals {
				for _, r := range in.Ranges {
					if strings.Contains(fmt.Sprint(r), "@") {
						t.Errorf("an interval has the row of a toolchain: %v", r)
					}
				}
			}
		})
	}
}

// TestToolchainUnbuildable tells a release that a toolchain cannot compile, which is an answer,
// from a reproduction that it cannot.
func TestToolchainUnbuildable(t *testing.T) {
	for reason, answer := range map[string]bool{
		matrix.NeedsGo(true, "1.24", "go1.21.13"):                                                                                    true,
		matrix.NeedsGo(false, "1.24", "go1.21.13"):                                                                                   false,
		"# example.com/lib\n../target/lib.go:5:2: undefined: slices":                                                                 true,
		"# example.com/repro\n./main.go:5:2: undefined: lib.New":                                                                     false,
		"# x\n../target/lib.go:5:2: undefined: y\n# repro\nmain.go:5:2: undefined: z":                                                false,
		"missing go.sum entry for module providing package x":                                                                        false,
		"../target/lib.go:5:2: undefined: dep.New\nexample.com/lib v0.1.0 requires example.com/dep v1.2.0, and the build has v1.1.0": false,
		"../target/lib.go:4:2: no required module provides package example.com/dep; to add it:\n\tgo get example.com/dep":            false,
	} {
		rows := rebuild("v0.1.0 ·L ···", "v0.1.0@go1.21.13 !build-failed", "v0.1.0@go1.21.13+fix !build-failed")
		rows[1].Reason, rows[2].Reason = reason, reason
		g := New(&matrix.Results{Words: leaky, Scenarios: columns, Rows: rows})
		said := slices.Contains(g.Answers, "v0.1.0 and v0.1.0+fix cannot be built with go1.21.13")
		if slices.ContainsFunc(g.Answers, func(s string) bool { return strings.Contains(s, "judged") }) && answer {
			t.Errorf("%s: the answers are %q", reason, g.Answers)
		}
		if said != answer || (g.Exit() == matrix.ExitUnknown) == answer {
			t.Errorf("%s: the answers are %q, and the exit status %d", reason, g.Answers, g.Exit())
		}
		if len(g.Differences) > 0 {
			t.Errorf("%s: the patch is blamed: %v", reason, g.Differences)
		}
	}
}

// TestToolchainNotToBlame checks that a release which does not compile with the usual toolchain
// either is not said to be one that a further toolchain cannot build.
func TestToolchainNotToBlame(t *testing.T) {
	rows := rebuild("v0.1.0 !build-failed", "v0.1.0@go1.21.13 !build-failed", "v0.2.0 ·L ···")
	for i := range rows[:2] {
		rows[i].Reason = "../target/lib.go:5:2: undefined: slices"
	}
	g := New(&matrix.Results{Words: leaky, Scenarios: columns, Rows: rows})
	if slices.ContainsFunc(g.Answers, func(s string) bool { return strings.Contains(s, "cannot be built") }) || len(g.Unknown) != 2 {
		t.Errorf("the answers are %q, and not known is %+v", g.Answers, g.Unknown)
	}
}

// TestToolchainAdvice checks that no advice calls a release safe or affected that is so with one
// toolchain only, and that there is advice for each that was tried.
func TestToolchainAdvice(t *testing.T) {
	rows := rebuild("v0.1.0 ·L LL·", "v0.1.0+fix ·L ···", "v0.2.0 ·L ··L", "v0.2.0@go1.21.13 ·L L··", "v0.3.0 ·L ···")
	rows[1].Effect = matrix.EffectFixes
	g := New(&matrix.Results{Words: leaky, Scenarios: columns, Rows: rows})
	byID := func(id string) *matrix.GridRow { return g.Row(id) }
	const depends = "; the rest depends on the toolchain: drop-a leaks with go1.21.13, clean with go1.26.0; retry does not work with go1.26.0, works with go1.21.13"
	careful := byID("v0.2.0")
	if a := careful.Advice; a.Affected || !slices.Equal(a.Clean, []string{"drop-b"}) || !slices.Equal(a.Unknown, []string{"drop-a"}) || len(a.Works)+len(a.Fails) > 0 || !strings.HasSuffix(a.Gist, depends) {
		t.Errorf("without a toolchain, it is %+v", a)
	}
	if a := careful.AsBuilt; a == nil || a.Affected || len(a.Clean) != 2 || !slices.Equal(a.Fails, []string{"retry"}) || strings.Contains(a.Gist, "depends") {
		t.Errorf("with the usual toolchain, it is %+v", a)
	}
	built := byID("v0.2.0@go1.21.13")
	if a := built.Advice; !a.Affected || !slices.Equal(a.Leaks, []string{"drop-a"}) || a.Upgrade != nil || built.AsBuilt != nil {
		t.Errorf("with the further toolchain, it is %+v", a)
	}
	// v0.2.0 leaks less than v0.1.0 with one of the toolchains only.
	if up := byID("v0.1.0").Advice.Upgrade; up == nil || up.Row != "v0.3.0" {
		t.Errorf("the upgrade from v0.1.0 is %+v", up)
	}
	for _, c := range careful.Cells {
		want := map[string]string{"drop-a": "leak with go1.21.13", "retry": "clean with go1.21.13"}[c.Scenario]
		if c.Otherwise != want || want != "" && !slices.ContainsFunc(c.Notes, func(i int) bool { return g.Footnotes[i] == want }) {
			t.Errorf("%s: otherwise %q, footnotes %v of %q", c.Scenario, c.Otherwise, c.Notes, g.Footnotes)
		}
	}
}

// TestToolchainOfTable checks that the table has the toolchain of its newest release, whatever
// further ones are newer.
func TestToolchainOfTable(t *testing.T) {
	g := New(&matrix.Results{Words: leaky, Scenarios: columns, Rows: rebuild("v0.1.0 ·L ···", "v0.1.0@go1.27.1 ·L ···")})
	if g.Toolchain != "go1.26.0" {
		t.Errorf("it is %s", g.Toolchain)
	}
	for _, row := range g.Rows {
		if len(row.Notes) > 0 {
			t.Errorf("%s has the footnotes %v of %q: its name says which toolchain it has", row.ID, row.Notes, g.Footnotes)
		}
	}
}

// TestToolchainPublished checks that a release is no evidence against an advisory if only one
// toolchain makes it so.
func TestToolchainPublished(t *testing.T) {
	r := &matrix.Results{Words: leaky, Scenarios: columns, Rows: rebuild("v0.1.0 ·L LL·", "v0.2.0 ·L ···", "v0.2.0@go1.21.13 ·L L··")}
	for i := range r.Rows {
		r.Rows[i].Source.Module = "example.com/lib"
	}
	r.Advisories = []matrix.Claim{{Scenarios: []string{"drop-a"}, Advisory: matrix.Advisory{ID: "GO-1", Affected: []matrix.AffectedModule{{
		Module: "example.com/lib", Ranges: []matrix.AffectedRange{{Introduced: "0", Fixed: "v0.3.0"}},
	}}}}}
	if g := New(r); len(g.Published) != 1 || g.Published[0].Tried != 1 || len(g.Published[0].Modules) > 0 {
		t.Errorf("got %+v", g.Published)
	}
	r.Advisories[0].Affected[0].Ranges[0] = matrix.AffectedRange{Introduced: "v0.2.0"}
	want := "leaks in v0.1.0, clean in v0.2.0; in v0.2.0, the toolchain decides"
	if g := New(r); len(g.Published) != 1 || len(g.Published[0].Modules) != 1 || g.Published[0].Modules[0].Measured != want || len(g.Published[0].Modules[0].Wrong) != 1 {
		t.Errorf("got %+v, want it measured that it %s, and v0.1.0 wrong", g.Published, want)
	}
}

// TestToolchainFamilies checks that no family is clean in a release of which the toolchain
// decides.
func TestToolchainFamilies(t *testing.T) {
	g := New(&matrix.Results{Words: leaky, Scenarios: columns, Families: both[:1], Rows: rebuild("v0.1.0 ·L LL·", "v0.2.0 ·L ···", "v0.2.0@go1.21.13 ·L L··", "v0.3.0 ·L ···")})
	want := []matrix.Range{
		{Verdict: "leak", From: "v0.1.0", To: "v0.1.0", Rows: 1}, {Verdict: "ok", From: "v0.2.0", To: "v0.2.0", Rows: 1}, {Verdict: "clean", From: "v0.3.0", To: "v0.3.0", Rows: 1},
	}
	if diff := cmp.Diff(want, g.Families[0].Ranges); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

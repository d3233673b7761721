package grid

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// groups are the probes of columns in families, and a family that has more than those.
var groups = []matrix.Family{
	{Name: "drop", Title: "you drop a thing", Scenarios: []string{"drop-a"}},
	{Name: "more", Title: "you drop more", Scenarios: []string{"drop-b"}},
}

// both is all probes of columns in one family.
var both = []matrix.Family{{Name: "drop", Title: "you drop things", Scenarios: []string{"drop-a", "drop-b"}}}

// familyTests are rows in families, with the answer and the gist of the last row.
var familyTests = []struct {
	name     string
	families []matrix.Family
	rows     []matrix.RowResult
	want     []string
	gist     string
}{
	{"a family each", groups, sketch("v0.1.0 ·L LC·", "v0.2.0 ·L ·C·", "v0.3.0 ·L ·F·"), []string{
		"you drop a thing: leaks in v0.1.0, clean from v0.2.0",
		"you drop more: leaks in v0.1.0 - v0.2.0 (2 releases), flaky in v0.3.0; the leak can kill the connection",
		"retry works in all 3 releases, v0.1.0 - v0.3.0",
	}, "v0.3.0 leaks in 1 of 2 ways (more), and 1 of them can kill the connection"},
	{"they differ", both, sketch("v0.1.0 ·L LLL", "v0.2.0 ·L L··", "v0.3.0 ·L ···"), []string{
		"you drop things: leaks in v0.1.0 - v0.2.0 (2 releases), clean in v0.3.0; its scenarios differ",
		"1 workaround is not shown to work in every release",
	}, "v0.3.0 is clean: the only way does not leak"},
	{"not known", both, sketch("v0.1.0 ·L ·?·", "v0.2.0 !build-failed", "v0.3.0 ·L ?··"), []string{
		"you drop things: not known for v0.1.0 and v0.3.0: not shown, v0.2.0: build-failed; its scenarios differ",
		"1 workaround is not shown to work in every release",
	}, "v0.3.0 is clean as far as it was tried; nothing is known about the rest"},
	{"one not known", groups, sketch("v0.1.0 ·L ·?·"), []string{
		"you drop a thing: clean in v0.1.0",
		"you drop more: not shown for v0.1.0",
		"retry works in v0.1.0",
	}, "v0.1.0 is clean in 1 of 2 ways; nothing is known about the rest"},
	{"some not tried", []matrix.Family{{Name: "drop", Title: "you drop things", Scenarios: []string{"drop-a", "drop-z", "drop-b"}}, {Name: "z", Scenarios: []string{"drop-y"}}},
		sketch("v0.1.0 ·L L·_", "v0.2.0 ·L ··_"), []string{
			"you drop things (only drop-a and drop-b were tried): leaks in v0.1.0, clean in v0.2.0; its scenarios differ",
			"1 workaround is not shown to work in every release",
		}, "v0.2.0 is clean as far as it was tried; nothing is known about the rest"},
	{"one kind of patch", groups, sketch("v0.1.0 ·L LL·", "v0.1.0+fix ·L ···", "v0.2.0 ·L ···"), []string{
		"you drop a thing: leaks in v0.1.0, clean in v0.2.0",
		"you drop more: leaks in v0.1.0, clean in v0.2.0",
		"retry works in both releases, v0.1.0 and v0.2.0",
		"fix could not be judged in v0.1.0; with it, nothing leaks",
	}, "v0.2.0 is clean: none of the 2 ways leaks"},
	{"several", groups, sketch("v0.1.0 ·L LL·", "v0.1.0+fix ·L ··?", "v0.2.0 ·L L··", "v0.2.0+mend ·L ···", "v0.3.0 ·L L··", "v0.3.0+fix+mend ·L L··"), []string{
		"you drop a thing: leaks in all 3 releases, v0.1.0 - v0.3.0",
		"you drop more: leaks in v0.1.0, clean from v0.2.0",
		"retry works in all 3 releases, v0.1.0 - v0.3.0",
		"with its patches, nothing leaks in 2 of 3 releases; in 1, not all is known",
		"fix + mend could not be judged in v0.3.0",
		"with fix + mend, drop-a leaks in v0.3.0",
		"with fix + mend, drop-b is clean in v0.3.0",
		"with fix + mend, retry works in v0.3.0",
	}, "v0.3.0+fix+mend leaks in 1 of 2 ways (drop)"},
}

// TestFamilyAnswers checks the answers by family, that the details are what the answers
// would be without families, and how a row fares.
func TestFamilyAnswers(t *testing.T) {
	for _, test := range familyTests {
		results := &matrix.Results{Words: leaky, Scenarios: columns, Families: test.families, Rows: test.rows}
		g := New(results)
		if diff := cmp.Diff(test.want, g.Answers); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		results.Families = nil
		if diff := cmp.Diff(New(results).Answers, g.Details); diff != "" {
			t.Errorf("%s: details (-without families +got):\n%s", test.name, diff)
		}
		if got := g.Rows[len(g.Rows)-1].Advice.Gist; got != test.gist {
			t.Errorf("%s: the gist is %q, want %q", test.name, got, test.gist)
		}
	}
}

// TestFamilies checks how families go over releases, and that a family none of whose
// probes was run is left out.
func TestFamilies(t *testing.T) {
	results := &matrix.Results{Words: leaky, Scenarios: columns, Rows: sketch("v0.1.0 ·L LL·", "v0.2.0 ·L ·L·", "v0.2.0+fix ·L ···", "v0.3.0 !build-failed"),
		Families: append(both[:1:1], matrix.Family{Name: "z", Scenarios: []string{"drop-z"}}, matrix.Family{Name: "half", Scenarios: []string{"drop-a", "drop-z"}})}
	want := []matrix.GridFamily{
		{Family: both[0], Tried: []string{"drop-a", "drop-b"}, Ranges: []matrix.Range{
			{Verdict: "leak", From: "v0.1.0", To: "v0.2.0", Rows: 2}, {Verdict: "build-failed", From: "v0.3.0", To: "v0.3.0", Rows: 1}}},
		{Family: results.Families[2], Tried: []string{"drop-a"}, Ranges: []matrix.Range{
			{Verdict: "leak", From: "v0.1.0", To: "v0.1.0", Rows: 1}, {Verdict: "ok", From: "v0.2.0", To: "v0.2.0", Rows: 1},
			{Verdict: "build-failed", From: "v0.3.0", To: "v0.3.0", Rows: 1}}},
	}
	if diff := cmp.Diff(want, New(results).Families); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestAdviceInFamilies checks that advice names the families that a remedy cures and leaves,
// and the probes of a family in which it does both.
func TestAdviceInFamilies(t *testing.T) {
	rows := sketch("v0.1.0 ·L LL·", "v0.2.0 ·L L··")
	for want, families := range map[string][]matrix.Family{
		"it cures more, leaves drop":     groups,
		"it cures drop-b, leaves drop-a": both,
	} {
		g := New(&matrix.Results{Words: leaky, Suite: "demo", Target: "example.com/lib", Scenarios: columns, Rows: rows, Families: families})
		if got := g.Row("v0.1.0").Advice.Do; !slices.Contains(got, "upgrade to v0.2.0: `go get example.com/lib@v0.2.0`; "+want) {
			t.Errorf("the advice is %q, want %q", got, want)
		}
	}
}

// TestColumnsByFamily checks that the probes of a family are next to each other in a table,
// with their cells, and that what is no probe stays where it is.
func TestColumnsByFamily(t *testing.T) {
	r := &matrix.Results{Scenarios: columns, Rows: sketch("v0.1.0 ·L LC·")}
	r.Families = []matrix.Family{{Name: "more", Scenarios: []string{"drop-b"}}, {Name: "drop", Scenarios: []string{"drop-a"}}}
	g := New(r)
	var names, cells []string
	for i, s := range g.Columns {
		names, cells = append(names, s.Name), append(cells, g.Rows[0].Cells[i].Scenario)
	}
	want := []string{columns[0].Name, columns[1].Name, "drop-b", "drop-a", columns[4].Name}
	if !slices.Equal(names, want) || !slices.Equal(cells, want) {
		t.Errorf("columns %v with cells of %v, want %v", names, cells, want)
	}
}

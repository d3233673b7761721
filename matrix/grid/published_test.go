package grid

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// claimed returns results of the rows of two module paths, with an advisory on drop-a.
func claimed(untried []string, ranges []matrix.AffectedRange, lines ...string) *matrix.Results {
	r := &matrix.Results{Words: leaky, Target: "example.com/lib", Scenarios: columns, Rows: sketch(lines...), Untried: untried, Advisories: []matrix.Claim{
		{Scenarios: []string{"drop-a"}, Releases: "< 9", Advisory: matrix.Advisory{ID: "GO-1", Affected: []matrix.AffectedModule{
			{Module: "example.com/lib", Ranges: ranges}, {Module: "example.com/none", Versions: []string{"v1.0.0"}},
		}}},
	}}
	for i := range r.Rows {
		s := &r.Rows[i].Source
		if s.Module = "example.com/lib"; matrix.CompareVersions(s.Version, "v0.2.0") < 0 {
			s.Module = "example.com/old"
		}
	}
	return r
}

func TestPublished(t *testing.T) {
	r := claimed([]string{"v0.9.0"}, []matrix.AffectedRange{{Introduced: "0", Fixed: "v0.4.0"}, {Introduced: "v0.6.0-rc.1", Fixed: "v0.6.2"}},
		"v0.1.0 ··L··", "v0.2.0 ··L··", "v0.3.0 ··~··", "v0.3.0+fix ·····", "v0.4.0 ··L··", "v0.5.0 ·····", "v0.5.1 ··?··", "v0.6.0 ··L··", "v0.7.0 ·····", "v0.8.0 !build-failed", "v9.0.0 ··L··")
	want := []matrix.Published{{
		ID: "GO-1", Scenarios: []string{"drop-a"}, Tried: 7, Text: "GO-1 and drop-a disagree in 2 of the 7 releases that were answered (2 others were not)",
		Cautions: []string{"v0.1.0 is the oldest release that was tried, and older ones may be affected too"},
		Modules: []matrix.PublishedModule{
			{Module: "example.com/lib", Claimed: "before v0.4.0 and from v0.6.0-rc.1, before v0.6.2", Wrong: []string{"v0.4.0 (leak, 10 of 10 trials)"},
				Measured: "leaks in v0.2.0, v0.4.0 and v0.6.0, flaky in v0.3.0, clean in v0.5.0 and v0.7.0; not known for v0.5.1: not shown, v0.8.0: build-failed"},
			{Module: "example.com/old", Claimed: "not affected", Measured: "leaks in v0.1.0", Wrong: []string{"v0.1.0 (leak, 10 of 10 trials)"}},
		},
		Corrected: []matrix.CorrectedModule{
			{VulnerableAt: "v0.6.0", AffectedModule: matrix.AffectedModule{Module: "example.com/lib", Ranges: []matrix.AffectedRange{
				{Introduced: "0", Fixed: "v0.5.0"}, {Introduced: "v0.6.0-rc.1", Fixed: "v0.6.2"}}}},
			{AffectedModule: matrix.AffectedModule{Module: "example.com/none", Versions: []string{"v1.0.0"}}},
			{VulnerableAt: "v0.1.0", AffectedModule: matrix.AffectedModule{Module: "example.com/old", Ranges: []matrix.AffectedRange{{Introduced: "v0.1.0"}}}},
		},
	}}
	if diff := cmp.Diff(want, New(r).Published); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestPublishedAlike checks advisories that are right, that are about nothing that is
// known, and that cannot be corrected.
func TestPublishedAlike(t *testing.T) {
	start := []matrix.AffectedRange{{Introduced: "0", Fixed: "v0.4.0"}}
	got := New(claimed(nil, start, "v0.2.0 ··L··", "v0.3.0 ··?··", "v0.4.0 ·····")).Published
	want := []matrix.Published{{ID: "GO-1", Scenarios: []string{"drop-a"}, Tried: 2, Text: "GO-1 and drop-a agree in the 2 releases that were answered (1 other was not)"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	got = New(claimed(nil, start, "v0.2.0 ··L··", "v0.3.0 ··?··", "v0.4.0 ··L··", "v0.5.0 ·····")).Published
	if diff := cmp.Diff([]string{"nothing is known of v0.3.0, which it calls affected"}, got[0].Cautions); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := New(claimed(nil, start, "v0.2.0 ··?··", "v0.3.0 !build-failed")).Published; got != nil {
		t.Errorf("nothing is known: %v", got)
	}
	got = New(claimed([]string{"v0.3.1"}, start, "v0.2.0 ·····", "v0.3.0 ·····", "v0.5.0 ··L··", "v0.5.1 ··?··", "v0.6.0 ·····")).Published
	if diff := cmp.Diff([]string{"example.com/lib: introduced after v0.3.0, and not later than in v0.5.0", "example.com/lib: fixed after v0.5.0, and not later than in v0.6.0"}, got[0].Unsettled); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got[0].Corrected != nil {
		t.Errorf("corrected without knowing where: %v", got[0].Corrected)
	}
}

// TestPublishedUnshown checks that an advisory is neither confirmed nor corrected by releases
// that cannot do that.
func TestPublishedUnshown(t *testing.T) {
	fixed := []matrix.AffectedRange{{Introduced: "0", Fixed: "v0.2.0"}}
	for _, c := range []struct {
		planted bool
		lines   []string
		want    string
	}{
		{true, []string{"v0.3.0 ·····", "v0.4.0 ·····"}, "agree in the 2 releases that were tried, none of which GO-1 calls affected"},
		{false, []string{"v0.3.0 ·····"}, "agree in the 1 release that was tried, none of which GO-1 calls affected, but drop-a leaks in no row, so that nothing shows that it would see the defect: run a release that has it too"},
		{false, []string{"v0.3.0 ··L··", "v0.4.0 ··L··"}, "disagree in 2 of the 2 releases that were tried, but drop-a is clean in no row, so that the reason may be the reproduction: run a release without the defect too"},
	} {
		r := claimed(nil, fixed, c.lines...)
		if !c.planted {
			r.Scenarios = append(slices.Clone(columns[:1]), columns[2:]...)
		}
		p := New(r).Published[0]
		if want := "GO-1 and drop-a " + c.want; p.Text != want {
			t.Errorf("%q\nwant %q", p.Text, want)
		}
		if p.Corrected != nil {
			t.Errorf("%s: corrected to %v", p.Text, p.Corrected)
		}
	}
}

// TestCorrections checks that what corrects an advisory is right about every release with
// a known verdict, and that there is a correction if, and only if, the advisory is wrong.
func TestCorrections(t *testing.T) {
	symbols := []string{"L", "·", "~", "?"}
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for i, symbol := range rapid.SliceOfN(rapid.SampledFrom(symbols), 1, 9).Draw(t, "verdicts") {
			lines = append(lines, fmt.Sprintf("v0.%d.0 ··%s··", i, symbol))
		}
		var ranges []matrix.AffectedRange
		at := 0
		version := func() string { at += rapid.IntRange(1, 3).Draw(t, "minor"); return fmt.Sprintf("v0.%d.0", at-1) }
		for range rapid.IntRange(0, 3).Draw(t, "ranges") {
			ranges = append(ranges, matrix.AffectedRange{Introduced: version(), Fixed: version()})
		}
		r := claimed(nil, ranges, lines...)
		for _, p := range New(r).Published {
			if len(p.Modules) == 0 != (len(p.Corrected) == 0 && len(p.Unsettled) == 0) {
				t.Fatalf("a correction of what is right, or none of what is wrong: %+v", p)
			}
			if len(p.Corrected) == 0 {
				continue
			}
			corrected := matrix.Advisory{}
			for _, m := range p.Corrected {
				corrected.Affected = append(corrected.Affected, m.AffectedModule)
			}
			for i := range r.Rows {
				cell, _ := r.Rows[i].Cell("drop-a")
				s := r.Rows[i].Source
				if cell.Verdict.Known() && faint(r.Rows, i, cell) == "" && cell.Verdict.Leaks() != corrected.Affects(s.Module, s.Version) {
					t.Fatalf("%s@%s is %s: %+v", s.Module, s.Version, cell.Verdict, p)
				}
			}
		}
	})
}

// TestPublishedTogether checks that scenarios of an advisory that come out alike are said
// together, and others are not.
func TestPublishedTogether(t *testing.T) {
	start := []matrix.AffectedRange{{Introduced: "0", Fixed: "v0.4.0"}}
	for rows, want := range map[string][]string{
		"LL": {"GO-1, drop-a and drop-b agree in the 2 releases that were tried"},
		"L·": {"GO-1 and drop-a agree in the 2 releases that were tried", "GO-1 and drop-b disagree in 1 of the 2 releases that were tried"},
	} {
		r := claimed(nil, start, "v0.2.0 ··"+rows+"·", "v0.4.0 ·····")
		r.Advisories[0].Scenarios = []string{"drop-a", "drop-b"}
		var got []string
		for _, p := range New(r).Published {
			sentence, _, _ := strings.Cut(p.Text, ", but ")
			got = append(got, sentence)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", rows, diff)
		}
	}
}

// TestPublishedUnasked checks that a table says so if all releases that an advisory calls affected
// are unsupported, and nothing else if some was answered, or if something else is not known.
func TestPublishedUnasked(t *testing.T) {
	start := []matrix.AffectedRange{{Introduced: "0", Fixed: "v0.4.0"}}
	for lines, want := range map[string][]string{
		"v0.2.0 ··-··, v0.3.0 ··-··, v0.4.0 ·····": {"v0.2.0: drop-a was asked in no release that GO-1 calls affected: it is unsupported in v0.2.0 and v0.3.0. Try releases in which it is supported"},
		"v0.2.0 ··-··, v0.3.0 ··L··, v0.4.0 ·····": nil,
		"v0.4.0 ·····, v0.5.0 ·····":               nil,
		"v0.2.0 ··-L·, v0.3.0 ··-··":               {"v0.2.0: drop-a was asked in no release that GO-1 calls affected: it is unsupported in v0.2.0 and v0.3.0. Try releases in which it is supported"},
		"v0.2.0 --- --":                            {"nothing was found out about any release: all is unsupported, such as v0.2.0/drop-a: there is no adapter. Try releases or scenarios that are supported"},
		"v0.2.0 ··?··, v0.4.0 ·····":               {"v0.2.0: drop-a was not shown: nothing was proven. Run it again with --only v0.2.0 --fresh"},
	} {
		var got []string
		for _, f := range New(claimed(nil, start, strings.Split(lines, ", ")...)).Unknown {
			got = append(got, f.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", lines, diff)
		}
	}
}

// TestWavering doubts a scenario that goes back and forth with few trials of each release, unless
// that is so only by version: lines of maintenance are fixed at one time.
func TestWavering(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2024, 1, n, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		verdicts string
		days     []int
		trials   int
		want     string
	}{
		{"L·L··", []int{1, 2, 3, 4, 5}, 1, "drop-a changes 3 times between leak and clean, with 1 trial of a release, so that it may be chance: take more with --trials 20"},
		{"L·L··", []int{1, 2, 3, 4, 5}, 6, ""},
		{"L·L··", []int{1, 3, 2, 4, 5}, 1, ""}, // fixed in two lines
		{"LL···", []int{1, 2, 3, 4, 5}, 1, ""},
	} {
		var lines []string
		for i, symbol := range []rune(c.verdicts) {
			lines = append(lines, fmt.Sprintf("v0.%d.0 ··%c··", i, symbol))
		}
		r := claimed(nil, []matrix.AffectedRange{{Introduced: "v0.2.0", Fixed: "v0.4.0"}}, lines...)
		for i := range r.Rows {
			r.Rows[i].Source.Time, r.Rows[i].Source.Kind = day(c.days[i]), matrix.SourceRelease
			for k := range r.Rows[i].Cells {
				if cell := &r.Rows[i].Cells[k]; cell.Trials > 0 {
					cell.Trials, cell.Leaks = c.trials, min(cell.Leaks, c.trials)
				}
			}
		}
		g := New(r)
		if got := g.Doubts["drop-a"]; got != c.want {
			t.Errorf("%s: %q, want %q", c.verdicts, got, c.want)
		}
		if doubted := strings.Contains(g.Published[0].Text, "may be chance"); doubted != (c.want != "") || doubted && g.Published[0].Corrected != nil {
			t.Errorf("%s: %+v", c.verdicts, g.Published[0])
		}
	}
}

// TestPublishedUntested checks that a table which agrees with an advisory says which of its ranges
// and bounds no release was tried for.
func TestPublishedUntested(t *testing.T) {
	for _, c := range []struct {
		untried []string
		ranges  []matrix.AffectedRange
		want    string
	}{
		{nil, []matrix.AffectedRange{{Introduced: "0", Fixed: "v0.4.0"}}, ""},
		{[]string{"v0.5.0"}, []matrix.AffectedRange{{Introduced: "0", Fixed: "v0.4.0"}}, ""},
		{[]string{"v0.3.1"}, []matrix.AffectedRange{{Introduced: "0", Fixed: "v0.4.0"}}, ", which says nothing of the bound v0.4.0 between v0.3.0 and v0.4.0"},
		{[]string{"v0.5.0", "v0.3.1"}, []matrix.AffectedRange{{Introduced: "0", Fixed: "v0.3.2"}, {Introduced: "v0.5.0", Fixed: "v0.5.1"}},
			", which says nothing of the bound v0.3.2 between v0.3.0 and v0.4.0; the range from v0.5.0, before v0.5.1"},
	} {
		p := New(claimed(c.untried, c.ranges, "v0.2.0 ··L··", "v0.3.0 ··L··", "v0.4.0 ·····", "v0.6.0 ·····")).Published[0]
		if want := "GO-1 and drop-a agree in the 4 releases that were tried" + c.want; p.Text != want {
			t.Errorf("%q\nwant %q", p.Text, want)
		}
	}
}

package grid

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestAdviceOnExpectedUnknown checks that a probe which is expected to stay
// undecided does not count as unknown, in the release and in its patched rows.
func TestAdviceOnExpectedUnknown(t *testing.T) {
	rows := sketch("v0.1.0 ·L ·?·", "v0.1.0+fix ·L ·?·", "v0.1.0+more ·L ·E·")
	rows[0].Cells[3].Expected = matrix.VerdictVacuous
	g := New(&matrix.Results{Words: leaky, Scenarios: columns, Rows: rows})
	for row, want := range map[string]string{
		"v0.1.0": "v0.1.0 is clean: its only probe does not leak", "v0.1.0+fix": "v0.1.0+fix is clean: its only probe does not leak",
		"v0.1.0+more": "v0.1.0+more is clean in 1 of 2 probes; nothing is known about the rest",
	} {
		if got := g.Row(row).Advice; got.Gist != want {
			t.Errorf("got %+v, want %s", got, want)
		}
	}
}

func TestAdvice(t *testing.T) {
	rows := sketch(
		"v0.1.0 ·L LCL", "v0.1.0+fix ·L ·CL", "v0.1.0+more ·L ··L", "v0.1.0+worse !patch-conflict",
		"v0.2.0 ·L L?·", "v0.3.0-rc.1 ·L ···", "v0.3.0 ·L ·L~", "v0.4.0 ·L ~··", "v0.5.0 !build-failed", "v0.6.0 ·L ··_", "v0.7.0 ·L ·?·", "v0.8.0 ·L L_·",
	)
	for i := range rows {
		for k := range rows[i].Cells {
			if c := &rows[i].Cells[k]; c.Verdict == matrix.VerdictClean {
				c.Trials = 200 // so that none may be chance, next to the flaky ones
			}
		}
	}
	tests := []struct {
		row  string
		want matrix.Advice
	}{
		{"v0.1.0", matrix.Advice{
			State: matrix.StateOK, Leaks: []string{"drop-a", "drop-b"}, Kills: []string{"drop-b"}, Fails: []string{"retry"}, Affected: true,
			Upgrade: &matrix.Remedy{Row: "v0.6.0", Patches: []string{}, Cures: []string{"drop-a", "drop-b"}},
			Patched: []matrix.Remedy{
				{Row: "v0.1.0+more", Patches: []string{"more"}, Cures: []string{"drop-a", "drop-b"}},
				{Row: "v0.1.0+fix", Patches: []string{"fix"}, Cures: []string{"drop-a"}, Leaves: []string{"drop-b"}},
			},
			Gist: "v0.1.0 leaks in 2 of 2 probes, and 1 of them can kill the connection",
			Do: []string{
				"upgrade to v0.6.0: `go get example.com/lib@v0.6.0`; with it, nothing leaks",
				"or stay, and build with patches: `matrixrun fork v0.1.0 --patch more -o DIR`; with it, nothing leaks",
				"what does not help: retry",
			},
		}},
		{"v0.1.0+more", matrix.Advice{State: matrix.StateOK, Clean: []string{"drop-a", "drop-b"}, Fails: []string{"retry"},
			Gist: "v0.1.0+more is clean: none of 2 probes leaks", Do: []string{"what does not help: retry"}}},
		{"v0.1.0+worse", matrix.Advice{State: matrix.StatePatchConflict, Gist: "v0.1.0+worse was not tried: patch-conflict",
			Do: []string{"run `matrixrun run demo --only v0.1.0` to find out more"}}},
		{"v0.4.0", matrix.Advice{
			State: matrix.StateOK, Leaks: []string{"drop-a"}, Clean: []string{"drop-b"}, Works: []string{"retry"}, Affected: true,
			Upgrade: &matrix.Remedy{Row: "v0.6.0", Patches: []string{}, Cures: []string{"drop-a"}},
			Gist:    "v0.4.0 leaks in 1 of 2 probes",
			Do: []string{"upgrade to v0.6.0: `go get example.com/lib@v0.6.0`; with it, nothing leaks",
				"workaround for this release: retry"},
		}},
		{"v0.7.0", matrix.Advice{State: matrix.StateOK, Clean: []string{"drop-a"}, Unknown: []string{"drop-b"}, Works: []string{"retry"},
			Gist: "v0.7.0 is clean in 1 of 2 probes; nothing is known about the rest"}},
		{"v0.8.0", matrix.Advice{State: matrix.StateOK, Leaks: []string{"drop-a"}, Unknown: []string{"drop-b"}, Works: []string{"retry"}, Affected: true,
			Gist: "v0.8.0 leaks in 1 of 2 probes; 1 is not known", Do: []string{"no later release leaks less", "workaround for this release: retry"}}},
	}
	g := New(&matrix.Results{Words: leaky, Suite: "demo", Target: "example.com/lib", Scenarios: columns, Rows: rows})
	for _, test := range tests {
		test.want.Row = test.row
		test.want.Version = matrix.ParseRowID(test.row).Version
		if diff := cmp.Diff(test.want, g.Row(test.row).Advice, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", test.row, diff)
		}
	}
	if g.Row("v9.9.9") != nil {
		t.Error("there is a row that the results do not have")
	}
}

// TestAdviceOnPaths checks that the go command gets a release by the path that serves it,
// and that the advice says whether imports change.
func TestAdviceOnPaths(t *testing.T) {
	for name, test := range map[string]struct {
		modules [2]string
		want    string
	}{
		"same":   {[2]string{"example.com/lib/v4", "example.com/lib/v4"}, "upgrade to v0.2.0: `go get example.com/lib/v4@v0.2.0`; with it, nothing leaks"},
		"former": {[2]string{"example.com/old", "example.com/lib"}, "upgrade to v0.2.0: import example.com/lib instead of example.com/old, and `go get example.com/lib@v0.2.0`; with it, nothing leaks"},
	} {
		rows := sketch("v0.1.0 ·L L··", "v0.2.0 ·L ···")
		for i := range rows {
			rows[i].Source.Module = test.modules[i]
		}
		g := New(&matrix.Results{Words: leaky, Target: "example.com/lib", Scenarios: columns, Rows: rows})
		if got := g.Rows[0].Advice.Do; len(got) == 0 || got[0] != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestAround(t *testing.T) {
	g := New(&matrix.Results{Words: leaky, Scenarios: columns, Rows: sketch("v0.1.0 ·L L··", "v0.1.0+fix ·L ···", "v0.3.0 ·L ···")})
	const older, newer = "v0.1.0 leaks in 1 of 2 probes", "v0.3.0 is clean: none of 2 probes leaks"
	for version, want := range map[string]string{
		"v0.0.1": "after it, " + older,
		"v0.2.0": "before it, " + older + "; after it, " + newer,
		"v0.4.0": "before it, " + newer,
	} {
		if got := Around(g, version); got != want {
			t.Errorf("%s: got %q, want %q", version, got, want)
		}
	}
	if got, want := Around(New(&matrix.Results{Words: leaky}), "v0.1.0"), "there is no release in them"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAdviceOnRetracted checks that a retracted release is marked, and that no advice is to
// upgrade to it.
func TestAdviceOnRetracted(t *testing.T) {
	rows := sketch("v0.1.0 ·L L··", "v0.2.0 ·L ···", "v0.3.0 ·L ···")
	rows[1].Source.Retracted = "by v0.3.0: loses data"
	g := New(&matrix.Results{Words: leaky, Target: "example.com/lib", Scenarios: columns, Rows: rows})
	if up := g.Row("v0.1.0").Advice.Upgrade; up == nil || up.Row != "v0.3.0" {
		t.Errorf("upgrade to %+v, want v0.3.0", up)
	}
	if notes := g.Row("v0.2.0").Notes; len(notes) != 1 || g.Footnotes[notes[0]] != "retracted by v0.3.0: loses data" {
		t.Errorf("footnotes %v of %q", notes, g.Footnotes)
	}
}

// TestAdviceOnUnshown checks that a release is not called clean by a probe that never leaks,
// unless a planted scenario shows that a leak would be seen.
func TestAdviceOnUnshown(t *testing.T) {
	r := &matrix.Results{Words: leaky, Scenarios: []matrix.Scenario{{Name: "a", Kind: matrix.KindProbe}}}
	r.Rows = []matrix.RowResult{{
		ID: "v1.0.0", Source: matrix.SourceResult{Version: "v1.0.0"}, State: matrix.StateOK,
		Cells: []matrix.Cell{{Scenario: "a", Verdict: matrix.VerdictClean, Trials: 10}},
	}}
	want := "nothing is known about v1.0.0: a leaks in no row, so that nothing shows that it would see the defect: run a release that has it too"
	if got := New(r).Rows[0].Advice; got.Gist != want || len(got.Clean) > 0 || len(got.Unknown) != 1 {
		t.Errorf("got %+v; want %q", got, want)
	}
	r.Scenarios = append(r.Scenarios, matrix.Scenario{Name: "planted", Kind: matrix.KindPlanted})
	if got := New(r).Rows[0].Advice; len(got.Clean) != 1 {
		t.Errorf("with a planted scenario: %+v", got)
	}
}

// TestFaintAdvice checks that no release is called clean, nor an upgrade offered to it, if that may
// be chance.
func TestFaintAdvice(t *testing.T) {
	rows := sketch("v0.1.0 ··~··", "v0.2.0 ·····")
	for trials, want := range map[int]string{3: "", 200: "v0.2.0"} {
		rows[1].Cells[2].Trials = trials
		g := New(&matrix.Results{Words: leaky, Target: "example.com/lib", Scenarios: columns, Rows: rows})
		upgrade := ""
		if up := g.Rows[0].Advice.Upgrade; up != nil {
			upgrade = up.Row
		}
		if clean := slices.Contains(g.Rows[1].Advice.Clean, "drop-a"); upgrade != want || clean != (want != "") {
			t.Errorf("%d trials: upgrade to %q, %+v", trials, upgrade, g.Rows[1].Advice)
		}
	}
}

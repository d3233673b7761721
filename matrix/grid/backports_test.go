package grid

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// bpScenarios are the scenarios of the tables of patches.
var bpScenarios = []matrix.Scenario{
	{Name: "control", Kind: matrix.KindControl}, {Name: "drop", Kind: matrix.KindProbe},
	{Name: "drop-late", Kind: matrix.KindProbe}, {Name: "wait", Kind: matrix.KindWorkaround},
}

// bpRow returns a row in which the given scenarios leak. If it has patches, they are
// for drop and drop-late.
func bpRow(id string, effect matrix.Effect, leaking ...string) matrix.RowResult {
	made := matrix.ParseRowID(id)
	row := matrix.RowResult{ID: id, State: matrix.StateOK, Binary: "sha256:" + id, Effect: effect, Source: matrix.SourceResult{Version: made.Version}}
	for _, name := range made.Patches {
		row.Patches = append(row.Patches, matrix.Applied{Name: name, Apply: matrix.ApplyExact})
		row.Fixes = []string{"drop", "drop-late"}
	}
	for _, s := range bpScenarios {
		c := matrix.Cell{Scenario: s.Name, Verdict: matrix.VerdictClean, Trials: 10}
		if slices.Contains(leaking, s.Name) {
			c.Verdict = matrix.VerdictLeak
		}
		row.Cells = append(row.Cells, c)
	}
	return row
}

// stopped returns a patched row that was not run.
func stopped(id string, state matrix.State, effect matrix.Effect, reason string) matrix.RowResult {
	row := bpRow(id, effect)
	row.State, row.Reason, row.Binary, row.Cells = state, reason, "", nil
	if state == matrix.StatePatchConflict {
		row.Patches[0].Apply = matrix.ApplyConflict
	}
	return row
}

// tables makes the tables of patches from rows.
func tables(rows ...matrix.RowResult) *matrix.Backports {
	return Backports(&matrix.Results{Words: leaky, Suite: "s", Target: "example.com/lib", Scenarios: bpScenarios, Rows: rows}, nil)
}

// TestBackportBelieved checks that the answers say which trials ran elsewhere.
func TestBackportBelieved(t *testing.T) {
	fixed := bpRow("v1.0.0+a", matrix.EffectFixes)
	fixed.Cells[1].From = "oci://hub.example/team"
	want := []string{
		"a fixes what it is for in v1.0.0",
		"1 of 8 cells rest on trials that ran elsewhere, fetched from oci://hub.example/team",
	}
	if diff := cmp.Diff(want, tables(bpRow("v1.0.0", "", "drop"), fixed).Answers); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestBackportAlready checks that a release is named once, though it has a row for the
// patch alone and one for all patches together.
func TestBackportAlready(t *testing.T) {
	alone, together := bpRow("v1.0.0+a", matrix.EffectNotNeeded), bpRow("v1.0.0+a+b", matrix.EffectNotNeeded)
	for _, row := range []matrix.RowResult{alone, together} {
		row.Patches[0].Apply, row.Patches[0].Why = matrix.ApplyAlready, "the history has the commit"
	}
	b := tables(bpRow("v1.0.0", ""), alone, together)
	if diff := cmp.Diff([]string{"a is in v1.0.0 already: the history has the commit."}, b.Already); diff != "" {
		t.Error(diff)
	}
}

func TestBackportCells(t *testing.T) {
	moved := bpRow("v1.1.0+a", matrix.EffectFixes)
	moved.Patches[0].Apply, moved.Patches[0].Offset = matrix.ApplyOffset, -7
	b := tables(
		bpRow("v1.0.0", "", "drop", "drop-late", "wait"), bpRow("v1.0.0+a", matrix.EffectStillLeaks, "drop-late"),
		bpRow("v1.1.0", "", "drop"), moved,
		bpRow("v1.2.0", ""),
	)
	names, for2 := []string{"a"}, []string{"drop", "drop-late"}
	want := []matrix.BackportRow{
		{Release: "v1.0.0", Cells: []matrix.BackportCell{{ID: "v1.0.0+a", Patches: names, Applies: "exact", Builds: "yes", Asked: true, For: for2,
			Before: []string{"drop", "drop-late"}, After: []string{"drop-late"}, Based: true, Judged: true, Rest: []string{"wait: leak -> clean"},
			Effect: matrix.EffectStillLeaks, Says: "does not fix all that it is for", Short: true}}},
		{Release: "v1.1.0", Cells: []matrix.BackportCell{{ID: "v1.1.0+a", Patches: names, Applies: "offset -7", Builds: "yes", Asked: true, For: for2,
			Before: []string{"drop"}, Based: true, Judged: true, Effect: matrix.EffectFixes, Says: "fixes what it is for"}}},
		{Release: "v1.2.0", Cells: []matrix.BackportCell{{Applies: "not for"}}},
	}
	if diff := cmp.Diff(want, b.Rows); diff != "" {
		t.Error(diff)
	}
	if want := []string{"a fixes what it is for in v1.1.0, does not fix all that it is for in v1.0.0"}; !cmp.Equal(want, b.Answers) {
		t.Errorf("got %q", b.Answers)
	}
	if b.Exit() != matrix.ExitDiffers {
		t.Errorf("exit %d", b.Exit())
	}
}

// TestCuresOfReleases checks that a sentence names once what a patch cures that nobody
// asked to cure anything, though not as many scenarios leak in each release.
func TestCuresOfReleases(t *testing.T) {
	unasked := func(id string, leaking ...string) matrix.RowResult {
		row := bpRow(id, matrix.EffectFixes, leaking...)
		row.Fixes = nil
		return row
	}
	b := tables(
		bpRow("v1.0.0", "", "drop", "drop-late"), unasked("v1.0.0+a", "drop-late"),
		bpRow("v1.1.0", "", "drop"), unasked("v1.1.0+a"),
		bpRow("v1.2.0", "", "drop-late"), unasked("v1.2.0+a"),
	)
	want := []string{"a cures drop (1 of 1 to 2) in v1.0.0 - v1.1.0 (2 releases), cures drop-late (1 of 1) in v1.2.0"}
	if !cmp.Equal(want, b.Answers) {
		t.Errorf("got %q", b.Answers)
	}
}

// TestBackportForks checks that forks are not counted among the releases that a patch
// fixes.
func TestBackportForks(t *testing.T) {
	fork := func(row matrix.RowResult) matrix.RowResult {
		row.Source = matrix.SourceResult{Kind: matrix.SourceModule, Module: "example.com/fork", Version: "v9.0.0", As: "v1.0.0"}
		return row
	}
	b := tables(
		bpRow("v1.0.0", "", "drop"), bpRow("v1.0.0+a", matrix.EffectFixes),
		fork(bpRow("example.com/fork@v9.0.0", "", "drop")), fork(bpRow("example.com/fork@v9.0.0+a", matrix.EffectFixes)), fork(bpRow("example.com/fork@v9.0.0+b", matrix.EffectNotNeeded)),
	)
	want := []string{"a fixes what it is for in v1.0.0", "example.com/fork@v9.0.0+a fixes what it is for", "example.com/fork@v9.0.0+b is not needed"}
	if !cmp.Equal(want, b.Answers) {
		t.Errorf("got %q", b.Answers)
	}
}

// TestShortages checks the report and the next step for every way to fall short.
func TestShortages(t *testing.T) {
	conflict := func(version, line string) matrix.RowResult {
		return stopped(version+"+a", matrix.StatePatchConflict, matrix.EffectConflict,
			"a.patch does not go on "+version+":\nx.go: hunk @@ -1 +1 @@ (a.patch:3): its lines are not in the file\n  the file has:\n  > "+line+"|y")
	}
	tested := bpRow("v1.6.0+a", matrix.EffectFixes)
	tested.Upstream = &matrix.Upstream{Breaks: []matrix.UpstreamTest{{Package: "in", Test: "TestX/y", Output: "no\nway"}, {Package: ".", Test: ""}}}
	foreign := stopped("v1.7.0+a", matrix.StateBuildFailed, matrix.EffectUnbuildable, "no")
	alone := bpRow("v1.7.0", "")
	alone.State, alone.Binary, alone.Cells = matrix.StateBuildFailed, "", nil
	b := tables(
		bpRow("v1.0.0", "", "drop"), conflict("v1.0.0", "11"), bpRow("v1.1.0", "", "drop"), conflict("v1.1.0", "22"),
		bpRow("v1.2.0", ""), conflict("v1.2.0", "33"),
		bpRow("v1.3.0", "", "drop"), stopped("v1.3.0+a", matrix.StateBuildFailed, matrix.EffectUnbuildable, "# lib\nx.go:1: undefined: y"),
		bpRow("v1.4.0", "", "drop"), bpRow("v1.4.0+a", matrix.EffectStillLeaks, "drop"),
		bpRow("v1.5.0", ""), bpRow("v1.5.0+a", matrix.EffectRegresses, "wait"),
		bpRow("v1.6.0", "", "drop"), tested, alone, foreign,
	)
	want := []matrix.Shortage{
		{Rows: []string{"v1.0.0+a", "v1.1.0+a"}, Text: "v1.0.0 - v1.1.0 (2 releases): a does not apply", Detail: conflict("v1.1.0", "22").Reason,
			Next: "write a variant: `Releases: >= 1.0.0, <= 1.1.0` in its header; the nearest release that it applies to unchanged: v1.4.0"},
		{Rows: []string{"v1.2.0+a"}, Text: "v1.2.0: a does not apply", Detail: conflict("v1.2.0", "33").Reason,
			Next: "what it should cure does not leak there without it: leave that out of its range"},
		{Rows: []string{"v1.3.0+a"}, Text: "v1.3.0: a applies (exact) but does not compile", Detail: "# lib\nx.go:1: undefined: y",
			Next: "write a variant: `Releases: = 1.3.0` in its header; the nearest release that it applies to unchanged: v1.4.0; `matrixrun show v1.3.0+a/control -o patched` writes that tree to patched/v1.3.0+a"},
		{Rows: []string{"v1.4.0+a"}, Text: "v1.4.0: with a there are still leaks in drop", Next: "see how: `matrixrun show v1.4.0+a/drop`"},
		{Rows: []string{"v1.5.0+a"}, Text: "v1.5.0: a makes wait worse: clean without it", Next: "see how: `matrixrun show v1.5.0+a/wait`"},
		{Rows: []string{"v1.6.0+a"}, Text: "v1.6.0: a breaks in: TestX/y and the tests of ., which the release ships", Detail: "in: TestX/y:\n  no\n  way",
			Next: "run `go test -run '^TestX$' ./in` in the patched tree; `matrixrun show v1.6.0+a/control -o patched` writes that tree to patched/v1.6.0+a"},
	}
	if diff := cmp.Diff(want, b.Short); diff != "" {
		t.Error(diff)
	}
	if len(b.Unknown) != 1 || b.Unknown[0].Row != "v1.7.0" || b.Exit() != matrix.ExitUnknown {
		t.Errorf("exit %d, not known: %v", b.Exit(), b.Unknown)
	}
}

// TestBackportColumns checks that lists of several patches share a column if there
// are single ones too.
func TestBackportColumns(t *testing.T) {
	rows := []matrix.RowResult{
		bpRow("v1.0.0", "", "drop"), bpRow("v1.0.0+b", matrix.EffectFixes),
		bpRow("v1.1.0", "", "drop"), bpRow("v1.1.0+a", matrix.EffectFixes), bpRow("v1.1.0+b", matrix.EffectFixes), bpRow("v1.1.0+a+b", matrix.EffectFixes),
	}
	var got []string
	for _, c := range tables(rows...).Columns {
		got = append(got, c.Name)
	}
	if want := []string{"a", "b", "all together"}; !cmp.Equal(want, got) {
		t.Errorf("got %q", got)
	}
	series := tables(rows[2], rows[5])
	if len(series.Columns) != 1 || series.Columns[0].Name != "a + b" || series.Exit() != matrix.ExitOK {
		t.Errorf("a series: %+v", series.Columns)
	}
}

func TestUpstreamWord(t *testing.T) {
	one := []matrix.UpstreamTest{{Test: "TestA"}}
	for _, test := range []struct {
		of   *matrix.Upstream
		want string
	}{
		{nil, ""},
		{&matrix.Upstream{Unknown: "no network"}, "not known"},
		{&matrix.Upstream{Notes: []string{".: it has no tests"}}, "none compared"},
		{&matrix.Upstream{Passed: 5}, "same, 5 pass"},
		{&matrix.Upstream{Passed: 5, Fails: one, Flaky: one}, "same, 5 pass, 1 fail either way, 1 flaky"},
		{&matrix.Upstream{Passed: 5, Mends: one}, "mends 1, 5 pass"},
		{&matrix.Upstream{Passed: 5, Mends: one, Breaks: one}, "breaks 1"},
	} {
		if got := upstreamWord(test.of); got != test.want {
			t.Errorf("%+v: got %q, want %q", test.of, got, test.want)
		}
	}
}

// TestBackportUndecided checks that an error with patches is no cure.
func TestBackportUndecided(t *testing.T) {
	failed := bpRow("v1.0.0+a", "")
	for i := range failed.Cells {
		if failed.Cells[i].Scenario == "drop" {
			failed.Cells[i].Verdict, failed.Cells[i].Reason = matrix.VerdictError, "exit status 2"
		}
	}
	b := tables(bpRow("v1.0.0", "", "drop", "drop-late"), failed)
	if c := b.Rows[0].Cells[0]; c.Judged || !c.Based || len(c.Before) != 2 {
		t.Errorf("%+v", c)
	}
	if b.Exit() != matrix.ExitUnknown {
		t.Errorf("exit status %d", b.Exit())
	}
}

// TestBackportIdle checks that patches which change nothing are not known to do what they are for,
// if nobody said what that is.
func TestBackportIdle(t *testing.T) {
	for _, c := range []struct {
		effect matrix.Effect
		fixes  []string
		want   int
	}{
		{matrix.EffectUnmeasured, nil, matrix.ExitUnknown},
		{matrix.EffectFixes, nil, matrix.ExitOK},
		{matrix.EffectStillLeaks, []string{"drop"}, matrix.ExitDiffers},
	} {
		row := bpRow("v1.0.0+a", c.effect, "drop")
		row.Fixes = c.fixes
		if got := tables(bpRow("v1.0.0", "", "drop"), row).Exit(); got != c.want {
			t.Errorf("%s: exit status %d, want %d", c.effect, got, c.want)
		}
	}
}

// TestBackportUnjudged checks that nobody takes for a cure what keeps a scenario from being asked,
// or what may be chance.
func TestBackportUnjudged(t *testing.T) {
	change := func(row matrix.RowResult, change func(c *matrix.Cell)) matrix.RowResult {
		for i := range row.Cells {
			if row.Cells[i].Scenario == "drop" {
				change(&row.Cells[i])
			}
		}
		return row
	}
	flaky := func(c *matrix.Cell) { c.Verdict, c.Leaks, c.Trials = matrix.VerdictFlaky, 2, 6 }
	for name, c := range map[string]struct {
		base, row matrix.RowResult
		want      string
	}{
		"unsupported": {bpRow("v1.0.0", "", "drop"), change(bpRow("v1.0.0+a", ""), func(c *matrix.Cell) { c.Verdict = matrix.VerdictUnsupported }),
			"v1.0.0+a: what the patches do is not known: drop is leak without them, and unsupported with them"},
		"chance": {change(bpRow("v1.0.0", ""), flaky), change(bpRow("v1.0.0+a", matrix.EffectFixes), func(c *matrix.Cell) { c.Trials = 3 }),
			"v1.0.0+a: what the patches do is not known: drop: 0 of 3 trials may be chance, next to 2 of 6 in v1.0.0: take more with --trials"},
		"no chance": {change(bpRow("v1.0.0", ""), flaky), change(bpRow("v1.0.0+a", matrix.EffectFixes), func(c *matrix.Cell) { c.Trials = 30 }), ""},
	} {
		b := tables(c.base, c.row)
		got := ""
		for _, f := range b.Unknown {
			got += f.Text
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

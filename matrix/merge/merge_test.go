package merge

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

var start = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// whole makes the results of a run over some rows: versions, with +NAME for a
// patch. What leaks depends on the row and the scenario.
func whole(ids ...string) *matrix.Results {
	r := &matrix.Results{
		Schema: 1, Suite: "demo", Target: "example.com/lib", Generated: start, Matrixrun: "v1", Lock: "sha256:l", Reproduction: "sha256:r",
		Host:      matrix.Host{GOOS: "linux", GOARCH: "amd64", CPUs: 2},
		Scenarios: []matrix.Scenario{{Name: "control", Kind: matrix.KindControl}, {Name: "wait", Kind: matrix.KindProbe}},
	}
	for i, id := range ids {
		made := matrix.ParseRowID(id)
		row := matrix.RowResult{ID: id, Source: matrix.SourceResult{Version: made.Version}, State: matrix.StateOK}
		for _, patch := range made.Patches {
			row.Patches = append(row.Patches, matrix.Applied{Name: patch})
		}
		for j, s := range r.Scenarios {
			c := matrix.Cell{Scenario: s.Name, Verdict: matrix.VerdictClean, Trials: i}
			if len(made.Version)*j%2 == 1 {
				c.Verdict = matrix.VerdictLeak
			}
			c.Evidence = []string{matrix.EvidencePath(id, s.Name, ".log")}
			row.Cells = append(row.Cells, c)
		}
		r.Rows = append(r.Rows, row)
		if r.Costs == nil {
			r.Costs = make(map[string]matrix.CPU)
		}
		r.Costs[id] = matrix.CPU{Build: float64(i + 1)}
	}
	r.Intervals = matrix.Intervals(r.Rows, r.Scenarios)
	return r
}

// cut makes the shards of a run, each ending before the index that is given.
func cut(r *matrix.Results, mode matrix.EvidenceMode, ends ...int) []Part {
	var plan [][]string
	from := 0
	for _, to := range ends {
		var ids []string
		for _, row := range r.Rows[from:to] {
			ids = append(ids, row.ID)
		}
		plan, from = append(plan, ids), to
	}
	var parts []Part
	from = 0
	for i, to := range ends {
		part := *r
		part.Rows = nil
		part.Costs = make(map[string]matrix.CPU)
		for _, row := range r.Rows[from:to] {
			row.Cells = slices.Clone(row.Cells)
			part.Rows = append(part.Rows, row)
			part.Costs[row.ID] = r.Costs[row.ID]
		}
		part.Shard = &matrix.Shard{Index: i + 1, Of: len(ends), Plan: plan, Trials: 10, Spec: "sha256:s", Evidence: mode}
		part.Intervals = matrix.Intervals(part.Rows, part.Scenarios)
		if mode == matrix.EvidenceEnds {
			part.KeepEnds()
		}
		parts, from = append(parts, Part{File: fmt.Sprintf("%d.json", i+1), Results: &part}), to
	}
	return parts
}

func TestJoin(t *testing.T) {
	want := whole("v1", "v1+x", "v2", "v3", "v3+x", "v10")
	parts := cut(want, matrix.EvidenceAll, 2, 3, 6)
	parts[1].Results.Generated = start.Add(time.Hour)
	parts[2].Results.Host.CPUs = 64
	want.Generated = start.Add(time.Hour)
	slices.Reverse(parts) // the order in which they are given says nothing
	got, err := Join(parts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Wherever a run is cut, its shards join to what it would have been, evidence at
// the ends of its intervals included.
func TestJoinProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ids []string
		for i := range rapid.IntRange(1, 12).Draw(t, "releases") {
			id := fmt.Sprintf("v%d", i)
			if rapid.Bool().Draw(t, "long") {
				id += ".0" // the other verdict
			}
			ids = append(ids, id)
			if rapid.Bool().Draw(t, "patched") {
				ids = append(ids, id+"+x")
			}
		}
		var ends []int
		for i := 1; i < len(ids); i++ {
			if !strings.Contains(ids[i], "+") && rapid.Bool().Draw(t, "cut") {
				ends = append(ends, i)
			}
		}
		mode := rapid.SampledFrom([]matrix.EvidenceMode{matrix.EvidenceAll, matrix.EvidenceEnds}).Draw(t, "mode")
		parts := cut(whole(ids...), mode, append(ends, len(ids))...)
		want := whole(ids...)
		if mode == matrix.EvidenceEnds {
			want.KeepEnds()
		}
		got, err := Join(rapid.Permutation(parts).Draw(t, "order"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestJoinKeepsParts holds that the parts can be read again.
func TestJoinKeepsParts(t *testing.T) {
	r := whole("v1", "v2", "v3")
	parts := cut(r, matrix.EvidenceEnds, 1, 2, 3)
	if _, err := Join(parts); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(cut(r, matrix.EvidenceEnds, 1, 2, 3), parts); diff != "" {
		t.Error(diff)
	}
}

func TestMistakes(t *testing.T) {
	row := func(p Part, i int) *matrix.RowResult { return &p.Results.Rows[i] }
	tests := []struct {
		name   string
		change func(parts []Part) []Part
		want   []string // all lines
		input  bool     // it is bad input
	}{
		{"missing shard", func(p []Part) []Part { return p[:2] }, []string{"shard 3/3 is missing, with rows v3, v3+x"}, false},
		{"missing row", func(p []Part) []Part { p[1].Results.Rows = nil; return p }, []string{"2.json: it lacks row v2 of shard 2/3: run that shard again"}, false},
		{"missing cell", func(p []Part) []Part { row(p[1], 0).Cells = row(p[1], 0).Cells[1:]; return p }, []string{"2.json: it lacks cell v2/control: run that shard again"}, false},
		{"all that is missing", func(p []Part) []Part {
			p[0].Results.Rows = p[0].Results.Rows[1:]
			row(p[0], 0).Cells = nil
			return p[:1]
		}, []string{
			"1.json: it lacks cell v1+x/control: run that shard again", "1.json: it lacks cell v1+x/wait: run that shard again",
			"1.json: it lacks row v1 of shard 1/3: run that shard again", "shard 2/3 is missing, with row v2", "shard 3/3 is missing, with rows v3, v3+x",
		}, false},
		{"shard twice", func(p []Part) []Part { return append(p, Part{File: "again.json", Results: p[2].Results}) }, []string{"again.json: it is shard 3/3, with rows v3, v3+x, and so is 3.json: give each once"}, true},
		{"row twice", func(p []Part) []Part {
			p[0].Results.Rows = append(p[0].Results.Rows, *row(p[0], 1))
			return p
		}, []string{"1.json: it has row v1+x twice"}, true},
		{"row of another shard", func(p []Part) []Part {
			p[0].Results.Rows = append(p[0].Results.Rows, *row(p[1], 0))
			return p
		}, []string{"2.json: it has row v2, and so has 1.json", "1.json: it has row v2, which is no row of shard 1/3, but of shard 2/3"}, true},
		{"row of no shard", func(p []Part) []Part {
			p[1].Results.Rows = append(p[1].Results.Rows, matrix.RowResult{ID: "v7"})
			return p
		}, []string{"2.json: it has row v7, which is no row of shard 2/3, nor of any other"}, true},
		{"row of another release", func(p []Part) []Part { row(p[1], 0).Source.Version = "v9"; return p }, []string{"2.json: row v2 is of v9"}, true},
		{"row against another server", func(p []Part) []Part { row(p[1], 0).Server = "v9"; return p }, []string{"2.json: row v2 was tried against servers of v9, and shard 2/3 is for its own release"}, true},
		{"cell twice", func(p []Part) []Part {
			row(p[1], 0).Cells = append(row(p[1], 0).Cells, row(p[1], 0).Cells[0])
			return p
		}, []string{"2.json: it has cell v2/control twice"}, true},
		{"cell of no scenario", func(p []Part) []Part {
			row(p[1], 0).Cells = append(row(p[1], 0).Cells, matrix.Cell{Scenario: "late"})
			return p
		}, []string{"2.json: it has cell v2/late, of a scenario that the run has not"}, true},
		{"whole run", func(p []Part) []Part { p[1].Results.Shard = nil; return p },
			[]string{"2.json: these are the results of a whole run, and not of a shard: want what `run --shard I/N -o DIR` has written"}, true},
		{"no such shard", func(p []Part) []Part { p[1].Results.Shard.Index = 4; return p },
			[]string{"2.json: it says that it is shard 4/3 of a plan with 3: run that shard again"}, true},
		{"broken plan", func(p []Part) []Part {
			s := *p[1].Results.Shard
			s.Plan = [][]string{{"v1"}, {"v2"}, {"v1"}}
			p[1].Results.Shard = &s
			return p
		}, []string{"2.json: its plan has row v1 twice: run that shard again"}, true},
		{"other cuts", func(p []Part) []Part {
			return []Part{p[0], p[1], {File: "b.json", Results: cut(whole("v1", "v1+x", "v2", "v3", "v3+x"), matrix.EvidenceAll, 2, 2, 5)[2].Results}}
		}, []string{
			"b.json: its plan is cut after v1+x, and that of 1.json after v1+x, v2: give each shard the same --times",
			"b.json: it has row v2, and so has 2.json",
		}, true},
		{"other number", func(p []Part) []Part {
			return []Part{p[0], {File: "b.json", Results: cut(whole("v1", "v1+x", "v2", "v3", "v3+x"), matrix.EvidenceAll, 2, 5)[1].Results}}
		}, []string{"b.json: number of shards: 2, and in 1.json 3"}, true},
		{"other rows", func(p []Part) []Part {
			return append(p[:2:2], Part{File: "b.json", Results: cut(whole("v1", "v1+x", "v2", "v4"), matrix.EvidenceAll, 2, 3, 4)[2].Results})
		}, []string{"b.json: its plan is another one than that of 1.json: it has row v4: it lacks rows v3, v3+x"}, true},
		{"other input", func(p []Part) []Part {
			r := p[1].Results
			r.Schema, r.Suite, r.Target, r.Matrixrun, r.Lock, r.Reproduction = 2, "other", "example.com/other", "v2", "sha256:m", "sha256:s"
			r.Host.GOOS = "plan9"
			r.Shard.Spec, r.Shard.Trials, r.Shard.Fixed, r.Shard.Evidence = "sha256:t", 5, true, matrix.EvidenceLeaks
			r.Shard.Patches = []matrix.PatchDigest{{Name: "x", SHA256: "aa"}}
			r.Shard.Server, r.Rows[0].Server = "v9", "v9"
			r.Scenarios = r.Scenarios[:1]
			r.Rows[0].Cells = r.Rows[0].Cells[:1]
			return p
		}, []string{
			"2.json: schema: 2, and in 1.json 1", "2.json: matrixrun's version: v2, and in 1.json v1", "2.json: suite: other, and in 1.json demo",
			"2.json: target: example.com/other, and in 1.json example.com/lib", "2.json: matrix.yaml: sha256:t, and in 1.json sha256:s",
			"2.json: releases.lock: sha256:m, and in 1.json sha256:l", "2.json: reproduction: sha256:s, and in 1.json sha256:r",
			"2.json: platform: plan9/amd64, and in 1.json linux/amd64", "2.json: --patch: x (sha256:aa), and in 1.json none",
			"2.json: --server-version: v9, and in 1.json none", "2.json: --trials: 5, and in 1.json 10", "2.json: --fixed: true, and in 1.json false",
			"2.json: --evidence: leaks, and in 1.json all", "2.json: scenarios: control, and in 1.json control, wait",
		}, true},
		{"other titles", func(p []Part) []Part {
			p[1].Results.Scenarios = []matrix.Scenario{{Name: "control", Kind: matrix.KindProbe}, {Name: "wait", Kind: matrix.KindProbe}}
			return p
		}, []string{"2.json: its scenarios have other kinds or titles than those of 1.json"}, true},
		{"other go command", func(p []Part) []Part {
			p[1].Results.Shard.Go, p[2].Results.Shard.Go = "go1.1", "go1.2"
			return p
		}, []string{"3.json: the go command: go1.2, and in 2.json go1.1"}, true},
		{"missing and wrong", func(p []Part) []Part {
			p[1].Results.Rows = nil
			row(p[0], 0).Server = "v9"
			return p[:2]
		}, []string{
			"1.json: row v1 was tried against servers of v9, and shard 1/3 is for its own release",
			"2.json: it lacks row v2 of shard 2/3: run that shard again", "shard 3/3 is missing, with rows v3, v3+x",
		}, true},
		{"unreadable", func(p []Part) []Part {
			p[2].Results, p[2].Problems = nil, matrix.Problems{{File: "3.json", Text: "it is torn"}}
			p[1].Results.Suite = "other"
			return p
		},
			[]string{"3.json: it is torn", "2.json: suite: other, and in 1.json demo"}, true},
		{"only unreadable", func(p []Part) []Part {
			return []Part{{Problems: matrix.Problems{{File: "3.json", Text: "it is torn"}}}}
		}, []string{"3.json: it is torn"}, true},
		{"none", func(p []Part) []Part { return nil }, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := Join(test.change(cut(whole("v1", "v1+x", "v2", "v3", "v3+x"), matrix.EvidenceAll, 2, 3, 5)))
			var problems matrix.Problems
			var missing *MissingError
			if r != nil || !errors.As(err, &problems) && !errors.As(err, &missing) || errors.As(err, &problems) != test.input {
				t.Fatalf("%v, %T %v", r, err, err)
			}
			if diff := cmp.Diff(strings.Join(test.want, "\n"), err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNoCells holds that a row which came to no binary is whole without cells.
func TestNoCells(t *testing.T) {
	r := whole("v1", "v2")
	r.Rows[1].State, r.Rows[1].Cells = matrix.StateBuildFailed, nil
	if _, err := Join(cut(r, matrix.EvidenceAll, 1, 2)); err != nil {
		t.Error(err)
	}
}

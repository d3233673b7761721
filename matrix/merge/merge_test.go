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

// whole returns the results of a run of the rows with the given IDs. Whether a cell
// leaks depends on the row and the scenario.
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
	r.Intervals = matrix.Intervals(r)
	return r
}

// cut divides a run into shards, which end before the given indexes.
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
		part.Intervals = matrix.Intervals(&part)
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
	slices.Reverse(parts) // their order does not matter
	got, err := Join(parts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestJoinProperties cuts runs anywhere. Their shards join to the whole run, with the
// evidence at the ends of its intervals.
func TestJoinProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ids []string
		for i := range rapid.IntRange(1, 12).Draw(t, "releases") {
			id := fmt.Sprintf("v%d", i)
			if rapid.Bool().Draw(t, "long") {
				id += ".0" // gives the other verdict, see whole
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

// TestJoinKeepsParts checks that Join does not change the parts.
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

func row(p Part, i int) *matrix.RowResult { return &p.Results.Rows[i] }

// mistakes change good shards, so that Join reports what is wrong.
var mistakes = []struct {
	name   string
	change func(parts []Part) []Part
	want   []string // all lines
	input  bool     // it is bad input
}{
	{"missing shard", func(p []Part) []Part { return p[:2] }, []string{"shard 3/3 is missing, with rows v3, v3+x"}, false},
	{"missing row", func(p []Part) []Part { p[1].Results.Rows = nil; return p }, []string{"2.json: row v2 of shard 2/3 is missing: run that shard again"}, false},
	{"missing cell", func(p []Part) []Part { row(p[1], 0).Cells = row(p[1], 0).Cells[1:]; return p }, []string{"2.json: cell v2/control is missing: run that shard again"}, false},
	{"all that is missing", func(p []Part) []Part {
		p[0].Results.Rows = p[0].Results.Rows[1:]
		row(p[0], 0).Cells = nil
		return p[:1]
	}, []string{
		"1.json: cell v1+x/control is missing: run that shard again", "1.json: cell v1+x/wait is missing: run that shard again",
		"1.json: row v1 of shard 1/3 is missing: run that shard again", "shard 2/3 is missing, with row v2", "shard 3/3 is missing, with rows v3, v3+x",
	}, false},
	{"shard twice", func(p []Part) []Part { return append(p, Part{File: "again.json", Results: p[2].Results}) }, []string{"again.json: it is shard 3/3, with rows v3, v3+x, as 3.json is: give each shard once"}, true},
	{"row twice", func(p []Part) []Part {
		p[0].Results.Rows = append(p[0].Results.Rows, *row(p[0], 1))
		return p
	}, []string{"1.json: row v1+x occurs twice"}, true},
	{"row of another shard", func(p []Part) []Part {
		p[0].Results.Rows = append(p[0].Results.Rows, *row(p[1], 0))
		return p
	}, []string{"2.json: it has row v2, as 1.json has", "1.json: row v2 belongs to shard 2/3, not to shard 1/3"}, true},
	{"row of no shard", func(p []Part) []Part {
		p[1].Results.Rows = append(p[1].Results.Rows, matrix.RowResult{ID: "v7"})
		return p
	}, []string{"2.json: row v7 belongs to no shard, not to shard 2/3"}, true},
	{"row of another release", func(p []Part) []Part { row(p[1], 0).Source.Version = "v9"; return p }, []string{"2.json: row v2 was made of v9"}, true},
	{"row against another server", func(p []Part) []Part { row(p[1], 0).Server = "v9"; return p }, []string{"2.json: row v2 ran against servers of v9, want its own release"}, true},
	{"cell twice", func(p []Part) []Part {
		row(p[1], 0).Cells = append(row(p[1], 0).Cells, row(p[1], 0).Cells[0])
		return p
	}, []string{"2.json: cell v2/control occurs twice"}, true},
	{"cell of no scenario", func(p []Part) []Part {
		row(p[1], 0).Cells = append(row(p[1], 0).Cells, matrix.Cell{Scenario: "late"})
		return p
	}, []string{"2.json: cell v2/late belongs to a scenario that the run does not have"}, true},
	{"whole run", func(p []Part) []Part { p[1].Results.Shard = nil; return p },
		[]string{"2.json: these are the results of a whole run: want those of a shard, as `run --shard I/N -o DIR` writes them"}, true},
	{"no such shard", func(p []Part) []Part { p[1].Results.Shard.Index = 4; return p },
		[]string{"2.json: it is shard 4/3 of a plan with 3 shards: run that shard again"}, true},
	{"broken plan", func(p []Part) []Part {
		s := *p[1].Results.Shard
		s.Plan = [][]string{{"v1"}, {"v2"}, {"v1"}}
		p[1].Results.Shard = &s
		return p
	}, []string{"2.json: its plan has row v1 twice: run that shard again"}, true},
	{"other cuts", func(p []Part) []Part {
		return []Part{p[0], p[1], {File: "b.json", Results: cut(whole("v1", "v1+x", "v2", "v3", "v3+x"), matrix.EvidenceAll, 2, 2, 5)[2].Results}}
	}, []string{
		"b.json: its plan is cut after v1+x, but that of 1.json after v1+x, v2: give each shard the same --times",
		"b.json: it has row v2, as 2.json has",
	}, true},
	{"other number", func(p []Part) []Part {
		return []Part{p[0], {File: "b.json", Results: cut(whole("v1", "v1+x", "v2", "v3", "v3+x"), matrix.EvidenceAll, 2, 5)[1].Results}}
	}, []string{"b.json: number of shards: 2, but 3 in 1.json"}, true},
	{"other rows", func(p []Part) []Part {
		return append(p[:2:2], Part{File: "b.json", Results: cut(whole("v1", "v1+x", "v2", "v4"), matrix.EvidenceAll, 2, 3, 4)[2].Results})
	}, []string{"b.json: its plan differs from that of 1.json: it has row v4: it does not have rows v3, v3+x"}, true},
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
		"2.json: schema: 2, but 1 in 1.json", "2.json: matrixrun's version: v2, but v1 in 1.json", "2.json: suite: other, but demo in 1.json",
		"2.json: target: example.com/other, but example.com/lib in 1.json", "2.json: matrix.yaml: sha256:t, but sha256:s in 1.json",
		"2.json: releases.lock: sha256:m, but sha256:l in 1.json", "2.json: reproduction: sha256:s, but sha256:r in 1.json",
		"2.json: platform: plan9/amd64, but linux/amd64 in 1.json", "2.json: --patch: x (sha256:aa), but none in 1.json",
		"2.json: --server-version: v9, but none in 1.json", "2.json: --trials: 5, but 10 in 1.json", "2.json: --fixed: true, but false in 1.json",
		"2.json: --evidence: leaks, but all in 1.json", "2.json: scenarios: control, but control, wait in 1.json",
	}, true},
	{"other titles", func(p []Part) []Part {
		p[1].Results.Scenarios = []matrix.Scenario{{Name: "control", Kind: matrix.KindProbe}, {Name: "wait", Kind: matrix.KindProbe}}
		return p
	}, []string{"2.json: the kinds or titles of its scenarios differ from those of 1.json"}, true},
	{"other go command", func(p []Part) []Part {
		p[1].Results.Shard.Go, p[2].Results.Shard.Go = "go1.1", "go1.2"
		return p
	}, []string{"3.json: the go command: go1.2, but go1.1 in 2.json"}, true},
	{"missing and wrong", func(p []Part) []Part {
		p[1].Results.Rows = nil
		row(p[0], 0).Server = "v9"
		return p[:2]
	}, []string{
		"1.json: row v1 ran against servers of v9, want its own release",
		"2.json: row v2 of shard 2/3 is missing: run that shard again", "shard 3/3 is missing, with rows v3, v3+x",
	}, true},
	{"unreadable", func(p []Part) []Part {
		p[2].Results, p[2].Problems = nil, matrix.Problems{{File: "3.json", Text: "it is torn"}}
		p[1].Results.Suite = "other"
		return p
	},
		[]string{"3.json: it is torn", "2.json: suite: other, but demo in 1.json"}, true},
	{"only unreadable", func(p []Part) []Part {
		return []Part{{Problems: matrix.Problems{{File: "3.json", Text: "it is torn"}}}}
	}, []string{"3.json: it is torn"}, true},
	{"none", func(p []Part) []Part { return nil }, nil, false},
}

func TestMistakes(t *testing.T) {
	for _, test := range mistakes {
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

// TestNoCells checks that a row without a binary needs no cells.
func TestNoCells(t *testing.T) {
	r := whole("v1", "v2")
	r.Rows[1].State, r.Rows[1].Cells = matrix.StateBuildFailed, nil
	if _, err := Join(cut(r, matrix.EvidenceAll, 1, 2)); err != nil {
		t.Error(err)
	}
}

package plan

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

// rowsOf returns a plan with a row for each text "VERSION TOOLCHAIN". A row with the
// version of the row before it is a patched row.
func rowsOf(texts ...string) *matrix.Plan {
	p := &matrix.Plan{Skips: []matrix.Skip{{ID: "v9.9.9", Reason: "not asked for"}}}
	for i, text := range texts {
		var version, toolchain string
		if _, err := fmt.Sscan(text, &version, &toolchain); err != nil {
			panic(err)
		}
		row := matrix.Row{ID: version, Release: matrix.Release{Version: version}, Toolchain: toolchain, Adapter: matrix.Adapter{Supported: true}}
		if i > 0 && p.Rows[i-1].Release.Version == version {
			row.ID += "+x"
		}
		p.Rows = append(p.Rows, row)
		p.Order = append([]int{i}, p.Order...)
	}
	return p
}

// seconds returns costs of so many seconds each.
func seconds(all ...int) []Cost {
	costs := make([]Cost, len(all))
	for i, s := range all {
		costs[i].CPU = time.Duration(s) * time.Second
	}
	return costs
}

func TestCosts(t *testing.T) {
	times := Times{
		"v1": {"go1", 2 * time.Second}, "v2": {"go1", 4 * time.Second}, "v3": {"go1", 9 * time.Second},
		"v4": {"go2", 20 * time.Second}, "v5": {"go2", 30 * time.Second},
		"v6": {"go2", -time.Second}, "v7": {"", 5000 * time.Hour},
	}
	got := Costs(rowsOf("v1 go1", "v6 go2", "v7 go1", "v8 go1", "v9 go3"), times)
	want := []Cost{
		{2 * time.Second, true},   // its own time
		{20 * time.Second, false}, // the lower of two: a negative time does not count
		{bound, true},
		{4 * time.Second, false}, // the median of go1
		{9 * time.Second, false}, // the median of all
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// The first row with a toolchain also compiled the standard library, which is
	// SetUp and not part of its cost.
	first := Times{"v1": {"go1", 19 * time.Second}, "v2": {"go1", 3 * time.Second}, "v3": {"go1", 5 * time.Second}, "v4": {"go1", 30 * time.Second}}
	got = Costs(rowsOf("v1 go1", "v2 go1", "v3 go1", "v4 go1"), first)
	want = []Cost{{5 * time.Second, true}, {3 * time.Second, true}, {5 * time.Second, true}, {15 * time.Second, true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	old := rowsOf("v1 go1", "v2 go2")
	old.Rows[0].Adapter.Supported = false // so it is not built
	if got := Costs(old, times); got[0] != (Cost{}) || Whole(old, got) != SetUp+4*time.Second {
		t.Errorf("got %v, %v for all", got, Whole(old, got))
	}
	got = Costs(rowsOf("v1 go1", "v2 go2"), nil)
	if diff := cmp.Diff([]Cost{{CPU: unknown}, {CPU: unknown}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCut(t *testing.T) {
	tests := []struct {
		name  string
		plan  *matrix.Plan
		costs []Cost
		n     int
		want  string
	}{
		{"one", rowsOf("v1 a", "v2 a"), seconds(1, 2), 1, "v1-v2 18s; "},
		{"as many as releases", rowsOf("v1 a", "v2 a", "v3 b"), seconds(1, 2, 90), 3, "v1-v1 16s; v2-v2 17s; v3-v3 1m45s; "},
		{"equal", rowsOf("v1 a", "v2 a", "v3 a", "v4 a"), seconds(3, 3, 3, 3), 2, "v1-v2 21s; v3-v4 21s; "},
		{"a large one", rowsOf("v1 a", "v2 a", "v3 a", "v4 a"), seconds(3, 3, 3, 50), 2, "v1-v3 24s; v4-v4 1m5s; "},
		{"between toolchains", rowsOf("v1 a", "v2 b", "v3 b", "v4 b"), seconds(10, 10, 10, 10), 2, "v1-v1 25s; v2-v4 45s; "},
		{"where it pays", rowsOf("v1 a", "v2 b", "v3 b", "v4 b"), seconds(10, 30, 30, 30), 2, "v1-v2 1m10s; v3-v4 1m15s; "},
		{"a release is whole", rowsOf("v1 a", "v1 a", "v1 a", "v2 a"), seconds(9, 9, 9, 9), 2, "v1-v1+x 42s; v2-v2 24s; "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, s := range Cut(test.plan, test.costs, test.n) {
				got += fmt.Sprintf("%s-%s %v; ", test.plan.Rows[s.From].ID, test.plan.Rows[s.To-1].ID, s.CPU)
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestServerSetUp checks that every shard pays for the toolchain of the server.
func TestServerSetUp(t *testing.T) {
	p := rowsOf("v1 a", "v2 b")
	p.Server = &matrix.Row{Toolchain: "a"}
	got := Cut(p, seconds(1, 1), 2)
	if got[0].CPU != 16*time.Second || got[1].CPU != 31*time.Second {
		t.Errorf("got %v and %v", got[0].CPU, got[1].CPU)
	}
	if whole := Whole(p, seconds(1, 1)); whole != 32*time.Second {
		t.Errorf("the whole takes %v", whole)
	}
}

func TestPart(t *testing.T) {
	p := rowsOf("v1 a", "v2 a", "v2 a", "v3 a")
	p.Rows[2].Patches = []matrix.Variant{{Patch: "x"}}
	part := Part(p, Shard{From: 1, To: 3})
	if ids(part) != "v2 v2+x" || ordered(part) != "v2+x v2" || len(part.Skips) != 1 {
		t.Errorf("rows %s, in the order %s, %d skips", ids(part), ordered(part), len(part.Skips))
	}
	if elsewhere := strings.Join(part.Elsewhere, " "); elsewhere != "v1 v3" {
		t.Errorf("elsewhere are %s", elsewhere)
	}
	if part := Part(p, Shard{From: 0, To: 1}); len(part.Elsewhere) != 2 { // v2 once
		t.Errorf("elsewhere are %v", part.Elsewhere)
	}
	if ids(p) != "v1 v2 v2+x v3" || len(p.Order) != 4 {
		t.Errorf("Part changed the plan: %s", ids(p))
	}
}

// TestCutProperties checks that each row is in one shard, in order and with the
// other rows of its release, that no other way of cutting has a smaller largest
// shard, and that Cut always returns the same.
func TestCutProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, costs := drawPlan(t)
		n := rapid.IntRange(1, Releases(p)).Draw(t, "shards")
		shards := Cut(p, costs, n)
		if len(shards) != n {
			t.Fatalf("%d shards, want %d", len(shards), n)
		}
		at := 0
		for _, s := range shards {
			if s.From != at || s.To <= s.From {
				t.Fatalf("%v: a row is in no shard, or in two, or a shard is empty", shards)
			}
			if at = s.To; at < len(p.Rows) && p.Rows[at].Release.Version == p.Rows[at-1].Release.Version {
				t.Fatalf("%v: %s is cut", shards, p.Rows[at].ID)
			}
			if whole := Whole(Part(p, s), costs[s.From:s.To]); whole != s.CPU {
				t.Fatalf("%v: that of %s takes %v", shards, p.Rows[s.From].ID, whole)
			}
		}
		if at != len(p.Rows) {
			t.Fatalf("%v: rows are left", shards)
		}
		if got, want := largest(shards), leastOfAll(p, costs, n); got != want {
			t.Fatalf("%v: the largest takes %v, and could take %v", shards, got, want)
		}
		if diff := cmp.Diff(shards, Cut(p, costs, n)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// drawPlan draws a plan of a few releases, and their costs.
func drawPlan(t *rapid.T) (*matrix.Plan, []Cost) {
	var texts []string
	var costs []Cost
	for i := range rapid.IntRange(1, 9).Draw(t, "releases") {
		toolchain := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "toolchain")
		for range rapid.IntRange(1, 3).Draw(t, "rows") {
			texts = append(texts, fmt.Sprintf("v%d %s", i, toolchain))
			costs = append(costs, Cost{CPU: time.Duration(rapid.IntRange(0, 60_000).Draw(t, "cost")) * time.Millisecond})
		}
	}
	p := rowsOf(texts...)
	if rapid.Bool().Draw(t, "server") {
		p.Server = &matrix.Row{Toolchain: "b"}
	}
	return p, costs
}

func largest(shards []Shard) time.Duration {
	return slices.MaxFunc(shards, func(a, b Shard) int { return int(a.CPU - b.CPU) }).CPU
}

// leastOfAll tries every way of cutting, and returns the smallest largest shard.
func leastOfAll(p *matrix.Plan, costs []Cost, n int) time.Duration {
	all := blocks(p, costs)
	var try func(from, n int) time.Duration
	try = func(from, n int) time.Duration {
		rest := Shard{From: all[from].from, To: len(p.Rows)}
		if n == 1 {
			return Whole(Part(p, rest), costs[rest.From:])
		}
		least := time.Duration(1 << 62)
		for next := from + 1; len(all)-next >= n-1; next++ {
			s := Shard{From: all[from].from, To: all[next].from}
			least = min(least, max(Whole(Part(p, s), costs[s.From:s.To]), try(next, n-1)))
		}
		return least
	}
	return try(0, n)
}

// TestFourShards checks that, with realistic toolchains and costs, the largest of
// four shards takes at most 1.2 times a quarter of the whole plan.
func TestFourShards(t *testing.T) {
	var texts []string
	var costs []Cost
	for i := range 88 {
		toolchain := []string{"go1.16", "go1.18", "go1.20", "go1.26", "go1.26", "go1.26"}[i/15]
		texts = append(texts, fmt.Sprintf("v%d %s", i, toolchain))
		costs = append(costs, Cost{CPU: time.Duration(3000+i%7*500+i*40) * time.Millisecond})
	}
	p := rowsOf(texts...)
	got, most := largest(Cut(p, costs, 4)), Whole(p, costs)*12/40
	if got > most {
		t.Errorf("the largest of four takes %v, want at most %v", got, most)
	}
}

package plan

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// Whatever is sampled, the releases stay in order, none comes twice, as many
// come as were asked for, and evenly-N has both ends.
func TestSampleProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "releases")
		count := rapid.IntRange(1, 70).Draw(t, "count")
		kind := rapid.SampledFrom([]sampleKind{latest, evenly}).Draw(t, "kind")
		releases := make([]matrix.Release, n)
		for i := range releases {
			releases[i].Version = fmt.Sprintf("v0.%d.%d", i/7, i%7)
		}
		got := sample{kind: kind, count: count}.of(releases)
		if len(got) != min(n, count) {
			t.Fatalf("%d of %d releases, want %d", len(got), n, count)
		}
		if got[len(got)-1] != releases[n-1] || kind == evenly && count > 1 && got[0] != releases[0] {
			t.Fatalf("got %v, want the ends of the range in it", got)
		}
		for i := 1; i < len(got); i++ {
			if matrix.CompareVersions(got[i-1].Version, got[i].Version) >= 0 {
				t.Fatalf("%s comes before %s", got[i-1].Version, got[i].Version)
			}
		}
	})
}

// An order has each row once, and a patched row right after its unpatched one.
func TestOrderProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := demo()
		s.First = rapid.SliceOf(rapid.SampledFrom([]string{"v0.2.0", "v0.4.1", "v0.10.0", "v9.0.0"})).Draw(t, "first")
		p, err := New(s, Selection{Patches: []*matrix.Patch{patch("x", rapid.SampledFrom([]string{"", "> 0.3", "< 0.2"}).Draw(t, "patch"))}})
		if err != nil {
			t.Fatal(err)
		}
		sorted := slices.Sorted(slices.Values(p.Order))
		for i, index := range sorted {
			if i != index {
				t.Fatalf("order %v does not have each row once", p.Order)
			}
		}
		for at, index := range p.Order {
			if len(p.Rows[index].Patches) > 0 && (at == 0 || p.Order[at-1] != index-1) {
				t.Fatalf("order %v: row %s is apart from its unpatched one", p.Order, p.Rows[index].ID)
			}
		}
	})
}

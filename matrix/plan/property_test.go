package plan

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestSampleProperties checks that a sample keeps the order, has no release twice,
// has as many as asked for, and has the last release; evenly-N has the first too.
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
			t.Fatalf("got %v, want both ends of the range", got)
		}
		for i := 1; i < len(got); i++ {
			if matrix.CompareVersions(got[i-1].Version, got[i].Version) >= 0 {
				t.Fatalf("%s comes before %s", got[i-1].Version, got[i].Version)
			}
		}
	})
}

// TestOrderProperties checks that an order has each row once, and each patched row
// after its unpatched row.
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
				t.Fatalf("order %v: row %s does not follow its unpatched row", p.Order, p.Rows[index].ID)
			}
		}
	})
}

// TestOnlyIncompatible checks that --only finds a release above v1 of a path without a
// major version by its tag, whether the lock has it or not, and plans it once.
func TestOnlyIncompatible(t *testing.T) {
	spec := &matrix.Spec{
		Target: matrix.Target{Module: "example.com/lib"},
		Lock:   []matrix.Release{{Version: "v3.0.0+incompatible", Module: "example.com/lib", Sum: "h1:locked"}},
	}
	p, err := New(spec, Selection{Only: []string{"v3.0.0", "v3.1.0", "v3.0.0+incompatible", "v3.1.0+incompatible"}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range p.Rows {
		got = append(got, row.ID+" "+row.Release.Sum)
	}
	if want := []string{"v3.0.0+incompatible h1:locked", "v3.1.0+incompatible "}; !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
}

// TestCommitsOfTheLock checks that the version of a commit in the lock is planned without
// --prerelease, and a pre-release is not.
func TestCommitsOfTheLock(t *testing.T) {
	spec := &matrix.Spec{Lock: []matrix.Release{{Version: "v1.0.0"}, {Version: "v1.0.1-0.20240102030405-0123456789ab"}, {Version: "v1.0.1-rc.1"}}}
	p, err := New(spec, Selection{})
	if err != nil || len(p.Rows) != 2 || p.Rows[1].ID != spec.Lock[1].Version {
		t.Errorf("rows %+v, error %v, want the release and the commit", p.Rows, err)
	}
}

package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestToolchains checks which rows further toolchains add, where they are, and that nothing
// else of the plan changes.
func TestToolchains(t *testing.T) {
	spec := demo()
	spec.Toolchains = []matrix.ToolchainRule{
		{Releases: matrix.MustConstraint("< 0.4"), Go: "go1.20.14", Also: []string{"go1.21.0", "go1.9.7"}},
		{Go: "go1.26.8"},
	}
	tests := []struct {
		name        string
		sel         Selection
		goLine      string
		want, order string
		skips       []matrix.Skip
	}{
		{name: "those of the first rule that admits the release, the oldest first", sel: Selection{Only: []string{"v0.3.0", "v0.4.0"}},
			want: "v0.3.0 v0.3.0@go1.9.7 v0.3.0@go1.21.0 v0.4.0", order: "v0.4.0 v0.3.0 v0.3.0@go1.9.7 v0.3.0@go1.21.0"},
		{name: "of the command line too, each once", sel: Selection{Only: []string{"v0.3.0"}, Toolchains: []string{"go1.25.1", "go1.21.0"}},
			want: "v0.3.0 v0.3.0@go1.9.7 v0.3.0@go1.21.0 v0.3.0@go1.25.1", order: "v0.3.0 v0.3.0@go1.9.7 v0.3.0@go1.21.0 v0.3.0@go1.25.1"},
		{name: "only the usual one", sel: Selection{Only: []string{"v0.3.0"}, Usual: true}, want: "v0.3.0", order: "v0.3.0"},
		{name: "with a patch", sel: Selection{Only: []string{"v0.3.0"}, Toolchains: []string{"go1.25.1"}, Usual: true, Patches: []*matrix.Patch{patch("fix", "")}},
			want: "v0.3.0 v0.3.0+fix v0.3.0@go1.25.1 v0.3.0@go1.25.1+fix", order: "v0.3.0 v0.3.0+fix v0.3.0@go1.25.1 v0.3.0@go1.25.1+fix"},
		{name: "next to a fork", sel: Selection{Others: []matrix.Release{forked("v9.0.0", "v0.4.0")}, Toolchains: []string{"go1.25.1"}},
			want: "v0.4.0 v0.4.0@go1.25.1 example.com/fork@v9.0.0", order: "v0.4.0 v0.4.0@go1.25.1 example.com/fork@v9.0.0"},
		{name: "not the usual one again", sel: Selection{Only: []string{"v0.4.0"}, Toolchains: []string{"go1.26.8"}}, want: "v0.4.0", order: "v0.4.0",
			skips: []matrix.Skip{{ID: "v0.4.0@go1.26.8", Reason: "go1.26.8 compiles the row v0.4.0 already"}}},
		{name: "not one that is older than the reproduction", sel: Selection{Only: []string{"v0.4.0"}, Toolchains: []string{"go1.24.9"}}, goLine: "1.25", want: "v0.4.0", order: "v0.4.0",
			skips: []matrix.Skip{{ID: "v0.4.0@go1.24.9", Reason: "the go.mod of the reproduction asks for Go 1.25, and go1.24.9 is older"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			spec.GoLine = test.goLine
			p, err := New(spec, test.sel)
			if err != nil {
				t.Fatal(err)
			}
			if ids(p) != test.want || ordered(p) != test.order {
				t.Errorf("got %s, in the order %s; want %s, in the order %s", ids(p), ordered(p), test.want, test.order)
			}
			if diff := cmp.Diff(test.skips, p.Skips); diff != "" {
				t.Errorf("skips: -want +got\n%s", diff)
			}
			for _, row := range p.Rows {
				_, named, further := matrix.ParseRowID(row.ID).Toolchain()
				if further && (row.Toolchain != named || row.Release.IsRelease() || row.Toolchains != nil || row.Neighbours != nil) {
					t.Errorf("%s has the toolchain %s, and %q and %v to try", row.ID, row.Toolchain, row.Toolchains, row.Neighbours)
				}
				if row.Release.Sum == "" && row.Release.Origin == nil {
					t.Errorf("%s has lost its checksum", row.ID)
				}
			}
		})
	}
}

// TestToolchainsInShards checks that a shard does not count the rows of further toolchains
// among the releases that others have.
func TestToolchainsInShards(t *testing.T) {
	p, err := New(demo(), Selection{Only: []string{"v0.3.0", "v0.4.0"}, Toolchains: []string{"go1.25.1"}})
	if err != nil {
		t.Fatal(err)
	}
	shards := Cut(p, Costs(p, nil), 2)
	if part := Part(p, shards[0]); strings.Join(part.Elsewhere, " ") != "v0.4.0" {
		t.Errorf("rows %s: elsewhere are %q", ids(part), part.Elsewhere)
	}
}

// TestToolchainMistakes names every mistake at once.
func TestToolchainMistakes(t *testing.T) {
	_, err := New(demo(), Selection{Toolchains: []string{"go1.24.9", "1.24.9", "go1.24", "go1.20.0", "go1.24.9", "go1.20", "go1.27rc1", "go1.24.9+x", "go2.0.0"}})
	want := `--toolchain "1.24.9": not a toolchain: want a Go release, such as go1.20.14
--toolchain "go1.24": not a toolchain: that is a version of the language: since Go 1.21, the first release has a third number, as go1.24.0 has
--toolchain "go1.20.0": not a toolchain: before Go 1.21, the first release has no third number: want go1.20
--toolchain go1.24.9: named twice: a release has one row for each toolchain
--toolchain "go1.27rc1": not a toolchain: want a Go release, such as go1.20.14
--toolchain "go1.24.9+x": not a toolchain: want a Go release, such as go1.20.14
--toolchain "go2.0.0": not a toolchain: want a Go release, such as go1.20.14`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

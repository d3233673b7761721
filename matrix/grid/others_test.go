package grid

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// forkRow returns a row of a fork that is nearest to v1.0.0, with two cells.
func forkRow(n int, verdict matrix.Verdict, effect matrix.Effect, patches ...string) matrix.RowResult {
	row := matrix.RowResult{
		ID: fmt.Sprintf("example.com/fork@v1.0.%d", n), State: matrix.StateOK, Effect: effect,
		Source: matrix.SourceResult{Kind: matrix.SourceModule, Likeness: &matrix.Likeness{Files: 4, Nearest: []matrix.Nearness{{Version: "v1.0.0", Equal: 3}}}},
		Cells:  []matrix.Cell{{Scenario: "control", Verdict: matrix.VerdictClean}, {Scenario: "s", Verdict: verdict}},
	}
	for _, p := range patches {
		row.ID += "+" + p
		row.Patches = append(row.Patches, matrix.Applied{Name: p})
	}
	return row
}

// TestOthers checks that rows that went the same way get a sentence each if they are
// few, and share one if they are many, and that one that differs is always named.
func TestOthers(t *testing.T) {
	base := matrix.RowResult{
		ID: "v1.0.0", State: matrix.StateOK, Source: matrix.SourceResult{Kind: matrix.SourceRelease, Version: "v1.0.0"},
		Cells: []matrix.Cell{{Scenario: "control", Verdict: matrix.VerdictClean}, {Scenario: "s", Verdict: matrix.VerdictLeak}},
	}
	var rows []matrix.RowResult
	for n := 1; n <= mostNamed+1; n++ {
		rows = append(rows, forkRow(n, matrix.VerdictLeak, ""), forkRow(n, matrix.VerdictClean, matrix.EffectFixes, "mend"))
	}
	folder := forkRow(8, matrix.VerdictLeak, "")
	folder.Source.Kind = matrix.SourceDir
	differs := forkRow(9, matrix.VerdictClean, "")
	scenarios := []matrix.Scenario{{Name: "s"}}
	tests := []struct {
		name string
		rows []matrix.RowResult
		want []string
	}{
		{"few", rows[:2], []string{
			"example.com/fork@v1.0.1 is nearest to v1.0.0, and all 2 verdicts are the same",
			"example.com/fork@v1.0.1+mend fixes what it is for",
		}},
		{"many", append(slices.Clone(rows), differs), []string{
			"4 forks have all verdicts of the release that each is nearest to",
			"example.com/fork@v1.0.9 is nearest to v1.0.0, but differs in 1 of 2 scenarios: s (clean, not leak)",
			"the set of patches that each gets fixes what it is for in 4 forks",
		}},
		{"many, and a folder", append(slices.Clone(rows), folder), []string{
			"5 forks, folders and commits have all verdicts of the release that each is nearest to",
			"the set of patches that each gets fixes what it is for in 4 forks, folders and commits",
		}},
	}
	for _, test := range tests {
		got := others(append([]matrix.RowResult{base}, test.rows...), scenarios, leaky.Complete())
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.name, diff)
		}
	}
}

// TestOrigin checks that nothing is said about releases that a target was not compared
// with.
func TestOrigin(t *testing.T) {
	missing := matrix.SourceResult{Kind: matrix.SourceModule}
	if got := origin(&missing); got != "" {
		t.Errorf("a fork that could not be downloaded: got %q", got)
	}
	foreign := matrix.SourceResult{Kind: matrix.SourceModule, Likeness: &matrix.Likeness{Files: 4}}
	if got, want := origin(&foreign), "nearest to no release: they have no file and no function in common"; got != want {
		t.Errorf("a module that has nothing in common: got %q, want %q", got, want)
	}
}

// TestShortNames checks what forks are called in a table: short, and never the same.
func TestShortNames(t *testing.T) {
	tests := []struct{ module, version, want string }{
		{"github.com/a/lib", "v1.2.4-0.20260806010916-184d081eef3e", "a@184d081eef3e"},
		{"github.com/a/lib", "v1.2.3-mod.4", "a@v1.2.3-mod.4"},
		{"github.com/b/other", "v1.2.3", "b/other@v1.2.3"},
		{"example.com/c/lib", "v1.0.0", ""},
		{"example.net/c/lib", "v1.0.0", ""},
	}
	var rows []matrix.RowResult
	for _, test := range tests {
		s := matrix.SourceResult{Kind: matrix.SourceModule, Module: test.module, Version: test.version}
		rows = append(rows, matrix.RowResult{ID: s.Name(), Source: s},
			matrix.RowResult{ID: s.Name() + "+fix", Source: s, Patches: []matrix.Applied{{Name: "fix"}}})
	}
	short := shortNames(rows, "example.com/lib")
	for _, test := range tests {
		if got := short[test.module+"@"+test.version]; got != test.want {
			t.Errorf("%s@%s: got %q, want %q", test.module, test.version, got, test.want)
		}
	}
	if len(short) != 3 {
		t.Errorf("got %v", short)
	}
}

// TestNextForeign checks what is said of a fork that the reproduction cannot be built
// with: each reason has its own words, and says whether another release can help.
func TestNextForeign(t *testing.T) {
	for _, test := range []struct{ reason, want string }{
		{`main.go:9:5: cannot use c (variable of type *"crypto/tls".Config) as *"example.com/tls".Config value in argument to lib.Dial`, "Its API takes types of example.com/tls where releases take those of crypto/tls"},
		{"../target/lib.go:5:2: cannot find module providing package example.com/tls: import lookup disabled by -mod=readonly", "list it in the go.mod and the go.sum of the reproduction"},
		{"../target/lib.go:5:2: no required module provides package example.com/tls; to add it:\n\tgo get example.com/tls", "list it in the go.mod and the go.sum of the reproduction"},
		{"go: updates to go.mod needed, disabled by -mod=readonly; to update it:\n\tgo mod tidy", "Its dependencies require newer versions of modules than its go.mod lists: run `go mod tidy` in it"},
		{"package m\n\timports example.com/lib\n\timports example.com/user\n\timports example.com/lib: import cycle not allowed", "A module that it imports imports the target"},
		{"../target/lib.go:5:2: undefined: x", "If it is made from another release than v1.0.0, name that with --as VERSION"},
	} {
		row := &matrix.RowResult{Reason: test.reason, Source: matrix.SourceResult{Kind: matrix.SourceModule, As: "v1.0.0"}}
		if got := nextForeign(row); !strings.Contains(got, test.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", test.reason, got, test.want)
		}
	}
}

// TestLikeItsBase checks the sentence about a fork with a single verdict.
func TestLikeItsBase(t *testing.T) {
	cells := []matrix.Cell{{Scenario: "s", Verdict: matrix.VerdictLeak}}
	fork := &matrix.RowResult{ID: "example.com/fork@v1.0.1", Source: matrix.SourceResult{Kind: matrix.SourceModule, As: "v1.0.0"}, Cells: cells}
	base := matrix.RowResult{ID: "v1.0.0", Source: matrix.SourceResult{Kind: matrix.SourceRelease, Version: "v1.0.0"}, State: matrix.StateOK, Cells: cells}
	got, same := likeItsBase(fork, []matrix.RowResult{base}, []matrix.Scenario{{Name: "s"}}, leaky)
	if want := "example.com/fork@v1.0.1 is nearest to v1.0.0, and its verdict is the same"; got != want || !same {
		t.Errorf("got %q, %v; want %q", got, same, want)
	}
}

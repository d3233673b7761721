package matrix_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestGaps(t *testing.T) {
	for words, want := range map[string]string{
		// A verdict for each release from v0.0.0, "-" if it was not tried.
		"leak - - clean":                 "fixed between v0.0.0 and v0.3.0 (2 releases not tried)",
		"- clean - flaky -":              "broken between v0.1.0 and v0.3.0 (1 release not tried)",
		"leak - leak":                    "",
		"leak clean - clean":             "",
		"leak - flaky clean":             "",
		"leak - vacuous clean":           "fixed between v0.0.0 and v0.3.0 (1 release not tried)",
		"leak vacuous clean":             "",
		"vacuous - clean - build-failed": "",
		"leak - clean - leak":            "fixed between v0.0.0 and v0.2.0 (1 release not tried); broken between v0.2.0 and v0.4.0 (1 release not tried)",
	} {
		var got []string
		for _, gap := range matrix.Gaps(sampled(strings.Fields(words))) {
			got = append(got, gap.String())
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: got %q, want %q", words, strings.Join(got, "; "), want)
		}
	}
}

// sampled returns the ranges of a scenario in releases with the given verdicts, "-" for
// those that were not tried.
func sampled(words []string) []matrix.Range {
	r := &matrix.Results{Scenarios: some}
	for i, word := range words {
		version := fmt.Sprintf("v0.%d.0", i)
		if word == "-" {
			r.Untried = append(r.Untried, version)
		} else {
			r.Rows = append(r.Rows, measured(version, word))
		}
	}
	if len(r.Rows) == 0 {
		return nil
	}
	return matrix.Intervals(r)[0].Ranges
}

// TestRangesCountEveryRelease checks that ranges count each release once from the first
// that was tried, and that two of them with an untried release in between are never
// said to be neighbours.
func TestRangesCountEveryRelease(t *testing.T) {
	word := rapid.SampledFrom([]string{"leak", "clean", "vacuous", "-", "-"})
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 1, 20).Draw(t, "words")
		ranges := sampled(words)
		at := slices.IndexFunc(words, func(w string) bool { return w != "-" })
		for i, r := range ranges {
			if r.From != fmt.Sprintf("v0.%d.0", at) {
				t.Fatalf("range %d is %+v, want it to begin with v0.%d.0", i, r, at)
			}
			at += r.Rows + r.Untried
			if r.To != fmt.Sprintf("v0.%d.0", at-1) {
				t.Fatalf("range %d is %+v, want it to end with v0.%d.0", i, r, at-1)
			}
			at += r.After
		}
		if len(ranges) > 0 && at != len(words) {
			t.Fatalf("ranges of %d releases, want %d: %v", at, len(words), ranges)
		}
	})
}

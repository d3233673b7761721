package lockfile

import (
	"encoding/base64"
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

const goodSum = "h1:FSU3YN5VnLafHR27Ejs1r1CYMS7XMyIVDzRewkDLNBw="

func TestParseSortsAndSkipsComments(t *testing.T) {
	data := "# a comment\n\n  v0.10.0\texample.com/lib  " + goodSum + "   2024-09-14T10:00:00Z\r\n" +
		"v0.9.0 example.com/old/lib " + goodSum + " -\nv0.9.1 example.com/lib - -\n"
	got, known, err := Parse("s/releases.lock", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	want := []matrix.Release{
		{Version: "v0.9.0", Module: "example.com/old/lib", Sum: goodSum},
		{Version: "v0.10.0", Module: "example.com/lib", Sum: goodSum, Time: time.Date(2024, 9, 14, 10, 0, 0, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]matrix.Release{{Version: "v0.9.1", Module: "example.com/lib"}}, known); diff != "" {
		t.Errorf("without a checksum: %s", diff)
	}
	if line := Line([]byte(data), "v0.9.0"); line != 4 {
		t.Errorf("Line = %d, want 4", line)
	}
	if line := Line([]byte(data), "v7.0.0"); line != 0 {
		t.Errorf("Line of an unknown version = %d, want 0", line)
	}
}

func TestParseReportsEveryMistake(t *testing.T) {
	data := strings.Join([]string{
		"v0.1.0 example.com/lib " + goodSum + " -",
		"v0.2.0 example.com/lib " + goodSum, // too few fields
		"0.3.0 example.com/lib " + goodSum + " -",
		"v0.4 example.com/lib " + goodSum + " -",
		"v0.5.0 example.com/lib h1:AAAA yesterday", // two mistakes on one line
		"v0.1.0 example.com/old " + goodSum + " -",
		"v0.6.0 example.com/lib " + goodSum + " 2024-09-14T10:00:00+02:00",
		"v0.7.0 exa$mple " + goodSum + " -",
		"v2.0.0 example.com/lib " + goodSum + " -",
	}, "\n")
	releases, _, err := Parse("s/releases.lock", []byte(data))
	if releases != nil {
		t.Errorf("got releases despite mistakes: %v", releases)
	}
	var problems matrix.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v, want problems", err)
	}
	want := []string{
		"s/releases.lock:2: has 3 fields",
		`s/releases.lock:3: "0.3.0" is not a version`,
		`s/releases.lock:4: "v0.4" is not a version`,
		`s/releases.lock:5: "h1:AAAA" is not a checksum`,
		`s/releases.lock:5: "yesterday" is not a time`,
		"s/releases.lock:6: v0.1.0 is already on line 1",
		`s/releases.lock:7: "2024-09-14T10:00:00+02:00" is not a time`,
		"s/releases.lock:8: malformed module path",
		`s/releases.lock:9: example.com/lib@v2.0.0: invalid version`,
	}
	if len(problems) != len(want) {
		t.Fatalf("got %d problems, want %d:\n%v", len(problems), len(want), err)
	}
	for i, p := range problems {
		if !strings.HasPrefix(p.String(), want[i]) {
			t.Errorf("problem %d:\n got %s\nwant %s...", i, p, want[i])
		}
	}
}

// TestParseIsBounded checks that neither a file that is not a lock nor a line without an
// end fills the screen.
func TestParseIsBounded(t *testing.T) {
	_, _, err := Parse("l", []byte(strings.Repeat("no lock\n", 60)))
	var problems matrix.Problems
	if !errors.As(err, &problems) || len(problems) != 51 || problems[50].String() != "l:51: and 10 more mistakes" {
		t.Errorf("%d problems: %v", len(problems), err)
	}
	_, _, err = Parse("l", []byte("v0.1.0 "+strings.Repeat("x", 5000)))
	if want := "l:1: has 5007 bytes: want at most 2048 in a line"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestFormatParseIdentity checks that Parse undoes Format, and that formatting the
// parsed releases gives the same bytes.
func TestFormatParseIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		releases := rapid.SliceOfDistinct(drawRelease(), func(r matrix.Release) string { return r.Version }).Draw(t, "releases")
		data := Format(releases)
		got, _, err := Parse("releases.lock", data)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(releases, byVersion)
		if len(releases) == 0 {
			releases = nil
		}
		if diff := cmp.Diff(releases, got); diff != "" {
			t.Fatal(diff)
		}
		if again := Format(got); string(again) != string(data) {
			t.Fatalf("formatting again gave\n%s\nnot\n%s", again, data)
		}
	})
}

func drawRelease() *rapid.Generator[matrix.Release] {
	return rapid.Custom(func(t *rapid.T) matrix.Release {
		r := matrix.Release{
			Version: fmt.Sprintf("v%d.%d.%d%s", rapid.IntRange(0, 1).Draw(t, "major"), rapid.IntRange(0, 20).Draw(t, "minor"),
				rapid.IntRange(0, 20).Draw(t, "patch"), rapid.SampledFrom([]string{"", "-rc.1", "-beta"}).Draw(t, "pre")),
			Module: rapid.SampledFrom([]string{"example.com/lib", "example.com/old/lib"}).Draw(t, "module"),
			Sum:    sumPrefix + base64.StdEncoding.EncodeToString(rapid.SliceOfN(rapid.Byte(), sumBytes, sumBytes).Draw(t, "sum")),
		}
		if rapid.Bool().Draw(t, "dated") {
			r.Time = time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
		}
		return r
	})
}

// TestForks checks that forks are told apart by path and version, and written in that
// order.
func TestForks(t *testing.T) {
	data := "v1.0.0 example.com/b " + goodSum + " -\n" +
		"v1.10.0 example.com/a " + goodSum + " -\n" +
		"v1.0.0 example.com/a " + goodSum + " 2024-09-14T10:00:00Z\n"
	forks, err := ParseForks("s/forks.lock", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	want := forksHeading + "v1.0.0 example.com/a " + goodSum + " 2024-09-14T10:00:00Z\n" +
		"v1.10.0 example.com/a " + goodSum + " -\nv1.0.0 example.com/b " + goodSum + " -\n"
	if diff := cmp.Diff(want, string(FormatForks(forks))); diff != "" {
		t.Error(diff)
	}
	if line := ForkLine([]byte(data), forks[0]); line != 3 {
		t.Errorf("ForkLine = %d, want 3", line)
	}
	_, err = ParseForks("s/forks.lock", []byte(data+"v1.0.0 example.com/b "+goodSum+" -\n"))
	if want := "s/forks.lock:4: v1.0.0 is already on line 1: a release has one line"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

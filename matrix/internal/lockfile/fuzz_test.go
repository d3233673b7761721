package lockfile

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// FuzzLock parses a lock. Each mistake has the file and a line that it has, and nothing
// in it controls a terminal. Releases survive being written and read again.
func FuzzLock(f *testing.F) {
	const good = "v0.1.0 example.com/lib " + goodSum
	for _, data := range []string{
		"", "\n", "# only a comment\n", good + " -\nv0.2.0 example.com/lib - -\n", good + " -\n", good + " 2024-09-14T10:00:00.5Z", "\ufeff" + good + " -\r\n",
		"  v0.2.0-rc.1\texample.com/lib  " + goodSum + "   -\v\n" + good + " -", good + " -\n" + good + " -\n",
		good + " 9999-12-31T23:59:59.999999999Z\n", good + " 0000-01-01T00:00:00Z\n", good + " 0001-01-01T00:00:00Z\n",
		"v2.0.0+incompatible example.com/lib " + goodSum + " -\nv2.0.0 example.com/lib/v2 " + goodSum + " -\n",
		"v0.1.0 gopkg.in/lib.v0 " + goodSum + " -\n", "v0.1.0 example.com/\x1b[2J\u202e h1:\x00 ::error::x\n", "0.3.0 x h1:AAAA yesterday\n",
		strings.Repeat("no lock\n", 60), "0 0 h1:" + strings.Repeat("\xb5", maxLine-20) + " -", "v0.1.0 " + strings.Repeat("\x7f", maxLine-20) + " h1: 0", "v0.1.0 " + strings.Repeat("x", maxLine),
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		releases, known, err := Parse("l", data)
		if err != nil {
			checkProblems(t, err, 1+strings.Count(string(data), "\n"))
			return
		}
		written := Format(slices.Concat(releases, known))
		again, knownAgain, err := Parse("l", written)
		if diff := cmp.Diff(releases, again) + cmp.Diff(known, knownAgain); err != nil || diff != "" {
			t.Fatalf("written and read again: %v\n%s", err, diff)
		}
		for _, r := range releases {
			if line := Line(data, r.Version); line == 0 || !strings.Contains(strings.Split(string(data), "\n")[line-1], r.Sum) {
				t.Errorf("line %d does not have %s", line, r.Version)
			}
		}
	})
}

// checkProblems checks the mistakes in a file of so many lines.
func checkProblems(t *testing.T, err error, lines int) {
	t.Helper()
	var problems matrix.Problems
	if !errors.As(err, &problems) || len(problems) > maxMistakes+1 {
		t.Fatalf("%d problems: %v", len(problems), err)
	}
	for _, p := range problems {
		if p.File != "l" || p.Line < 1 || p.Line > lines || text.Line(p.Text) != p.Text || len(p.Text) > 2*maxLine {
			t.Errorf("of %d lines: %q", lines, p)
		}
	}
}

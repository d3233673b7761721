package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// wide returns the sample with more columns.
func wide(more int) *matrix.Grid {
	g := sample()
	for i := range more {
		g.Columns = append(g.Columns, matrix.Scenario{Name: fmt.Sprintf("more-%d", i), Kind: matrix.KindWorkaround})
	}
	for i, row := range g.Rows {
		for range more {
			if len(row.Cells) > 0 {
				g.Rows[i].Cells = append(g.Rows[i].Cells, matrix.GridCell{Cell: matrix.Cell{Verdict: matrix.VerdictLeak}, Symbol: "L"})
			}
		}
	}
	return g
}

// TestNarrow checks a table that is too wide for the screen.
func TestNarrow(t *testing.T) {
	var out bytes.Buffer
	if err := Terminal(&out, wide(20), Screen{Width: 60}); err != nil {
		t.Fatal(err)
	}
	golden(t, "narrow.txt", out.Bytes())
}

// TestScreen checks that the width of a screen changes only where lines are broken and
// how far cells are apart, and that no line is too long without need.
func TestScreen(t *testing.T) {
	var file bytes.Buffer
	if err := Terminal(&file, wide(20), Screen{}); err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{1, 62, 80, 100, 200} {
		var out bytes.Buffer
		if err := Terminal(&out, wide(20), Screen{Width: width}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Join(strings.Fields(file.String()), ""), strings.Join(strings.Fields(out.String()), "")); diff != "" {
			t.Errorf("%d columns say something else:\n%s", width, diff)
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); width >= 62 && n > min(width, 100) {
				t.Errorf("%d columns: a line has %d:\n%s", width, n, line)
			}
		}
	}
}

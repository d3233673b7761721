package plans

import (
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestNarrow prints the plan of a fork with a long name and patches. No line of the table
// is wider than the screen, down to what short names take.
func TestNarrow(t *testing.T) {
	const id = "example.com/somebody/lib@v1.2.4-0.20260806010916-184d081eef3e"
	v := View{Target: "example.com/lib"}
	for _, patches := range [][]string{{}, {"drop-queued-datagrams", "drop-queued-resets"}} {
		v.Rows = append(v.Rows, Row{
			ID: strings.Join(append([]string{id}, patches...), "+"), Version: "v1.2.4-0.20260806010916-184d081eef3e", Module: "example.com/somebody/lib",
			Kind: matrix.SourceModule, Base: "v1.2.3", Sum: "h1:", Patches: patches, Toolchain: "go1.26.8", Supported: true,
		})
	}
	for width, want := range map[int]string{
		0:   v.Rows[1].ID + "  example.com/somebody/lib, nearest to v1.2.3  go1.26.8   -        drop-queued-datagrams, drop-queued-resets  ~0.0s\n",
		180: v.Rows[1].ID + "  example.com/somebody/lib, nearest to v1.2.3  go1.26.8   -        ~0.0s\n",
		140: v.Rows[1].ID + "  go1.26.8   -        ~0.0s\n",
		80:  "\nsomebody@184d081eef3e  go1.26.8   -        ~0.0s\n  + 2 patches          go1.26.8   -        ~0.0s\n",
	} {
		table := v.fit(width)
		if !strings.HasSuffix(table, want) {
			t.Errorf("in %d columns, got\n%swant at the end\n%s", width, table, want)
		}
		for line := range strings.Lines(table) {
			if width > 0 && len(line) > width+1 {
				t.Errorf("in %d columns: %q", width, line)
			}
		}
	}
}

// TestLeftOut checks that a long reason is broken at the width of the screen, if that is
// known.
func TestLeftOut(t *testing.T) {
	v := View{Skips: []matrix.Skip{{ID: "v1.0.0+mend", Reason: "no variant of mend names v1.0.0"}}}
	for width, want := range map[int]string{
		0:  "\nLeft out:\n  v1.0.0+mend: no variant of mend names v1.0.0\n",
		40: "\nLeft out:\n  v1.0.0+mend: no variant of mend names\n    v1.0.0\n",
	} {
		var out strings.Builder
		if err := v.Text(&out, width); err != nil || !strings.HasSuffix(out.String(), want) {
			t.Errorf("in %d columns, got\n%swant at the end\n%s", width, out.String(), want)
		}
	}
}

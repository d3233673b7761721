package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// backports returns a table with every kind of cell.
func backports() *matrix.Backports {
	both, mend, later := []string{"drop", "drop-late"}, []string{"mend"}, []string{"later"}
	return &matrix.Backports{
		Words: leaky.Complete(),
		Suite: "demo", Target: "example.com/lib", Matrixrun: "v1", Host: matrix.Host{GOOS: "linux", GOARCH: "amd64"},
		Generated: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC),
		Columns:   []matrix.BackportColumn{{Name: "mend", Patches: mend}, {Name: "later", Patches: later}, {Name: "all together"}},
		Rows: []matrix.BackportRow{
			{Release: "v1.0.0", Cells: []matrix.BackportCell{
				{ID: "v1.0.0+mend", Patches: mend, Applies: "offset 12", Builds: "yes", Asked: true, For: both, Before: both, Based: true, Judged: true,
					Rest: []string{"wait: leak -> clean", "idle: leak -> clean"}, Upstream: "breaks 1", Effect: matrix.EffectFixes, Short: true},
				{Applies: "not for"}, {},
			}},
			{Release: "v1.1.0", Cells: []matrix.BackportCell{
				{ID: "v1.1.0+mend", Patches: mend, Applies: "conflict", Asked: true, For: both, Before: both[:1], Based: true, Effect: matrix.EffectConflict, Short: true},
				{ID: "v1.1.0+later", Patches: later, Applies: "exact", Builds: "yes", Asked: true, For: both[1:], Based: true, Judged: true, Effect: matrix.EffectNotNeeded},
				{ID: "v1.1.0+mend+later", Patches: []string{"mend", "later"}, Applies: "exact", Builds: "yes", Asked: true, For: both, Judged: true, Before: both, After: both[:1],
					Rest: []string{"wait: clean -> flaky"}, Effect: matrix.EffectStillLeaks, Short: true},
			}},
		},
		Answers: []string{"mend fixes what it is for in v1.0.0"},
		Unknown: []matrix.Finding{{Row: "v1.2.0", Text: "v1.2.0: it is not available"}},
		Short: []matrix.Shortage{
			{Rows: []string{"v1.1.0+mend"}, Text: "v1.1.0: mend does not apply", Detail: "x.go: hunk\n  the file has:\n  >  7|\ta\x1b[31mb ```",
				Next: "write a variant: `Releases: = 1.1.0` in its header; the nearest release that it applies to unchanged, which is a long way to say it: v1.0.0"},
			{Rows: []string{"v1.1.0+mend+later"}, Text: "v1.1.0: there are *still* leaks in drop", Next: "see how: `matrixrun show v1.1.0+mend+later/drop`"},
		},
	}
}

func TestBackports(t *testing.T) {
	var out, md bytes.Buffer
	if err := Backports(&out, backports(), Screen{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "backports.txt", out.Bytes())
	if err := BackportsMarkdown(&md, backports()); err != nil {
		t.Fatal(err)
	}
	golden(t, "backports.md", md.Bytes())
	if strings.Contains(out.String()+md.String(), "\x1b") {
		t.Error("an escape sequence came through")
	}
}

// TestBackportsOfOnePatch checks that one patch has no table of all patches, and no
// columns that are empty.
func TestBackportsOfOnePatch(t *testing.T) {
	b := backports()
	b.Columns = b.Columns[:1]
	for i := range b.Rows {
		b.Rows[i].Cells = b.Rows[i].Cells[:1]
		b.Rows[i].Cells[0].Upstream = ""
	}
	var out bytes.Buffer
	if err := Backports(&out, b, Screen{}); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, "upstream") || strings.Contains(text, "->  ") || strings.Contains(text, "mend:\n") {
		t.Errorf("got\n%s", text)
	}
}

package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	tables "github.com/matrixrun/matrixrun/matrix/grid"
)

// nasty is a text that tries to break out of every format there is.
const nasty = "=cmd|' /C calc'!A0,\"x\"\r\n::error::\x1b[2J]]><script>alert(1)</script> | `a` *b* %0A\x00\xff\u202e\ufffe&amp;"

// A rowMaker makes rows, each released a day after the one before.
type rowMaker struct{ day int }

// row makes a row of a release. If its state is ok, it gets a control and a planted
// leak before its cells.
func (m *rowMaker) row(version string, state matrix.State, cells ...matrix.Cell) matrix.RowResult {
	m.day++
	r := matrix.RowResult{
		ID: version, State: state, Toolchain: "go1.26.0", Adapter: "new", Replace: "=> example.com/lib " + version,
		Source: matrix.SourceResult{Kind: "release", Version: version, Module: "example.com/lib", Sum: "h1:abc=", Time: time.Date(2026, 1, m.day, 1, 2, 3, 0, time.UTC)},
		Cells:  cells,
	}
	if state == matrix.StateOK {
		r.Binary = fmt.Sprintf("sha256:%064d", m.day)
		r.Cells = append([]matrix.Cell{cleanCell("control", ""), leakCell("planted", "")}, cells...)
	}
	return r
}

// patched makes a row of a release with a patch for drop-a.
func (m *rowMaker) patched(version, patch string, effect matrix.Effect, state matrix.State, cells ...matrix.Cell) matrix.RowResult {
	r := m.row(version, state, cells...)
	r.ID, r.Effect, r.Fixes = version+"+"+patch, effect, []string{"drop-a"}
	r.Patches = []matrix.Applied{{Name: patch, SHA256: "abc", Apply: matrix.ApplyOffset, Offset: 12}}
	return r
}

// aResult makes a cell with a verdict, and with sightings if it leaks.
func aResult(name string, v matrix.Verdict, leaks, trials int, expected matrix.Verdict) matrix.Cell {
	c := matrix.Cell{Scenario: name, Verdict: v, Leaks: leaks, Trials: trials, Expected: expected}
	if trials > 0 {
		c.Interval = &[2]float64{float64(leaks) / float64(trials) / 2, (float64(leaks)/float64(trials) + 1) / 2}
	}
	if leaks > 0 {
		c.Severity = matrix.SeverityMild
		c.Saw = []matrix.Sighting{{Side: "server", Stream: new(int64(4)), Code: new(uint64(7)), Error: "stream 4 was reset"}, {Side: "client", Stream: new(int64(-1)), Code: new(uint64(9)), Error: nasty}}
	}
	return c
}

// cleanCell makes a cell that is clean.
func cleanCell(name string, expected matrix.Verdict) matrix.Cell {
	return aResult(name, matrix.VerdictClean, 0, 10, expected)
}

// leakCell makes a cell that leaks.
func leakCell(name string, expected matrix.Verdict) matrix.Cell {
	return aResult(name, matrix.VerdictLeak, 10, 10, expected)
}

// because gives a cell a reason.
func because(c matrix.Cell, reason string) matrix.Cell {
	c.Reason = reason
	return c
}

// variety returns results with every state, verdict and standing, and with a hostile
// text in every place.
func variety() *matrix.Results {
	return &matrix.Results{
		Words:  leaky,
		Schema: matrix.SchemaVersion, Suite: "demo", Target: "example.com/lib", Matrixrun: "v1.2.3",
		Generated: time.Date(2026, 2, 1, 23, 0, 0, 0, time.UTC), Lock: "sha256:1", Reproduction: "sha256:2",
		Host: matrix.Host{GOOS: "linux", GOARCH: "amd64", CPUs: 2},
		Scenarios: []matrix.Scenario{
			{Name: "control", Kind: matrix.KindControl, Title: "nothing is dropped"},
			{Name: "planted", Kind: matrix.KindPlanted, Title: "a drop on purpose"},
			{Name: "drop-a", Kind: matrix.KindProbe, Title: "one drop: " + nasty},
			{Name: "drop-b", Kind: matrix.KindProbe, Title: "another drop"},
			{Name: "wait", Kind: matrix.KindWorkaround, Title: "wait for it"},
		},
		Rows:  varietyRows(),
		Costs: map[string]matrix.CPU{"v1.0.0": {Build: 2.5, Tools: 2, Trials: 0.25}, "v1.0.0+mend": {Build: 1}},
	}
}

// varietyRows returns the rows of variety.
func varietyRows() []matrix.RowResult {
	kill, vacuous := leakCell("drop-b", "leak"), because(aResult("drop-a", matrix.VerdictVacuous, 0, 2, "clean"), "2 of 20 trials were proven")
	kill.Severity = matrix.SeveritySevere
	kill.Frames = make([]matrix.WireFrame, 11)
	kill.Evidence = []string{"evidence/v1.0.0/drop-b.pcapng"}
	vacuous.Inconclusive = 18
	crash := because(aResult("drop-b", matrix.VerdictError, 0, 3, ""), "exit status 2:\n\tpanic: "+nasty)
	unsupported := because(aResult("drop-b", matrix.VerdictUnsupported, 0, 0, ""), "no adapter")
	quiet := because(aResult("drop-b", matrix.VerdictVacuous, 0, 0, "vacuous"), "0 of 20 trials were proven")

	var m rowMaker
	ok := matrix.StateOK
	old := m.row("v0.9.0", ok, leakCell("drop-a", "leak"), unsupported, cleanCell("wait", ""))
	old.Source.Module, old.Source.Rehomed, old.Replace = "example.com/old/lib", true, "=> ./v0.9.0"
	failed := m.row("v1.3.0", matrix.StateBuildFailed)
	failed.Reason = "# example.com/lib\nlib.go:1:2: undefined: T\n" + nasty
	expected := m.row("v1.4.0", matrix.StateBuildFailed)
	expected.Reason, expected.ExpectedState = "lib.go:1:2: undefined: U", matrix.StateBuildFailed
	gone := m.row("v1.5.0", matrix.StateUnavailable)
	gone.Reason = nasty
	conflict := m.patched("v1.1.0", "mend", matrix.EffectConflict, matrix.StatePatchConflict)
	conflict.Reason = "lib.go: no place for hunk 1"
	short := m.row("v1.7.0", ok, cleanCell("drop-a", "clean"), cleanCell("drop-b", "clean"))
	return []matrix.RowResult{
		old,
		m.row("v1.0.0", ok, leakCell("drop-a", "leak"), kill, cleanCell("wait", "clean")),
		m.patched("v1.0.0", "mend", matrix.EffectFixes, ok, cleanCell("drop-a", ""), cleanCell("drop-b", ""), cleanCell("wait", "")),
		m.row("v1.1.0", ok, leakCell("drop-a", "clean"), aResult("drop-b", matrix.VerdictFlaky, 2, 10, "leak"), cleanCell("wait", "")),
		conflict,
		m.patched("v1.1.0", "half", matrix.EffectStillLeaks, ok, leakCell("drop-a", ""), cleanCell("drop-b", ""), cleanCell("wait", "")),
		m.row("v1.2.0", ok, cleanCell("drop-a", "leak"), quiet, cleanCell("wait", "")),
		failed, expected, gone,
		m.row("v1.6.0", ok, vacuous, crash, leakCell("wait", "")),
		short,
	}
}

// hostile returns variety with names that nobody would choose and any file may have.
func hostile() *matrix.Results {
	r := variety()
	r.Suite, r.Target, r.Matrixrun, r.Host.GOOS = nasty, nasty, nasty, nasty
	rename := func(name string) string { return name + nasty }
	r.Question, r.Who = nasty, nasty
	r.Families = []matrix.Family{{
		Name: nasty, Title: nasty, Consequence: nasty, Condition: nasty, Scenarios: []string{rename("drop-a"), rename("drop-b")},
		Changes: []matrix.FamilyChange{{Release: rename("v1.0.0"), By: nasty}},
	}}
	for i := range r.Scenarios {
		r.Scenarios[i].Name, r.Scenarios[i].Title = rename(r.Scenarios[i].Name), nasty
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		row.ID, row.Toolchain, row.Adapter, row.Replace, row.Server = rename(row.ID), nasty, nasty, nasty, nasty
		row.Source.Module, row.Source.Sum = nasty, nasty
		for j := range row.Patches {
			row.Patches[j].Name = nasty
		}
		for j := range row.Cells {
			row.Cells[j].Scenario = rename(row.Cells[j].Scenario)
		}
	}
	return r
}

// many returns results with many rows, each with a difference and an unknown.
func many(rows int) *matrix.Results {
	r := variety()
	template := r.Rows[3]
	r.Rows = nil
	for i := range rows {
		row := template
		row.Source.Version = fmt.Sprintf("v1.%d.0", i)
		row.ID = row.Source.Version
		row.Cells = append([]matrix.Cell(nil), template.Cells...)
		row.Cells[3].Verdict, row.Cells[3].Reason = matrix.VerdictError, strings.Repeat(fmt.Sprintf("crash %d ", i), 8)
		row.Cells[2].Leaks = 1 + i%10 // so that no two neighbours differ alike
		row.Cells[2].Trials = 11
		r.Rows = append(r.Rows, row)
	}
	return r
}

// formats are the writers of this package that are made from a table, by the name
// of their golden file.
var formats = map[string]func(io.Writer, *matrix.Grid) error{
	"variety.junit.xml":       JUnit,
	"variety.csv":             CSV,
	"variety.svg":             SVG,
	"variety.osv.json":        OSV,
	"variety.summary.md":      func(w io.Writer, g *matrix.Grid) error { return Summary(w, g, SummaryLimit) },
	"variety.annotations.txt": Annotations,
	"variety.badge.svg":       func(w io.Writer, g *matrix.Grid) error { return Badge(w, g, Newest(g)) },
}

// made returns the results in a format.
func made(t *testing.T, format string, r *matrix.Results) string {
	t.Helper()
	var out bytes.Buffer
	if err := formats[format](&out, tables.New(r)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestFormats compares each format with its golden file, and checks that it does not
// change the results and is the same every time.
func TestFormats(t *testing.T) {
	for name := range formats {
		t.Run(name, func(t *testing.T) {
			r := variety()
			before := fmt.Sprintf("%+v", r)
			out := made(t, name, r)
			golden(t, name, []byte(out))
			if after := fmt.Sprintf("%+v", r); after != before {
				t.Error("the results were changed by printing them")
			}
			if again := made(t, name, r); again != out {
				t.Error("it differs the second time")
			}
			for what, r := range map[string]*matrix.Results{
				"nothing": {}, "no rows": {Suite: "demo", Scenarios: r.Scenarios}, "no scenarios": {Rows: []matrix.RowResult{{ID: "v1.0.0", State: "ok"}}},
			} {
				if made(t, name, r) == "" && name != "variety.annotations.txt" {
					t.Errorf("%s: it is empty", what)
				}
			}
		})
	}
}

// TestHarmless checks that no format lets through what could move the cursor of a
// terminal or change the reading direction, or what is not text.
func TestHarmless(t *testing.T) {
	for name := range formats {
		out := made(t, name, hostile())
		for _, bad := range []string{"\x1b", "\x00", "\u202e", "\ufffe", "\xff"} {
			if strings.Contains(out, bad) {
				t.Errorf("%s has %q", name, bad)
			}
		}
	}
}

// leaky are the words of a suite about leaks.
var leaky = matrix.Words{
	Leak:   matrix.Phrase{One: "leaks", Past: "leaked", Noun: "leak", Name: "leak", Sign: "L"},
	Clean:  matrix.Phrase{One: "is clean"},
	Mild:   matrix.Phrase{One: "harms one stream", Name: "stream"},
	Severe: matrix.Phrase{One: "can kill the connection", Name: "connection", Sign: "C"},
	Part:   "stream",
	All:    "connection",
}

package grid

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// columns are the scenarios of the tests in this package.
var columns = []matrix.Scenario{
	{Name: "control", Kind: matrix.KindControl},
	{Name: "planted", Kind: matrix.KindPlanted},
	{Name: "drop-a", Kind: matrix.KindProbe},
	{Name: "drop-b", Kind: matrix.KindProbe},
	{Name: "retry", Kind: matrix.KindWorkaround},
}

// sketch makes rows from lines such as "v0.1.0+fix ·L C·": an ID, and a symbol for
// each column or a state after an exclamation mark. Spaces between symbols are
// ignored. F is a flaky cell that can kill the connection; _ is not a cell.
func sketch(lines ...string) []matrix.RowResult {
	var rows []matrix.RowResult
	for _, line := range lines {
		id, rest, _ := strings.Cut(line, " ")
		made := matrix.ParseRowID(id)
		row := matrix.RowResult{ID: id, State: matrix.StateOK, Toolchain: "go1.26.0"}
		row.Source.Version = made.Version
		for _, name := range made.Patches {
			row.Patches = append(row.Patches, matrix.Applied{Name: name})
		}
		if state, ok := strings.CutPrefix(rest, "!"); ok {
			row.State, row.Reason = matrix.State(state), "# example.com/lib\nfirst line\nsecond line"
			rest = ""
		}
		for i, symbol := range []rune(strings.ReplaceAll(rest, " ", "")) {
			if symbol != '_' {
				row.Cells = append(row.Cells, sketchCell(columns[i].Name, symbol))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// sketchCell makes a cell with the verdict of a symbol.
func sketchCell(name string, symbol rune) matrix.Cell {
	c := matrix.Cell{Scenario: name, Trials: 10, Interval: &[2]float64{0, 0.3085}}
	switch symbol {
	case '·':
		c.Verdict = matrix.VerdictClean
	case 'L', 'C':
		c.Verdict, c.Leaks, c.Severity, c.Interval = matrix.VerdictLeak, 10, matrix.SeverityMild, &[2]float64{0.6915, 1}
	case '~', 'F':
		c.Verdict, c.Leaks, c.Severity, c.Interval = matrix.VerdictFlaky, 2, matrix.SeverityMild, &[2]float64{0.0252, 0.5561}
	case '?':
		c.Verdict, c.Reason, c.Trials, c.Interval = matrix.VerdictVacuous, "nothing was proven.", 0, nil
	case 'E':
		c.Verdict, c.Reason = matrix.VerdictError, "exit status 2"
	case '-':
		c.Verdict, c.Reason, c.Trials, c.Interval = matrix.VerdictUnsupported, "there is no adapter", 0, nil
	default:
		panic(fmt.Sprintf("unknown symbol %q", symbol))
	}
	if symbol == 'C' || symbol == 'F' {
		c.Severity = matrix.SeveritySevere
	}
	return c
}

// drawn turns a table back into a sketch, with labels and footnote marks.
func drawn(g *matrix.Grid) []string {
	var lines []string
	for _, row := range g.Rows {
		line := row.Label + fmt.Sprint(row.Notes) + " "
		if len(row.Cells) == 0 {
			line += "!" + string(row.State)
		}
		for _, c := range row.Cells {
			line += c.Symbol
			if len(c.Notes) > 0 {
				line += fmt.Sprint(c.Notes)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// TestNew checks rows, footnotes and the legend of a table with all verdicts, and
// that making it does not change the results.
func TestNew(t *testing.T) {
	rows := sketch(
		"v0.10.0 ·L ··_",
		"v0.2.0 ·L C~·",
		"v0.2.0+fix !patch-conflict",
		"v0.1.0 -- ---",
		"v0.9.0 ?L FE?",
		"v0.9.0+fix ·L ···",
		"v0.9.1 !build-failed",
		"v0.9.1+fix !build-failed",
	)
	rows[1].Toolchain = "go1.20.14"
	rows[3].Toolchain, rows[3].Source.Rehomed, rows[3].Source.Module = "go1.20.14", true, "example.com/old/lib"
	rows[5].Patches[0].Apply, rows[5].Patches[0].Offset, rows[5].Effect = matrix.ApplyOffset, -12, matrix.EffectFixes
	rows[1].Cells[2].Expected = matrix.VerdictClean
	rows[1].Cells[3].Reason = "2 of 5 trials leaked, and 0 of 5 when it ran alone"
	results := &matrix.Results{Words: leaky, Suite: "demo", Scenarios: columns, Rows: rows}
	before, err := json.Marshal(results)
	if err != nil {
		t.Fatal(err)
	}
	g := New(results)
	if diff := cmp.Diff([]string{
		"v0.1.0[0 1] -[2]-[2]-[2]-[2]-[2]",
		"v0.2.0[0] ·LC~[3]·",
		"  + fix[4] !patch-conflict",
		"v0.9.0[] ?[5]L~[6]E[7]?[5]",
		"  + fix[8] ·L·[9]··",
		"v0.9.1[10] !build-failed",
		"  + fix[10] !build-failed",
		"v0.10.0[] ·L·[9]·[11] ",
	}, drawn(g)); diff != "" {
		t.Errorf("rows: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"built with go1.20.14",
		"rehomed from example.com/old/lib",
		"unsupported: there is no adapter",
		"flaky: 2 of 10 trials, 95 % interval 3 % - 56 %; 2 of 5 trials leaked, and 0 of 5 when it ran alone",
		"patch-conflict: first line",
		"not shown: nothing was proven",
		"flaky: 2 of 10 trials, 95 % interval 3 % - 56 %, can kill the connection",
		"error: exit status 2",
		"fix applies at other lines, up to 12 away",
		"0 of 10 trials may be chance, next to 2 of 10 in v0.9.0: take more with --trials",
		"build-failed: first line",
		"0 of 10 trials may be chance, next to 2 of 10 in v0.2.0: take more with --trials",
	}, g.Footnotes); diff != "" {
		t.Errorf("footnotes: -want +got:\n%s", diff)
	}
	checkHead(t, g)
	after, _ := json.Marshal(results)
	if diff := cmp.Diff(string(before), string(after)); diff != "" {
		t.Errorf("the results were changed: %s", diff)
	}
	if diff := cmp.Diff(g, New(results)); diff != "" {
		t.Errorf("a second table differs: %s", diff)
	}
}

// checkHead checks what TestNew expects above and below the table, and the cells of
// v0.2.0.
func checkHead(t *testing.T, g *matrix.Grid) {
	t.Helper()
	var symbols string
	for _, s := range g.Legend {
		symbols += s.Symbol
	}
	if symbols != "·LC~?E-!" || g.Toolchain != "go1.26.0" || g.Trials != [2]int{10, 10} || g.Weakest == nil || g.Weakest.Interval[1] != 0.3085 {
		t.Errorf("legend %s, toolchain %s, trials %v, weakest %v", symbols, g.Toolchain, g.Trials, g.Weakest)
	}
	cell := g.Rows[1].Cells
	if !cell[0].Holds || !cell[1].Holds || cell[2].Holds || !cell[2].Kills() || !cell[2].Differs() || cell[3].Word != "flaky 2/10" {
		t.Errorf("cells of v0.2.0: %+v", cell)
	}
}

// TestNewServer checks that a server which all rows share needs no footnote.
func TestNewServer(t *testing.T) {
	rows := sketch("v0.1.0 -- ---", "v0.2.0 ·L ···")
	rows[0].Server, rows[1].Server = "v0.9.0", "v0.9.0"
	results := &matrix.Results{Words: leaky, Suite: "demo", Scenarios: columns, Rows: rows}
	rows[1].Cells[0].Unread, rows[1].Cgo = "no key is known", []string{"a.go", "b.go"}
	g := New(results)
	if diff := cmp.Diff([]string{"unsupported: there is no adapter", "built without cgo, which a.go and b.go would need", "not confirmed by a capture: no key is known"}, g.Footnotes); diff != "" || g.Server != "v0.9.0" || g.Exit() != matrix.ExitOK {
		t.Errorf("server %q, exit %d, footnotes: %s", g.Server, g.Exit(), diff)
	}
	rows[1].Server = ""
	g = New(results)
	if diff := cmp.Diff([]string{"against a server of v0.9.0", "unsupported: there is no adapter", "built without cgo, which a.go and b.go would need", "not confirmed by a capture: no key is known"}, g.Footnotes); diff != "" || g.Server != "" {
		t.Errorf("server %q, footnotes: %s", g.Server, diff)
	}
}

// TestNewOfNothing checks that no results make an empty table.
func TestNewOfNothing(t *testing.T) {
	g := New(&matrix.Results{Words: leaky})
	if len(g.Rows)+len(g.Answers)+len(g.Footnotes) > 0 || g.Weakest != nil || g.Exit() != matrix.ExitOK {
		t.Errorf("got %+v", g)
	}
}

func TestPercent(t *testing.T) {
	for rate, want := range map[float64]string{
		0: "0 %", 1: "100 %", 0.0252: "3 %", 0.5561: "56 %", 0.003: "0.3 %", 0.00004: "0.004 %", 0.998: "99.8 %", 0.9999999: "100.0000 %",
	} {
		if got := percent(rate); got != want {
			t.Errorf("percent(%v) = %s, want %s", rate, got, want)
		}
	}
}

// TestTwins checks that a row with the binary of an earlier one has a footnote that
// names the first of them.
func TestTwins(t *testing.T) {
	rows := sketch("v0.1.0 ·LLL·", "v0.2.0 ·LLL·", "v0.3.0 ·L···", "v0.4.0 ·LLL·", "v0.5.0 !build-failed", "v0.6.0 !build-failed")
	for i, binary := range []string{"a", "a", "b", "a", "", ""} {
		rows[i].Binary = binary
	}
	g := New(&matrix.Results{Words: leaky, Rows: rows, Scenarios: columns})
	var got []string
	for _, row := range g.Rows[:4] {
		text := ""
		for _, n := range row.Notes {
			text += g.Footnotes[n]
		}
		got = append(got, text)
	}
	const same = "the same binary as v0.1.0: the results of one hold for both"
	if diff := cmp.Diff([]string{"", same, "", same}, got); diff != "" {
		t.Error(diff)
	}
	for _, row := range g.Rows[4:] {
		if len(row.Notes) != 1 {
			t.Errorf("a row without a binary has the notes %v", row.Notes)
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

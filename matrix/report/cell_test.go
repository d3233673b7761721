package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// aCell returns a cell with trials that count for something else than they report, and
// with texts that would harm a terminal.
func aCell() *CellReport {
	cell := matrix.Cell{
		Scenario: "reset", Verdict: matrix.VerdictError, Leaks: 1, Trials: 1, Inconclusive: 1, Interval: &[2]float64{0.025, 1},
		Severity: matrix.SeverityMild, Expected: matrix.VerdictLeak, Reason: "a process\x1b[2J crashed",
		Saw:    []matrix.Sighting{{Side: "server", Stream: new(int64(-1)), Code: new(uint64(7)), Error: "gone\n"}},
		Frames: []matrix.WireFrame{{From: "client", Packet: "data", Number: 3, US: 1500, Type: "RESET", Stream: 4, Code: 7}},
	}
	return &CellReport{
		Words: leaky,
		Suite: "demo", Target: "example.com/lib", Scenario: matrix.Scenario{Name: "reset", Title: "one stream is reset"}, Cell: &cell,
		Row: matrix.RowResult{ID: "v1.0.0", Replace: "=> example.com/lib v1.0.0", Toolchain: "go1.20.14", Adapter: "old"},
		Trace: &matrix.Trace{
			Trials: []matrix.Trial{
				{Outcome: matrix.OutcomeLeak, Severity: matrix.SeverityMild, ElapsedUS: 2900, Proof: map[string]any{"b": 1, "a": true}, Why: "it came"},
				{Outcome: matrix.OutcomeClean, Wire: &matrix.Wire{Why: "it left"}},
			},
			Failures: []matrix.Failure{{Kind: matrix.FailureCrash, Reason: "exit status 2", Log: "one\ntwo\n"}},
		},
		Counts: []matrix.Outcome{matrix.OutcomeLeak, matrix.OutcomeInconclusive},
		More:   1, Kept: []string{"evidence/v1.0.0/reset.pcapng"}, Repeat: []string{"go build", "./repro"},
	}
}

const aCellText = `v1.0.0/reset: error (stream), 1 of 1 proven trial leaked, 1 inconclusive, 95 % interval
  2.5 - 100.0 %; leak is expected
  a process�[2J crashed
  one stream is reset
  replace example.com/lib => example.com/lib v1.0.0, go1.20.14, tags old

Trials:
   0  leak          stream         2.9ms  a=true b=1  it came
   1  inconclusive (says clean)                    0s    the capture disagrees: it left
crash: exit status 2
  | one
  | two
  and 1 more trial in the record, which this verdict does not need: --sure, or --trials N --fixed, takes them in

Seen in the trial that decided:
  server    connection  code 7  gone

On the wire in that trial:
     1.5ms  client  data packet 3  RESET  stream 4, code 7, final size 0

Evidence:
  evidence/v1.0.0/reset.pcapng, in the record: -o DIR writes it

Repeat it by hand, in an empty folder:
  go build
  ./repro
`

func TestCell(t *testing.T) {
	var out strings.Builder
	if err := Cell(&out, aCell(), Screen{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(aCellText, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCellNarrow checks that a narrow screen breaks what is wider, and that trials share
// the lines that this takes if they differ in their times alone.
func TestCellNarrow(t *testing.T) {
	r := aCell()
	r.Trace.Trials = append([]matrix.Trial{r.Trace.Trials[0], r.Trace.Trials[0]}, r.Trace.Trials...)
	r.Trace.Trials[1].ElapsedUS, r.Trace.Trials[3].Wire = 3100, nil
	r.Counts = []matrix.Outcome{matrix.OutcomeLeak, matrix.OutcomeLeak, matrix.OutcomeLeak, matrix.OutcomeClean}
	const want = `
  replace example.com/lib =>
    example.com/lib v1.0.0, go1.20.14,
    tags old

Trials:
   0 - 2  leak          stream         3.1ms  a=true
      b=1
      it came
   3  clean                           0s
`
	var out strings.Builder
	if err := Cell(&out, r, Screen{Width: 40}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), want) || !strings.Contains(out.String(), "data packet 3  RESET\n            stream 4, code 7, final size\n            0\n") {
		t.Errorf("got\n%s\nwant in it\n%s", out.String(), want)
	}
}

// TestCellElsewhere checks the parts that not every cell has.
func TestCellElsewhere(t *testing.T) {
	tests := []struct {
		name   string
		change func(*CellReport)
		want   string
	}{
		{"written", func(r *CellReport) { r.Folder = "out" }, "\n  out/evidence/v1.0.0/reset.pcapng\n\nRepeat it by hand:\n"},
		{"no evidence", func(r *CellReport) { r.Kept = nil }, "\nEvidence:\n  none in the record\n"},
		{"none to be had", func(r *CellReport) { r.Kept, r.Cell.NoEvidence = nil, "it fails" }, "\nEvidence:\n  none: it fails\n"},
		{"nothing seen", func(r *CellReport) { r.Cell.Saw = nil }, "\nNeither side saw anything happen to it.\n"},
		{"observed", func(r *CellReport) { r.Observed, r.Cell.Saw, r.Kept = true, nil, nil }, "takes them in\n\nRepeat it by hand"},
		{"rehomed", func(r *CellReport) { r.Row.Source = matrix.SourceResult{Rehomed: true, Module: "example.com/old"} }, ", rehomed from example.com/old\n"},
		{"a row without a binary", func(r *CellReport) {
			r.Cell, r.Trace, r.Counts, r.Row.State, r.Row.Reason = nil, nil, nil, matrix.StatePatchConflict, "it needs:\n  this\x1b[2J"
		}, "v1.0.0/reset: patch-conflict\n  it needs:\n    this\uFFFD[2J\n"},
		{"unsupported", func(r *CellReport) {
			r.Cell, r.Trace = &matrix.Cell{Verdict: matrix.VerdictUnsupported, Reason: "no adapter"}, nil
		}, "v1.0.0/reset: unsupported\n  no adapter\n"},
		{"flaky", func(r *CellReport) {
			r.Apart, r.Counts = &matrix.Trace{Trials: []matrix.Trial{{Outcome: matrix.OutcomeClean}}}, append(r.Counts, matrix.OutcomeClean)
		}, "\nTrials while nothing else ran:\n   0  clean\n"},
	}
	for _, test := range tests {
		r := aCell()
		test.change(r)
		var out strings.Builder
		if err := Cell(&out, r, Screen{}); err != nil || !strings.Contains(out.String(), test.want) {
			t.Errorf("%s: want %q in (%v):\n%s", test.name, test.want, err, out.String())
		}
	}
}

func TestCellJSON(t *testing.T) {
	var out strings.Builder
	if err := CellJSON(&out, aCell()); err != nil {
		t.Fatal(err)
	}
	var back CellReport
	if err := json.Unmarshal([]byte(out.String()), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(aCell().Trace.Failures, back.Trace.Failures); diff != "" || !strings.Contains(out.String(), `"apart": null`) {
		t.Errorf("%s\n%s", diff, out.String())
	}
}

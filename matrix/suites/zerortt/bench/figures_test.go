package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// measured returns a report with all parts.
func measured() *Report {
	pair := func(plain, tool float64) Pair {
		return Pair{
			Plain:     Plain{Timing: Timing{Wall: plain, CPU: plain * 1.5}, Binaries: 2, Trials: 40},
			Matrixrun: Tool{Timing: Timing{Wall: tool, CPU: tool * 1.5}, Rows: 2, Binaries: 2, Built: 2, Trials: 44, Cells: 4, Tools: tool, Repro: tool / 2},
		}
	}
	tool := func(wall float64) []Tool { return []Tool{{Timing: Timing{Wall: wall}, Rows: 3, Built: 1, Trials: 20}} }
	boxed := func(off, auto float64) Boxed {
		return Boxed{Tool{Timing: Timing{CPU: off}}, Tool{Timing: Timing{CPU: auto}}}
	}
	r := &Report{
		Date:      time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Matrixrun: Program{Version: "v1.2.3", Commit: "0123456789abcdef", Modified: true},
		Machine:   Machine{CPU: "One CPU", Cores: 1.5, MemoryBytes: 8e9, OS: "An OS", Kernel: "1.2", GOOS: "linux", GOARCH: "amd64", Toolchains: "go1.26.8"},
		Settings:  Settings{Runs: 3, Trials: 10, Rows: []string{"v1.0.0", "v1.1.0"}, Scenarios: 2},
		Cold:      []Pair{pair(30, 10), pair(64, 20), pair(44, 11)},
		Builds:    []Pair{pair(19, 10)},
		First:     &First{Rows: []string{"v1.0.0", "v1.1.0"}, Wall: []float64{5}, Nothing: []float64{31}},
		Warm:      tool(1),
		Patch:     &Patch{Name: "mend", Rows: 2, Comment: tool(3), Line: tool(4)},
		Release:   &Addition{Version: "v1.1.0", Runs: tool(2.5)},
		Memory:    &Memory{Rows: 2, Measure: "pss", Peaks: []Peak{{Jobs: 1, Bytes: []int64{2e8}}, {Jobs: 2, Bytes: []int64{3e8, 5e8}}}},
		Check: &Check{
			Packages: 450, First: []Timing{{Wall: 0.125}}, Alone: []Timing{{Wall: 0.05}, {Wall: 0.07}}, Selected: []Timing{{Wall: 0.5}}, Reach: []Timing{{Wall: 21}}, Peak: []int64{15e8},
		},
		Sandbox: []Boxed{boxed(10, 10.5), boxed(20, 20.4), boxed(10, 10.2)},
		Remote: &Remote{
			Push: Tool{Rows: 3, Timing: Timing{Wall: 9}}, Without: []Tool{{Timing: Timing{Wall: 240, CPU: 400}, Built: 3}, {Timing: Timing{Wall: 250}}},
			Binaries: []Tool{{Timing: Timing{Wall: 120}, Trials: 60, Fetched: 2e7}, {Timing: Timing{Wall: 125}}},
			Traces:   []Tool{{Timing: Timing{Wall: 4}, Fetched: 3e6}},
			Machines: []Four{{Parts: []Tool{{Timing: Timing{Wall: 70, CPU: 120}, Built: 2}, {Timing: Timing{Wall: 79, CPU: 130}, Built: 1}}, Merge: Timing{Wall: 1}}},
		},
		Try: &Tried{Releases: []string{"v1.0.0", "v1.1.0"}, Loop: []Timing{{Wall: 4}}, Cold: []Timing{{Wall: 2}}, Again: []Timing{{Wall: 0.1}}},
	}
	r.Figures = figures(r)
	return r
}

// TestFigures compares the figures with the measurements.
func TestFigures(t *testing.T) {
	got := map[string]string{}
	for _, f := range measured().Figures {
		got[f.Name] = strings.Join([]string{f.Plain.text(f.Unit), f.Matrixrun.text(f.Unit), f.Ratio.text(""), f.aim()}, "; ")
	}
	want := map[string]string{
		"cold, time":                                                   "44.0 s (30.0 - 64.0); 11.0 s (10.0 - 20.0); 3.20 (3.00 - 4.00); at least 3 times faster: met",
		"cold, CPU time":                                               "66.0 s (45.0 - 96.0); 16.5 s (15.0 - 30.0); 0.31 (0.25 - 0.33); at most 0.65 of it: met",
		"cold, against its floor":                                      "11.0 s (10.0 - 20.0); 11.0 s (10.0 - 20.0); 1.00; at most 1.2 times: met",
		"builds alone, time":                                           "19.0 s; 10.0 s; 1.90; at least 2 times faster: **missed**",
		"builds alone, CPU time":                                       "28.5 s; 15.0 s; 0.53; ",
		"cold, until v1.0.0 and v1.1.0 are answered":                   "; 5.00 s; ; ",
		"warm: nothing changed, all 3 releases":                        "; 1.00 s; ; under 0.3 s: **missed**",
		"with go run in a fresh clone, until v1.0.0 is answered":       "; 31.0 s; ; under 30 s: **missed**",
		"cold, all 3 releases, with their binaries in a remote record": "245 s (240 - 250); 122 s (120 - 125); 2.00; under 20 s: **missed**",
		"cold, all 3 releases, with --trust traces":                    "245 s (240 - 250); 4.00 s; 60.0; under 5 s: met",
		"cold, all 3 releases, by 4 machines with one remote record":   "245 s (240 - 250); 80.0 s; 3.00; ",
		"a comment changed in a patch, per release that takes it":      "; 1.50 s; ; ",
		"a line added to a patch, per release that takes it":           "; 2.00 s; ; ",
		"one new release":                                              "; 2.50 s; ; ",
		"check of a go.mod alone, the first time":                      "; 0.12 s; ; ",
		"check of a go.mod alone, again":                               "; 0.06 s (0.05 - 0.07); ; under 0.1 s: met",
		"check with the go command's versions":                         "; 0.50 s; ; under 2 s: met",
		"check of what a program of 450 packages reaches":              "; 21.0 s; ; under 20 s: **missed**",
		"peak memory of that":                                          "; 1500 MB; ; under 2000 MB: met",
		"with the sandbox, CPU time":                                   "10.0 s (10.0 - 20.0); 10.5 s (10.2 - 20.4); 1.02 (1.02 - 1.05); at most 1.03 of it: met",
		"try of a test on 2 releases, time":                            "4.00 s; 2.00 s; 2.00; at least 1 times faster: met",
		"try again":                                                    "; 0.10 s; ; under 1 s: met",
		"peak memory, --jobs 1":                                        "; 200 MB; ; ",
		"peak memory, --jobs 2":                                        "; 400 MB (300 - 500); ; ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}

// TestNothingMeasured checks that parts that were left out have no figures, and
// that missing memory figures have a reason.
func TestNothingMeasured(t *testing.T) {
	if got := figures(&Report{}); got != nil {
		t.Errorf("figures of nothing: %+v", got)
	}
	got := figures(&Report{Memory: &Memory{Missing: "it is not told"}})
	if len(got) != 1 || got[0].Matrixrun != nil || !strings.Contains(got[0].Note, "it is not told") {
		t.Errorf("figures of no memory: %+v", got)
	}
}

func TestTable(t *testing.T) {
	r := measured()
	r.Figures = r.Figures[2:4]
	want := `|                             | plain loop                  | matrixrun            | ratio | aim                                 |
| --------------------------- | --------------------------- | -------------------- | ----- | ----------------------------------- |
| cold, against its floor (1) | floor: 11.0 s (10.0 - 20.0) | 11.0 s (10.0 - 20.0) | 1.00  | at most 1.2 times: met              |
| builds alone, time (2)      | 19.0 s                      | 10.0 s               | 1.90  | at least 2 times faster: **missed** |

1. The floor is the CPU time of the compilers, the linker and the reproduction, divided by the cores.
2. The plain loop runs nothing; matrixrun cannot only build, and runs the control and the planted scenario of each row once, 44 trials.

2 releases, v1.0.0 - v1.1.0; 2 scenarios, 10 trials each. Medians of 3, with the least and the greatest. One CPU, 1.5 cores, 8 GB, An OS 1.2 (linux/amd64), go1.26.8; matrixrun at commit 0123456789ab with changes, 2026-01-02.
`
	if diff := cmp.Diff(want, table(r)); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

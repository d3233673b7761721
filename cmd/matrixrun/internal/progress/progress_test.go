package progress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
)

// cells returns cells from pairs of a scenario and its verdict.
func cells(pairs ...string) []matrix.Cell {
	var all []matrix.Cell
	for pair := range slices.Chunk(pairs, 2) {
		all = append(all, matrix.Cell{Scenario: pair[0], Verdict: matrix.Verdict(pair[1])})
	}
	return all
}

// story returns the events of a run of three rows.
func story() []matrix.Event {
	row := func(id string, state matrix.State, reason string, cells []matrix.Cell) *matrix.RowResult {
		return &matrix.RowResult{ID: id, State: state, Reason: reason, Cells: cells}
	}
	events := []matrix.Event{
		{Planned: &matrix.Planned{
			Suite: "demo", Rows: []string{"v0.10.0", "v0.2.0", "v0.2.0+fix"},
			Scenarios: []matrix.Scenario{{Name: "none", Kind: matrix.KindControl}, {Name: "sure", Kind: matrix.KindPlanted}, {Name: "a", Kind: matrix.KindProbe}, {Name: "b", Kind: matrix.KindProbe}},
			Skips:     []matrix.Skip{{ID: "v0.10.0+fix", Reason: "no variant of fix names v0.10.0"}},
		}},
		{Step: &matrix.Step{Row: "v0.10.0", Stage: "fetch"}},
		{Step: &matrix.Step{Row: "v0.2.0", Stage: "build"}},
		{Row: row("v0.10.0", matrix.StateOK, "", cells("none", "clean", "sure", "leak", "a", "leak", "b", "clean"))},
		{Row: row("v0.2.0", matrix.StateOK, "", cells("none", "leak", "sure", "clean", "a", "error", "b", "vacuous"))},
		{Row: row("v0.2.0+fix", matrix.StateBuildFailed, "# demo\nlib.go:1:2: undefined: x\nmore", nil)},
		{Done: &matrix.Done{Rows: 3, Built: 2, Trials: 1, Recalled: 1, Exit: 3}},
	}
	for i := range events {
		events[i].Time = time.Date(2026, 1, 2, 3, 4, 5*i, 0, time.UTC)
	}
	return events
}

// showStory shows the story on a display.
func showStory(d Display) {
	for _, e := range story() {
		d.Event(e)
	}
	d.Close()
}

const plainStory = `demo: 3 rows, 4 scenarios
skipping v0.10.0+fix: no variant of fix names v0.10.0
[1/3] v0.10.0     1 leak, 1 clean
[2/3] v0.2.0      1 error, 1 not shown, 1 leak, 1 clean
[3/3] v0.2.0+fix  build-failed: lib.go:1:2: undefined: x
3 rows in 30s: 2 built, 1 trial run, 1 row recalled

`

func TestPlainLines(t *testing.T) {
	var stdout, stderr bytes.Buffer
	showStory(New(false, &stdout, &stderr, leaky))
	if diff := cmp.Diff(plainStory, stderr.String()); diff != "" {
		t.Error(diff)
	}
	if stdout.Len() > 0 {
		t.Errorf("standard output, which is for the table, has %q", &stdout)
	}
}

// TestWaits checks that a row says once for each other process that it waits for it.
func TestWaits(t *testing.T) {
	var out bytes.Buffer
	d := New(false, &bytes.Buffer{}, &out, leaky)
	for _, s := range []matrix.Step{
		{Row: "v1.0.0", Stage: "wait", Process: 7}, {Row: "v1.0.0", Stage: "run"}, {Row: "v1.0.0", Stage: "wait", Process: 7},
		{Row: "v1.0.0+a+b", Stage: "wait", Process: 7}, {Row: "v1.1.0", Stage: "wait", Process: os.Getpid()}, {Row: "v1.0.0", Stage: "wait"}, {Row: "v1.0.0", Stage: "wait", Process: 7, Silent: true},
	} {
		d.Event(matrix.Event{Step: &s})
	}
	want := `v1.0.0 waits for process 7, which does the same
v1.0.0 + 2 patches waits for process 7, which does the same
v1.0.0 waits for another matrixrun, which does the same
v1.0.0 goes on without process 7, which gives no sign of life
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestJSONLines(t *testing.T) {
	var stdout, stderr bytes.Buffer
	showStory(New(true, &stdout, &stderr, leaky))
	var got []matrix.Event
	for line := range strings.Lines(stdout.String()) {
		var e matrix.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		got = append(got, e)
	}
	if diff := cmp.Diff(story(), got); diff != "" {
		t.Error(diff)
	}
	if stderr.Len() > 0 {
		t.Errorf("standard error has %q", &stderr)
	}
}

// TestLiveSilent checks that a live line draws nothing on a writer that is no
// terminal. TestTerminal checks what it draws on one.
func TestLiveSilent(t *testing.T) {
	var out bytes.Buffer
	l := newLive(&out, leaky)
	showStory(l)
	if out.Len() > 0 {
		t.Errorf("got %q", &out)
	}
	if got := l.now(decor.Statistics{}); strings.TrimSpace(got) != "" {
		t.Errorf("all rows are done, and the line still lists %q", got)
	}
}

// TestLiveNow checks that the line lists what is being done, sorted.
func TestLiveNow(t *testing.T) {
	l := newLive(&bytes.Buffer{}, leaky)
	defer l.Close()
	for _, e := range story()[:3] {
		l.Event(e)
	}
	if got, want := l.now(decor.Statistics{}), "  building v0.2.0, fetching v0.10.0"; got != want {
		t.Errorf("now: %q, want %q", got, want)
	}
}

// TestLiveCut checks that nothing is drawn after Close, before the first event and
// in the middle of a run.
func TestLiveCut(t *testing.T) {
	for n := range story() {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			l := newLive(&bytes.Buffer{}, leaky)
			for _, e := range story()[:n] {
				l.Event(e)
			}
			l.Close()
			if _, err := l.bars.Write([]byte("late\n")); err == nil || l.bar != nil && !l.bar.AbortedOrCompleted() {
				t.Errorf("the display takes lines after Close: %v", err)
			}
		})
	}
}

func TestColored(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if screen.Colored(file) || screen.Colored(&bytes.Buffer{}) {
		t.Error("a stream that is not a terminal gets colours")
	}
}

// TestShort checks which names of rows are shortened.
func TestShort(t *testing.T) {
	for id, want := range map[string]string{
		"v1.0.0":                    "v1.0.0",
		"v1.0.0+fix":                "v1.0.0+fix",
		"v1.0.0+a+b+c":              "v1.0.0 + 3 patches",
		"v2.0.0+incompatible":       "v2.0.0+incompatible",
		"v2.0.0+incompatible+fix":   "v2.0.0+incompatible+fix",
		"v2.0.0+incompatible+a+b":   "v2.0.0+incompatible + 2 patches",
		"v1.0.0-rc.1+fix":           "v1.0.0-rc.1+fix",
		"v1.0.0-rc.1+first+another": "v1.0.0-rc.1 + 2 patches",
	} {
		if got := short(id); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
}

// leaky are the words of a suite about leaks.
var leaky = matrix.Words{Leak: matrix.Phrase{One: "leaks", Name: "leak"}, Clean: matrix.Phrase{One: "is clean"}}

package main

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

const (
	eventRow  = `{"time":"2026-01-02T03:04:05Z","row":{"id":"v1.0.0","state":"ok","binary":"sha256:aa","cells":[{"scenario":"a","trials":2},{"scenario":"b","inconclusive":2}]}}`
	eventStep = `{"time":"2026-01-02T03:04:05Z","step":{"row":"v1.0.0","stage":"build"}}`
	eventDone = `{"time":"2026-01-02T03:04:05Z","done":{"rows":1,"built":1,"trials":6,"exit":1,"cpu":{"build_s":9,"tools_s":8,"trials_s":7}}}`
)

// hear writes lines to an account, byte by byte.
func hear(t *testing.T, lines ...string) (*account, error) {
	t.Helper()
	a := &account{}
	_, err := io.Copy(struct{ io.Writer }{a}, iotest.OneByteReader(strings.NewReader(strings.Join(lines, "\n")+"\n")))
	return a, err
}

func TestAccount(t *testing.T) {
	a, err := hear(t, eventStep, eventRow, eventDone)
	if err != nil {
		t.Fatal(err)
	}
	var got Tool
	if err := got.fill(a, 2); err != nil {
		t.Fatal(err)
	}
	want := Tool{Rows: 1, Binaries: 1, Built: 1, Trials: 6, Cells: 2, Tools: 8, Repro: 7}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := a.did([]string{"v1.0.0"}); err != nil {
		t.Error(err)
	}
}

// TestAccountRefused checks that incomplete runs are errors.
func TestAccountRefused(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
		want  string
	}{
		{"no end", []string{eventRow}, "reported 1 rows"},
		{"a row is missing", []string{eventDone}, "reported 0 rows"},
		{"no event", []string{eventRow, "panic: no"}, "panic: no"},
		{"a row without a binary", []string{strings.Replace(eventRow, `"ok"`, `"build-failed","reason":"why"`, 1), eventDone}, "build-failed: why"},
		{"a cell with too few trials", []string{strings.Replace(eventRow, `"trials":2`, `"trials":1`, 1), eventDone}, "v1.0.0/a has 1 trials: want 2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := hear(t, test.lines...)
			if err == nil {
				err = new(Tool).fill(a, 2)
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v: want %q", err, test.want)
			}
		})
	}
}

func TestTrouble(t *testing.T) {
	failed := strings.Replace(eventRow, `"ok"`, `"build-failed","reason":"why"`, 1)
	vacuous := strings.Replace(eventRow, `"inconclusive":2`, `"verdict":"vacuous","expected":"","reason":"nothing proven"`, 1)
	expected := strings.Replace(vacuous, `""`, `"vacuous"`, 1)
	a, err := hear(t, failed, vacuous, expected)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := a.trouble(), "\nv1.0.0 is build-failed: why\nv1.0.0/b is vacuous: nothing proven"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDid(t *testing.T) {
	a, err := hear(t, eventStep, eventDone)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]string{nil, {"v1.1.0"}, {"v1.0.0", "v1.1.0"}} {
		if a.did(want) == nil {
			t.Errorf("no error: built %v, want %v", a.built, want)
		}
	}
}

func TestSameWork(t *testing.T) {
	p := Pair{Plain: Plain{Binaries: 2, Trials: 12}, Matrixrun: Tool{Binaries: 2, Cells: 4}}
	if err := p.same(3, 3); err != nil {
		t.Error(err)
	}
	if p.same(3, 2) == nil {
		t.Error("no error for 4 cells with 2 trials, where the plain loop ran 12 trials")
	}
	if err := p.same(0, 2); err != nil {
		t.Errorf("builds alone: %v", err)
	}
	p.Matrixrun.Binaries = 1
	if p.same(0, 1) == nil {
		t.Error("no error for 1 binary, where the plain loop made 2")
	}
}

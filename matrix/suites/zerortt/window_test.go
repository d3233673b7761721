//go:build proofs

package zerortt

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"github.com/matrixrun/matrixrun/matrix"
)

// A windowTest is what the unit test of a release must know about its package.
type windowTest struct {
	release string
	series  []string
	open    []string // the tests that fail without the patches

	File    string // in testdata/window
	Module  string
	Context string // the import of context, where a stream needs one
	Type    string // of a stream
	Framer  string // arguments of newFramer
	Stream  string // arguments of newStream
	Frames  string // the call that takes frames from the framer
}

var (
	written = []string{"CancelWrite"}
	both    = []string{"CancelRead", "CancelWrite"}
	queued  = []string{"drop-queued-resets"}
	late    = []string{"drop-queued-resets", "drop-late-resets", "drop-closed-resets"}
	closed  = []string{"drop-closed-resets"}
)

// needed imports the context that streams have from v0.43.0 on.
const needed = `"context"`

// windowTests has a release for each variant that closes the window, and the oldest.
// Releases before v0.48.0 also need the patches that ignore what comes later.
var windowTests = []windowTest{
	{"v0.20.0", late, written, "frames", former, "", "", "nil, 0", "0, sender, nil, 0", ""},
	{"v0.45.2", late, written, "frames", present, needed, "", "nil", "context.Background(), 0, sender, nil", ""},
	{"v0.47.0", late, both, "streams", present, needed, "*stream", "", "context.Background(), 0, sender, nil", "AppendControlFrames(nil, 1000, Version1)"},
	{"v0.53.0", queued, both, "streams", present, needed + "\n\t\"time\"", "*Stream", "nil", "context.Background(), 0, sender, nil", "appendControlFrames(nil, 1000, time.Time{}, Version1)"},
	{"v0.60.0", queued, both, "streams", present, needed, "*Stream", "nil", "context.Background(), 0, sender, nil, false", "appendControlFrames(nil, 1000, 0, Version1)"},
	{"v0.65.0", closed, both, "streams", present, needed, "*Stream", "nil", "context.Background(), 0, sender, nil, false", "AppendControlFrames(nil, 1000, 0, Version1)"},
}

// TestWindow checks what no program can time: 0-RTT is rejected after CancelRead or
// CancelWrite has changed a stream, and before the framer hears of it. A unit test in
// the release's own package rejects it just there. Without the patches the frame is
// sent, with them it is not. It needs the module proxy.
func TestWindow(t *testing.T) {
	for _, test := range windowTests {
		t.Run(test.release, func(t *testing.T) {
			t.Parallel()
			r := newRealRow(t, test.release, test.series...)
			src := r.fetch(t)
			without := test.run(t, r, src, nil)
			for _, name := range test.open {
				if !strings.Contains(without, "--- FAIL: TestWindow/"+name) {
					t.Errorf("%s sends nothing without the patches:\n%s", name, without)
				}
			}
			with := test.run(t, r, src, r.row.Patches)
			if !strings.Contains(with, "--- PASS: TestWindow (") {
				t.Errorf("with %q:\n%s", test.series, with)
			}
		})
	}
}

// run adds the test to a release with patches in the place of the release's own tests,
// and returns what it prints.
func (w windowTest) run(t *testing.T, r *realRow, src matrix.Source, patches []matrix.Variant) string {
	t.Helper()
	dir := r.lay(t, src, patches)
	theirs, err := filepath.Glob(filepath.Join(dir, "*_test.go")) // which need more modules
	if err != nil || len(theirs) == 0 {
		t.Fatal(err, "no tests of the release")
	}
	for _, name := range theirs {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	text := template.Must(template.ParseFiles(filepath.Join("testdata", "window", w.File+".go.txt")))
	var code bytes.Buffer
	if err := text.Execute(&code, w); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "window_test.go"), code.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return r.unitTests(t, dir, "^TestWindow$")
}

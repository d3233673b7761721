package zerortt

import (
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/patches"
)

// realPatches has a release for each shipped patch, out of realReleases, and one
// for all of them together, in no order that matters.
var realPatches = map[string][]string{
	"v0.28.1": {"drop-late-resets", "reset-send-window"},
	"v0.47.0": {"drop-queued-resets", "reset-send-window drop-closed-resets drop-queued-datagrams drop-queued-resets drop-late-resets"},
	"v0.65.0": {"drop-closed-resets", "drop-queued-datagrams"},
}

// TestRealPatches builds patched releases with the race detector, and holds that
// each scenario that a patch is for is clean with it. It needs what
// TestRealReleases needs, which holds that the same ones leak without it.
func TestRealPatches(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it builds real releases, which come through the module proxy")
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("there is no gcc, which go build -race needs")
	}
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	go1 := new(gocmd.Go)
	for release, series := range realPatches {
		for _, names := range series {
			t.Run(release+"/"+names, func(t *testing.T) {
				t.Parallel()
				row, scenarios := patchedRow(t, suite, release, strings.Fields(names))
				r := &realRow{Go: go1, Proxy: &source.Proxy{Go: go1}, suite: suite, row: row, binary: filepath.Join(t.TempDir(), "repro.exe")}
				r.build(t)
				for _, s := range scenarios {
					severity, planted := matrix.Severity(""), s.Kind == matrix.KindPlanted
					if planted {
						severity = aStream
					} else if _, leaked := realReleases[release][s.Name]; !leaked && s.Kind != matrix.KindControl {
						continue // what never leaked is not what the patch is for
					}
					t.Run(s.Name, func(t *testing.T) { r.check(t, s, severity, planted) })
				}
			})
		}
	}
}

// patchedRow plans a release with patches, and the scenarios that these fix,
// the invariants with them.
func patchedRow(t *testing.T, suite *matrix.Spec, release string, names []string) (matrix.Row, []matrix.Scenario) {
	t.Helper()
	sel := plan.Selection{Only: []string{release}}
	for _, name := range names {
		files, err := fs.Sub(patches.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := spec.LoadPatch(files, name)
		if err != nil {
			t.Fatal(err)
		}
		sel.Patches = append(sel.Patches, p)
		sel.Scenarios = append(sel.Scenarios, p.Variants[0].Fixes...)
	}
	todo, err := plan.New(suite, sel)
	if err != nil {
		t.Fatal(err)
	}
	if len(todo.Rows) != 2 {
		t.Fatalf("%d rows planned, want 2; left out: %v", len(todo.Rows), todo.Skips)
	}
	return todo.Rows[1], todo.Scenarios
}

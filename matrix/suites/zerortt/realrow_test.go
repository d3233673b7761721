package zerortt

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/tree"
	"github.com/matrixrun/matrixrun/patches"
)

// A realRow is one real release, with or without patches, and the reproduction
// compiled against it.
type realRow struct {
	suite     *matrix.Spec
	row       matrix.Row
	toolchain string            // that matrix.yaml asks for
	scenarios []matrix.Scenario // to run
	race      bool              // whether to compile with the race detector
	binary    string
	peer      string // address of the servers; empty to use the binary's own
}

// newRealRow plans a release with a series of patches for the local toolchain.
// The row has all scenarios, or with patches those that the patches fix and the
// invariants.
func newRealRow(t *testing.T, release string, series ...string) *realRow {
	t.Helper()
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	sel := plan.Selection{Only: []string{release}}
	for _, name := range series {
		p := loadPatch(t, name)
		sel.Patches = append(sel.Patches, p)
		sel.Scenarios = append(sel.Scenarios, p.Variants[0].Fixes...)
	}
	todo, err := plan.New(suite, sel)
	if err != nil {
		t.Fatal(err)
	}
	row := todo.Rows[len(todo.Rows)-1]
	if len(row.Patches) != len(series) {
		t.Fatalf("%s: %d patches planned, want %q; left out: %v", row.ID, len(row.Patches), series, todo.Skips)
	}
	toolchain := row.Toolchain
	row.Toolchain = ""
	return &realRow{suite: suite, row: row, toolchain: toolchain, scenarios: todo.Scenarios, binary: filepath.Join(t.TempDir(), "repro.exe")}
}

// loadPatch loads a shipped patch.
func loadPatch(t *testing.T, name string) *matrix.Patch {
	t.Helper()
	files, err := fs.Sub(patches.Files, name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := spec.LoadPatch(files, path.Join("patches", name))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// build fetches the release, lays the row out and compiles it.
func (r *realRow) build(t *testing.T) {
	t.Helper()
	g := new(gocmd.Go)
	src, err := (&source.Proxy{Go: g}).Fetch(t.Context(), r.row.Release)
	if err != nil {
		t.Fatal(err)
	}
	version, err := g.Version(t.Context(), r.row.Toolchain)
	if err != nil {
		t.Fatal(err)
	}
	ws, err := tree.Lay(t.Context(), t.TempDir(), r.suite, r.row, src, version)
	if err != nil {
		t.Fatal(err)
	}
	if !r.race {
		a, err := build.Build(t.Context(), g, ws, r.row, build.Options{Out: r.binary})
		if err != nil || a.SHA256 == "" {
			t.Fatal(err, a.Conflict, a.Complaint)
		}
		return
	}
	_, err = g.Run(t.Context(), gocmd.Call{
		Dir:       ws.Dir,
		Args:      []string{"build", "-race", "-trimpath", "-tags=" + strings.Join(r.row.Adapter.Tags, ","), "-o", r.binary, "."},
		Toolchain: r.row.Toolchain,
		Env:       []string{"GOFLAGS=-mod=readonly", "CGO_ENABLED=1"}, // the race detector is C
	})
	if err != nil {
		t.Fatal(err)
	}
}

// output runs the binary and returns what it printed. The binary must exit with 0
// and report no data race.
func (r *realRow) output(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), r.binary, args...)
	// The program goes on after a race, to report all races. It does not sleep for a
	// second before it exits, which is the default.
	cmd.Env = append(os.Environ(), "GORACE=halt_on_error=0 exitcode=66 atexit_sleep_ms=50")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil || strings.Contains(stderr.String(), "DATA RACE") {
		t.Fatalf("%q: %v\n%s", args, err, stderr.Bytes())
	}
	return stdout.Bytes()
}

// serve runs the row's servers until the test ends, and returns their address.
// They must report no data race.
func (r *realRow) serve(t *testing.T) string {
	t.Helper()
	cmd := exec.Command(r.binary, "serve")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	address, err := lines.ReadString('\n')
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, lines)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-drained
		_ = cmd.Wait()
		if strings.Contains(stderr.String(), "DATA RACE") {
			t.Errorf("the servers: %s", stderr.Bytes())
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// run executes n trials of a scenario.
func (r *realRow) run(t *testing.T, scenario string, n int) []matrix.Trial {
	t.Helper()
	args := []string{"run", "-scenario", scenario, "-trials", strconv.Itoa(n)}
	if r.peer != "" {
		args = append(args, "-peer", r.peer)
	}
	lines := json.NewDecoder(bytes.NewReader(r.output(t, args...)))
	lines.DisallowUnknownFields()
	var trials []matrix.Trial
	for {
		var trial matrix.Trial
		err := lines.Decode(&trial)
		if err == io.EOF {
			return trials
		}
		if err != nil {
			t.Fatal(err)
		}
		trials = append(trials, trial)
	}
}

// checkList checks that the binary lists the scenarios of the suite.
func (r *realRow) checkList(t *testing.T) {
	t.Helper()
	var listed []struct{ Name string }
	if err := json.Unmarshal(r.output(t, "list"), &listed); err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, s := range listed {
		got = append(got, s.Name)
	}
	for _, s := range r.suite.Scenarios {
		want = append(want, s.Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("matrix.yaml (-) and the list (+) differ:\n%s", diff)
	}
}

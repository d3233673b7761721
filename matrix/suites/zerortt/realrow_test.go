package zerortt

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/tree"
)

// A realRow is one real release on its way to a binary.
type realRow struct {
	*gocmd.Go
	*source.Proxy
	suite  *matrix.Spec
	row    matrix.Row
	binary string

	peer string // where the servers of its trials listen; empty for its own
}

// build fetches the release, lays the row out and compiles it with -race.
func (r *realRow) build(t *testing.T) {
	t.Helper()
	src, err := r.Fetch(t.Context(), r.row.Release)
	if err != nil {
		t.Fatal(err)
	}
	version, err := r.Version(t.Context(), r.row.Toolchain)
	if err != nil {
		t.Fatal(err)
	}
	ws, err := tree.Lay(t.TempDir(), r.suite, r.row, src, version)
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Run(t.Context(), gocmd.Call{
		Dir:       ws.Dir,
		Args:      []string{"build", "-race", "-trimpath", "-tags=" + strings.Join(r.row.Adapter.Tags, ","), "-o", r.binary, "."},
		Toolchain: r.row.Toolchain,
		Env:       []string{"GOFLAGS=-mod=readonly", "CGO_ENABLED=1"}, // the race detector is C
	})
	if err != nil {
		t.Fatal(err)
	}
}

// output runs the binary, which must exit with 0 and see no data race, and
// returns what it printed.
func (r *realRow) output(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), r.binary, args...)
	cmd.WaitDelay = time.Second
	// A race must not end the program: all of them are wanted.
	cmd.Env = append(os.Environ(), "GORACE=halt_on_error=0 exitcode=66")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil || strings.Contains(stderr.String(), "DATA RACE") {
		t.Fatalf("%q: %v\n%s", args, err, stderr.Bytes())
	}
	return stdout.Bytes()
}

// serve runs the row's servers until the test ends, and returns where they
// listen. They must have seen no data race.
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

// checkList holds the scenarios that the binary lists against the suite's.
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

//go:build proofs

package zerortt

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/target"
	"github.com/matrixrun/matrixrun/matrix/source"
)

// fetch returns the release of the row.
func (r *realRow) fetch(t *testing.T) matrix.Source {
	t.Helper()
	src, err := (&source.Proxy{Go: new(gocmd.Go)}).Fetch(t.Context(), r.row.Release)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// lay writes the release of the row with patches to a folder, and returns that.
func (r *realRow) lay(t *testing.T, src matrix.Source, patches []matrix.Variant) string {
	t.Helper()
	version, err := new(gocmd.Go).Version(t.Context(), r.toolchain)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "tree")
	_, conflict, err := target.LayAlone(t.Context(), dir, r.suite.Target.Module, src, patches, version)
	if err != nil || conflict != "" {
		t.Fatal(err, conflict)
	}
	return dir
}

// unitTests runs the tests of the package in a folder whose names match run, and
// returns what they print. It is an error if no test runs.
func (r *realRow) unitTests(t *testing.T, dir, run string) string {
	t.Helper()
	out, err := new(gocmd.Go).Run(t.Context(), gocmd.Call{
		Dir: dir, Toolchain: r.toolchain, Env: []string{"GOFLAGS=-mod=readonly"},
		Args: []string{"test", "-vet=off", "-count=1", "-v", "-run=" + run, "."},
	})
	if !bytes.Contains(out, []byte("=== RUN ")) {
		t.Fatalf("no test ran: %v\n%s", err, out)
	}
	return string(out)
}

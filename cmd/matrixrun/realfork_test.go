//go:build proofs

package main

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
)

// TestRealForkRow runs a real fork next to the release that it is nearest to, without
// patches and with one. It needs the module proxy.
func TestRealForkRow(t *testing.T) {
	const fork = "github.com/apernet/quic-go@v0.61.1-0.20260806010916-184d081eef3e"
	dir := t.TempDir()
	cmd := exec.Command("matrixrun", "run", "--module", fork, "--scenario", "closed-write", "--patch", "drop-closed-resets",
		"--trials", "3", "--cache", filepath.Join(dir, "cache"), "--evidence", "none", "-o", filepath.Join(dir, "out"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	results, err := output.Read(t.Context(), filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]matrix.Verdict{
		"v0.61.0": matrix.VerdictLeak, "v0.61.0+drop-closed-resets": matrix.VerdictClean,
		fork: matrix.VerdictLeak, fork + "+drop-closed-resets": matrix.VerdictClean,
	}
	if len(results.Rows) != len(want) {
		t.Errorf("got %d rows, want %d", len(results.Rows), len(want))
	}
	for i := range results.Rows {
		row := &results.Rows[i]
		if c, _ := row.Cell("closed-write"); c.Verdict != want[row.ID] || row.Source.Base() != "v0.61.0" {
			t.Errorf("%s: got %q, nearest to %s, want %q", row.ID, c.Verdict, row.Source.Base(), want[row.ID])
		}
		for _, p := range row.Patches {
			if !row.Source.IsRelease() && p.Releases != ">= 0.61" {
				t.Errorf("%s: %s is applied in its variant for %q", row.ID, p.Name, p.Releases)
			}
		}
	}
}

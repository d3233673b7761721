package sweep

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// TestIntact checks that the failure of a binary that was damaged since it was
// verified proves nothing.
func TestIntact(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "repro")
	if err := os.WriteFile(binary, []byte("a binary"), 0o777); err != nil {
		t.Fatal(err)
	}
	w := &work{row: matrix.Row{ID: "v1.0.0"}}
	a := matrix.Artifact{SHA256: sum([]byte("a binary"))}
	p := trial.Program{Binary: binary}
	if err := w.intact(p, a); err != nil || w.lost(p, a) {
		t.Error(err, "or the binary is lost")
	}
	if err := os.Truncate(binary, 3); err != nil {
		t.Fatal(err)
	}
	if err := w.intact(p, a); err == nil || !strings.Contains(err.Error(), "the binary of v1.0.0 was damaged") {
		t.Errorf("intact: %v", err)
	}
	if !w.lost(p, a) || exists(binary) {
		t.Error("a damaged binary is not removed")
	}
	if !w.lost(p, a) {
		t.Error("a binary that was removed is not lost")
	}
	if err := w.intact(p, a); err != nil {
		t.Errorf("a binary that was removed is not damaged: %v", err)
	}
}

package main

import (
	"io"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestUnavailableIsUnknown checks that a row that could not be built here is unknown, with a
// reason or without.
func TestUnavailableIsUnknown(t *testing.T) {
	for reason, want := range map[string]string{"it is gone": "it is gone", "": "it could not be built here"} {
		v := verifier{stderr: io.Discard}
		was := &matrix.RowResult{ID: "v1.0.0", State: matrix.StateOK, Binary: "sha256:1"}
		v.note(was, &matrix.RowResult{ID: "v1.0.0", State: matrix.StateUnavailable, Reason: reason}, true)
		if v.all.Identical != 0 || len(v.all.Rows) != 1 || v.all.Rows[0].Unknown != want || v.all.Exit() != matrix.ExitUnknown {
			t.Errorf("%q: %+v, want it unknown: %s", reason, v.all, want)
		}
	}
}

package matrix_test

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestVerificationExit checks that what is not known outranks what differs.
func TestVerificationExit(t *testing.T) {
	same, differs := matrix.VerifiedRow{ID: "v1.0.0"}, matrix.VerifiedRow{ID: "v1.1.0", Differences: []string{"its state"}}
	unknown := matrix.VerifiedRow{ID: "v1.2.0", Unknown: "no network"}
	for _, test := range []struct {
		v    matrix.Verification
		want int
	}{
		{matrix.Verification{}, 3},
		{matrix.Verification{Rows: []matrix.VerifiedRow{same}}, 0},
		{matrix.Verification{Rows: []matrix.VerifiedRow{same, differs}}, 1},
		{matrix.Verification{Rows: []matrix.VerifiedRow{unknown, same}}, 3},
		{matrix.Verification{Rows: []matrix.VerifiedRow{differs, unknown}}, 3},
		{matrix.Verification{Rows: []matrix.VerifiedRow{unknown, differs}}, 3},
		{matrix.Verification{Rows: []matrix.VerifiedRow{same}, Unbuilt: 1}, 3},
		{matrix.Verification{Rows: []matrix.VerifiedRow{differs}, Untried: 1}, 3},
	} {
		if got := test.v.Exit(); got != test.want {
			t.Errorf("%+v: exit %d, want %d", test.v, got, test.want)
		}
	}
}

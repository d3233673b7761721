package matrix_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestTargetPaths(t *testing.T) {
	target := matrix.Target{Module: "example.com/lib", Former: []matrix.Former{
		{Module: "example.com/old", Releases: matrix.MustConstraint("< 0.2")}, {Module: "example.com/lib"},
		{Module: "example.com/old", Releases: matrix.MustConstraint("0.3.0")},
	}}
	if diff := cmp.Diff([]string{"example.com/lib", "example.com/old"}, target.Paths()); diff != "" {
		t.Error(diff)
	}
	for path, want := range map[string]bool{"example.com/lib": true, "example.com/old": true, "example.com/lib/v2": false, "": false} {
		if got := target.Has(path); got != want {
			t.Errorf("Has(%q) = %v", path, got)
		}
	}
}

func TestReserved(t *testing.T) {
	for folder, want := range map[string]bool{
		"repro": true, "repro-server": true, "server/x": true, "served": true, "x/server": false, "servers": false,
		"v1.2.3": true, "v1.2.3-rc.1/x": true, "v1.2.3+fix": true, "v2.0.0+incompatible": true, "v2.0.0+incompatible+fix": true,
		"v1": false, "v1.2": false, "wire": false, "wire+v1.2.3": false, "": false,
	} {
		if got := matrix.Reserved(folder); got != want {
			t.Errorf("Reserved(%q) = %v", folder, got)
		}
	}
}

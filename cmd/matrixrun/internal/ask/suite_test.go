package ask

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestTried checks that a release is locked once, whatever toolchains compiled it, and also if
// none of them is the usual one.
func TestTried(t *testing.T) {
	row := func(version, sum, toolchain string) matrix.RowResult {
		s := matrix.SourceResult{Version: version, Sum: sum, Module: "example.com/lib"}
		if toolchain != "" {
			s.Kind, s.Toolchain = matrix.SourceToolchain, toolchain
		}
		return matrix.RowResult{ID: s.Name(), Source: s}
	}
	patched := row("v1.3.0", "h1:d", "")
	patched.Patches = []matrix.Applied{{Name: "mend"}}
	r := &matrix.Results{Rows: []matrix.RowResult{
		row("v1.1.0", "h1:b", "go1.24.9"), row("v1.0.0", "h1:a", ""), row("v1.0.0", "h1:a", "go1.24.9"), row("v1.2.0", "", ""), patched,
	}}
	want := []matrix.Release{{Version: "v1.0.0", Module: "example.com/lib", Sum: "h1:a"}, {Version: "v1.1.0", Module: "example.com/lib", Sum: "h1:b"}}
	if diff := cmp.Diff(want, tried(r)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

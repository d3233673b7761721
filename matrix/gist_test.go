package matrix_test

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestGist(t *testing.T) {
	for reason, want := range map[string]string{
		"":                                   "no reason was given",
		"no route to host.\nmore":            "no route to host",
		"# example.com/lib\nlib.go:1: wrong": "lib.go:1: wrong",
		"# example.com/lib\n":                "# example.com/lib",
		"a.patch does not go on v0.1.0:\nlib.go: hunk 2\n  needs:\n": "a.patch does not go on v0.1.0: lib.go: hunk 2",
		"it said:\n":  "it said",
		"\n\nfirst\n": "first",
	} {
		if got := matrix.Gist(reason); got != want {
			t.Errorf("gist of %q is %q, want %q", reason, got, want)
		}
	}
}

// TestNeedsGo tells the two reasons apart why a toolchain is too old.
func TestNeedsGo(t *testing.T) {
	for _, release := range []bool{true, false} {
		reason := matrix.NeedsGo(release, "1.24.0", "go1.21.13")
		if matrix.ReleaseNeedsGo(reason) != release || matrix.ReproductionNeedsGo(reason) == release {
			t.Errorf("%q is taken for the other reason", reason)
		}
		if matrix.Gist(reason) != reason {
			t.Errorf("%q is cut to %q", reason, matrix.Gist(reason))
		}
	}
}

// TestTargetFails tells which code a compiler complains of.
func TestTargetFails(t *testing.T) {
	for complaint, want := range map[string][2]bool{ // of the target alone, and of the reproduction
		"# example.com/lib\n../target/in/lib.go:5:2: undefined: slices": {true, false},
		"# example.com/repro\n./main.go:5:2: undefined: lib.New":        {false, true},
		"say/say.go:5:2: undefined: lib.New":                            {false, true},
		"../target/lib.go:5:2: undefined: y\nmain.go:5:2: undefined: z": {false, true},
		"$GOMODCACHE/example.com/x@v1.0.0/x.go:1:1: undefined: y":       {false, false},
		"missing go.sum entry for module providing package x":           {false, false},
		"": {false, false},
	} {
		if got := [2]bool{matrix.TargetFails(complaint), matrix.InReproduction(complaint)}; got != want {
			t.Errorf("%q: got %v, want %v", complaint, got, want)
		}
	}
}

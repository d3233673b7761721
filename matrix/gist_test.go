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

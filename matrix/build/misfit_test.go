package build

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestMisfit tells apart what fails in the reproduction, which may fit with another
// adapter, from what fails in the target.
func TestMisfit(t *testing.T) {
	for complaint, want := range map[string]bool{
		"": false,
		"# example.com/repro\n./main.go:24:37: cannot use t":                                                true,
		"# example.com/repro/peer\npeer/host.go:3:1: undefined: lib.Dial":                                   true,
		"main.go:5:2: no required module provides package example.com/lib/qlog":                             true,
		"# example.com/lib\n../target/framer.go:279:2: clear requires go1.21":                               false,
		"# example.com/dep\n$GOMODCACHE/example.com/dep@v1.0.0/dep.go:1:1: syntax":                          false,
		"# example.com/lib\n../target/a.go:1:1: x\n# example.com/repro\n./main.go:2:2: undefined: lib.Dial": true,
	} {
		if got := Misfit(matrix.Artifact{Complaint: complaint}); got != want {
			t.Errorf("%q: got %v, want %v", complaint, got, want)
		}
	}
}

// TestSwap checks which package takes the place of another one: that with a type of the
// same name.
func TestSwap(t *testing.T) {
	for complaint, want := range map[string]matrix.Swap{
		"": {},
		`./a.go:24:37: cannot use t (variable of type *"crypto/tls".Config) as *"example.com/tls".Config value in argument to lib.Dial`: {From: "crypto/tls", To: "example.com/tls"},
		`./a.go:24:37: cannot use t (type *"crypto/tls".Config) as type *"example.com/tls".Config in argument to lib.Dial`:              {From: "crypto/tls", To: "example.com/tls"},
		`./a.go:24:37: cannot use t (variable of type *"crypto/tls".Config) as "example.com/tls".Config value in argument to lib.Dial`:  {},
		`./a.go:24:37: cannot use t (variable of type *"crypto/tls".Config) as *"example.com/tls".Conf value in argument to lib.Dial`:   {},
		`./a.go:24:37: cannot use t (variable of type *tls.Config) as *utls.Config value in argument to lib.Dial`:                       {},
	} {
		if got, ok := Swap(matrix.Artifact{Complaint: complaint}); got != want || ok != (want != matrix.Swap{}) {
			t.Errorf("%q: got %v, want %v", complaint, got, want)
		}
	}
}

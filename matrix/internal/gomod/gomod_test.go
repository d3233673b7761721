package gomod

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

var target = matrix.Target{Module: "example.com/lib", Former: []matrix.Former{{Module: "example.com/old/lib"}}}

func TestParse(t *testing.T) {
	tests := []struct{ name, mod, want string }{
		{name: "a module for a module", mod: "module m\n\nreplace example.com/dep => example.com/fork v1.2.3\n"},
		{name: "malformed", mod: "module m\n\nfrobnicate x\nrequire example.com/x one\n",
			want: "go.mod:3: unknown directive: frobnicate\n" +
				"go.mod:4: require example.com/x: version \"one\" invalid: must be of the form v1.2.3"},
		{name: "no syntax", mod: "module (\n", want: "go.mod:2: syntax error (unterminated block started at go.mod:1:1)"},
		{name: "no module", mod: "go 1.20\n", want: `go.mod:1: has no module line: add one, such as "module example.com/repro"`},
		{name: "no module path", mod: "module \"(\"\n", want: `go.mod:1: malformed import path "(": invalid char '('`},
		{name: "the target's module", mod: "\nmodule example.com/lib\n",
			want: "go.mod:2: example.com/lib is the target's path: name the module by which the reproduction imports its own packages"},
		{name: "the target's former module", mod: "module example.com/old/lib\n",
			want: "go.mod:1: example.com/old/lib is the target's path: name the module by which the reproduction imports its own packages"},
		{name: "target, former path and folder", mod: "module m\n\nreplace (\n\texample.com/lib v0.3.0 => example.com/fork v1.0.0\n" +
			"\texample.com/old/lib => example.com/lib v0.40.0\n\texample.com/x => ../x\n)\n",
			want: "go.mod:4: replaces example.com/lib, the target: each row replaces the target with its own release, so remove this line\n" +
				"go.mod:5: replaces example.com/old/lib, the target: each row replaces the target with its own release, so remove this line\n" +
				"go.mod:6: replaces example.com/x with the folder ../x, which the copy that is built does not have: replace it with a module and a version"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := Parse("go.mod", []byte(test.mod), target, "")
			if test.want == "" {
				if err != nil || f.Module.Mod.Path != "m" {
					t.Errorf("Parse = %+v, %v", f, err)
				}
				return
			}
			if !errors.As(err, &matrix.Problems{}) {
				t.Fatalf("Parse: %v, want problems", err)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestIn(t *testing.T) {
	others := []string{"example.com/lib/plugin", "example.com"}
	for path, want := range map[string]bool{
		"example.com/lib": true, "example.com/lib/x": true, "example.com/lib/plugins": true,
		"example.com/lib/plugin": false, "example.com/lib/plugin/x": false,
		"example.com/library": false, "example.com": false,
	} {
		if got := In("example.com/lib", others, path); got != want {
			t.Errorf("In(%s) = %v, want %v", path, got, want)
		}
	}
}

func TestZeroVersion(t *testing.T) {
	for path, want := range map[string]string{
		"example.com/lib": "v0.0.0", "example.com/lib/v2": "v2.0.0", "gopkg.in/lib.v3": "v3.0.0",
	} {
		if got := ZeroVersion(path); got != want {
			t.Errorf("ZeroVersion(%q) = %q, want %q", path, got, want)
		}
	}
}

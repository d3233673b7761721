package build_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// TestCountedComplaint checks that code which would count how often it runs is complained of as
// it is written: with its own columns.
func TestCountedComplaint(t *testing.T) {
	files := map[string]string{
		"target/lib.go": "package lib\n\nfunc Answer() int { if x := 1; x == 1 { return nosuch }; return 42 }\n",
		"repro/os.go":   "package main\n\nvar os int\n", // which the file that ends the program must not mind
		"repro/lib_test.go": "package main\n\nimport (\n\t\"testing\"\n\n\t\"example.com/lib\"\n)\n\n" +
			"func TestAnswer(t *testing.T) { lib.Answer() }\n",
	}
	complaint := func(change func(*build.Options)) string {
		opts := build.Options{Out: filepath.Join(t.TempDir(), "binary"), Target: "example.com/lib"}
		change(&opts)
		a, err := build.Build(t.Context(), new(gocmd.Go), lay(t, files), matrix.Row{}, opts)
		if err != nil || !a.Proven {
			t.Fatalf("%+v, %v", a, err)
		}
		return a.Complaint
	}
	want := "# example.com/lib\n../target/lib.go:3:48: undefined: nosuch"
	for name, change := range map[string]func(*build.Options){
		"program":             func(*build.Options) {},
		"program that counts": func(o *build.Options) { o.Count = true },
		"tests":               func(o *build.Options) { o.Test = "." },
	} {
		if diff := cmp.Diff(want, complaint(change)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// TestUncountable checks that code which only compiles without counting is not said to be wrong.
func TestUncountable(t *testing.T) {
	files := map[string]string{"target/lib.go": "package lib\n\ntype uint32 struct{}\n\nvar _ uint32\n\nfunc Answer() int { return 42 }\n"}
	opts := build.Options{Out: filepath.Join(t.TempDir(), "binary"), Target: "example.com/lib", Count: true}
	a, err := build.Build(t.Context(), new(gocmd.Go), lay(t, files), matrix.Row{}, opts)
	if want := "it builds, but not with what counts how often code of example.com/lib runs"; err == nil || !strings.Contains(err.Error(), want) || a.Complaint != "" {
		t.Errorf("%+v, %v; want an error with %q", a, err, want)
	}
}

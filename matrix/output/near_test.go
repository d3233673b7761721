package output

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
)

// put writes results to a folder.
func put(t *testing.T, dir string, r *matrix.Results) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, ResultsFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := codec.Write(f, r); err != nil {
		t.Fatal(err)
	}
}

// TestNear checks which results count as next to others: by their place, and if they are
// of the same suite.
func TestNear(t *testing.T) {
	t.Chdir(t.TempDir())
	r, foreign := sample(), sample()
	foreign.Suite = "foreign"
	put(t, "a", r)
	put(t, "a/forks", r)
	put(t, "b", r)
	put(t, "b/forks", foreign)
	put(t, "b/more", r)
	put(t, "c", r)
	put(t, "c/forks", r)
	if err := os.WriteFile("c/forks/results.json", []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"":                     "",
		"a":                    "forks/index.html",
		"a/results.json":       "forks/index.html",
		"a/forks":              "../index.html",
		"a/forks/results.json": "../index.html",
		"b":                    "",
		"b/forks":              "",
		"b/more":               "",
		"missing":              "",
	} {
		of := r
		if name == "b/forks" {
			of = foreign
		}
		near, err := Near(t.Context(), name, of)
		got := ""
		for _, n := range near {
			got += n.File
		}
		if err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", name, got, err, want)
		}
	}
	if _, err := Near(t.Context(), "c", r); err == nil {
		t.Error("torn results of forks are taken for none")
	}
	forks, err := Forks(t.Context(), "a", r)
	if err != nil || forks == nil {
		t.Errorf("the forks of a are %v, %v", forks, err)
	}
}

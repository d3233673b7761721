package goenv

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	for flags, want := range map[string][]string{
		"":                                  nil,
		" -mod=mod  -v\t":                   {"-mod=mod", "-v"},
		`'-ldflags=-X a.b=c d' "-tags=x y"`: {"-ldflags=-X a.b=c d", "-tags=x y"},
		"-v '-mod=mod":                      {"-v"},
	} {
		if got := Split(flags); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", flags, got, want)
		}
	}
}

// TestSettings checks where settings come from: the environment goes before what is
// stored, and GOENV=off means that nothing is stored.
func TestSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(file, []byte("GOFLAGS=-mod=mod --modfile=a -modfile=b\nGOPATH=/stored\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOENV", file)
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOMODCACHE", "")
	t.Setenv("GOPATH", "")
	if mod, modfile := Flag("mod"), Flag("modfile"); mod != "mod" || modfile != "b" {
		t.Errorf("stored: got -mod=%s -modfile=%s, want -mod=mod -modfile=b", mod, modfile)
	}
	if got, want := ModCache(), filepath.FromSlash("/stored/pkg/mod"); got != want {
		t.Errorf("module cache: got %s, want %s", got, want)
	}
	t.Setenv("GOFLAGS", "-mod=vendor")
	t.Setenv("GOMODCACHE", "/cache")
	if mod, cache := Flag("mod"), ModCache(); mod != "vendor" || cache != "/cache" {
		t.Errorf("environment: got -mod=%s, cache %s, want vendor, /cache", mod, cache)
	}
	t.Setenv("GOENV", "off")
	if got := Get("GOPATH"); got != "" {
		t.Errorf("GOENV=off: got %s, want nothing", got)
	}
}

package forks

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
)

// TestReplacePath checks that a replace line takes each path for a folder.
func TestReplacePath(t *testing.T) {
	for dir, want := range map[string]string{
		"fork": "./fork", "./a/../fork/": "./fork", "../fork": "../fork", "..fork": "./..fork", "/a/fork": "/a/fork", "my fork": `"./my fork"`,
		".": find.Absolute("."), "..": find.Absolute(".."),
	} {
		got := ReplacePath(filepath.FromSlash(dir))
		if got != filepath.ToSlash(want) {
			t.Errorf("%s becomes %s, want %s", dir, got, want)
		}
		f, err := modfile.Parse("go.mod", []byte("module m\n\nreplace example.com/lib => "+got+"\n"), nil)
		if err != nil || len(f.Replace) != 1 || f.Replace[0].New.Version != "" {
			t.Errorf("%s is not a folder to a replace line: %v", got, err)
		}
	}
}

// TestProxyURL checks that a path is absolute and escaped.
func TestProxyURL(t *testing.T) {
	got := ProxyURL("my forks")
	if !strings.HasPrefix(got, "file:///") || !strings.HasSuffix(got, "/my%20forks") {
		t.Errorf("got %s", got)
	}
}

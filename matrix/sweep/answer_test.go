package sweep

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestReason checks that a reason has no path of this machine, and that a variable which
// names no folder cuts nothing out of it.
func TestReason(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ cache, err, want string }{
		{dir, "mkdir " + dir + "/00: permission denied", "mkdir $GOCACHE/00: permission denied"},
		{file, "mkdir " + file + ": not a directory", "mkdir $GOCACHE: not a directory"},
		{filepath.Join(file, "a", "b"), "mkdir " + file + ": not a directory", "mkdir $GOCACHE/../..: not a directory"},
		{"off", "reading file://" + dir + "/x.info: no", "reading file://$GOPROXY/x.info: no"},
		{"off", "build cache is disabled by GOCACHE=off", "build cache is disabled by GOCACHE=off"},
		{"cache", "the build cache is a cache", "the build cache is a cache"},
	} {
		t.Setenv("GOCACHE", c.cache)
		t.Setenv("GOPROXY", "https://example.com,file://"+dir)
		if got := reason(errors.New(c.err)); got != c.want {
			t.Errorf("with GOCACHE=%s: %q, want %q", c.cache, got, c.want)
		}
	}
}

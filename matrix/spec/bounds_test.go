package spec

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/matrixrun/matrixrun/matrix/internal/lockfile"
)

// TestBounds checks that files which are no files of a suite get short messages, and
// are not read.
func TestBounds(t *testing.T) {
	var keys strings.Builder
	for i := range 60 {
		fmt.Fprintf(&keys, "key%d: 1\n", i)
	}
	pipe := &fstest.MapFile{Mode: fs.ModeNamedPipe}
	large := func(n int) *fstest.MapFile { return &fstest.MapFile{Data: bytes.Repeat([]byte(" "), n+1)} }
	for _, test := range []struct {
		name, file string
		have       *fstest.MapFile
		want       string // at the end of the error
		lines      int    // at most, of the error
	}{
		{"unknown keys", FileName, &fstest.MapFile{Data: []byte(keys.String())}, "demo/matrix.yaml:51: and 10 more unknown keys", 60},
		{"long key", FileName, &fstest.MapFile{Data: []byte(strings.Repeat("k", 900) + ": 1\n")}, "", 10},
		{"pipe", FileName, pipe, "demo/matrix.yaml: is not a regular file", 1},
		{"large", FileName, large(maxDocument), "demo/matrix.yaml: has 1048577 bytes: want at most 1048576", 1},
		{"pipe as lock", lockfile.Name, pipe, "demo/releases.lock: is not a regular file", 1},
		{"large lock", lockfile.Name, large(lockfile.MaxSize), "demo/releases.lock: has 16777217 bytes: want at most 16777216", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := suite()
			files[test.file] = test.have
			_, err := Load(files, "demo")
			if err == nil || !strings.HasSuffix(err.Error(), test.want) {
				t.Fatalf("error %v, want %s", err, test.want)
			}
			lines := strings.Split(err.Error(), "\n")
			for _, line := range lines {
				if len(line) > 400 {
					t.Errorf("a line of the error has %d bytes", len(line))
				}
			}
			if len(lines) > test.lines {
				t.Errorf("the error has %d lines, want at most %d", len(lines), test.lines)
			}
		})
	}
}

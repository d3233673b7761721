package spec

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestPatchBounds checks that a patch file that is too large is refused with the
// reason, and that the number of mistakes in a header is bounded.
func TestPatchBounds(t *testing.T) {
	var unknown strings.Builder
	for i := range 500 {
		fmt.Fprintf(&unknown, "X%d: y\n", i)
	}
	tests := []struct{ name, data, last string }{
		{"size", goodHeader + diffText + strings.Repeat("x", 16<<20), "p/a.patch: is larger than 16 MiB, which is the limit for patches"},
		{"header", "Description: " + strings.Repeat("x", 64<<10) + "\n" + diffText, `p/a.patch: has no field Releases: add "Releases: >= 0.44, < 0.50" to its header`},
		{"unknown fields", unknown.String() + goodHeader + diffText, "p/a.patch:51: and 450 more mistakes"},
		{"long line", goodHeader + strings.Repeat("x", 1000) + "\n" + diffText,
			`p/a.patch:3: "` + strings.Repeat("x", 80) + `..." is not a header field: want "Name: text", or a leading blank to continue the field above`},
		{"long field", goodHeader + strings.Repeat("x", 1000) + ": y\n" + diffText,
			`p/a.patch:3: unknown field "` + strings.Repeat("x", 80) + `...": want one of Description, Origin, License, Bug, Applied-Upstream, Releases, Fixes`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := LoadPatch(patchFolder("a.patch", test.data), "p")
			var problems matrix.Problems
			if !errors.As(err, &problems) || len(problems) > 51 || problems[len(problems)-1].String() != test.last {
				t.Errorf("got %.1000v\nwant at the end %s", err, test.last)
			}
		})
	}
	_, err := LoadPatch(patchFolder("a.patch", "Description: "+strings.Repeat("x", 64<<10)+"\n"+diffText), "p")
	if want := "p/a.patch: has a header of 65550 bytes: want up to 65536 before the diff\n"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %.200v, want %s", err, want)
	}
	many := fstest.MapFS{}
	for i := range 1001 {
		many[fmt.Sprintf("%d.patch", i)] = &fstest.MapFile{}
	}
	_, err = LoadPatch(many, "p")
	wantProblems(t, err, []string{"p: has 1001 patches: a folder may have up to 1000"})
}

// TestPatchFileKinds checks that only regular files of a folder are read: a device has
// no end, and a pipe may never have one.
func TestPatchFileKinds(t *testing.T) {
	_, err := LoadPatch(fstest.MapFS{"a.patch": {Mode: fs.ModeNamedPipe}, "b.diff": {Mode: fs.ModeDevice}}, "p")
	wantProblems(t, err, []string{
		"p/a.patch: is not a regular file: want a unified diff with a header",
		"p/b.diff: is not a regular file: want a unified diff with a header",
	})
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("this system has no device without an end")
	}
	_, _, err = LoadDiff(t.Context(), "/dev/zero", Found)
	wantProblems(t, err, []string{"/dev/zero: is larger than 16 MiB, which is the limit for patches"})
}

// TestLoadDiffHeedsCancellation checks that a pipe that nobody writes to is given up.
func TestLoadDiffHeedsCancellation(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "x.patch")
	if err := exec.CommandContext(t.Context(), "mkfifo", pipe).Run(); err != nil {
		t.Skipf("this system makes no pipes: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, _, err := LoadDiff(ctx, pipe, Found); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > time.Second {
		t.Errorf("got %v after %v", err, time.Since(began))
	}
	// Let the reader end, which waits to open the pipe.
	if f, err := os.OpenFile(pipe, os.O_WRONLY, 0); err == nil {
		f.Close()
	}
}

// FuzzPatchFile parses a patch file, as in a folder and by itself. Its mistakes are
// problems, and their number is bounded.
func FuzzPatchFile(f *testing.F) {
	for _, data := range []string{
		goodHeader + diffText, mailHead + diffText, goodHeader, "", "Relases: > 1\n" + goodHeader + diffText, " x\n" + goodHeader + diffText,
		goodHeader + "Fixes: a*, [\n.\n" + diffText, strings.ReplaceAll(goodHeader+diffText, "\n", "\r\n"), "---\n" + diffText, goodHeader + "---\n",
		goodHeader + "Bug-X: 1\n more\n--- a/.git/x\n+++ b/go.mod\n@@ -1 +1 @@\n-a\n+b\n",
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, inFolder := range []bool{true, false} {
			v, err := parseVariant("p", data, inFolder, Found)
			var problems matrix.Problems
			switch {
			case err == nil && (len(v.Diff) == 0 || v.DiffLine == 0):
				t.Errorf("no mistake, and no diff")
			case err != nil && (!errors.As(err, &problems) || len(problems) > 2*maxHeaderProblems+10):
				t.Errorf("%d problems: %v", len(problems), err)
			}
		}
	})
}

package upstream

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// lay writes a module to a folder and returns its tree.
func lay(t *testing.T, files map[string]string) *Tree {
	t.Helper()
	dir, temp := t.TempDir(), t.TempDir()
	files["go.mod"] = "module example.com/lib\n\ngo 1.16\n"
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return &Tree{Go: new(gocmd.Go), Dir: dir, Temp: temp, Version: "go1.26.0", Compile: time.Minute}
}

// testFile returns a test file with tests named TestA, TestB and so on.
func testFile(bodies ...string) string {
	text := "package lib\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nvar _ = os.Getenv\n\n"
	for i, body := range bodies {
		text += "func Test" + string(rune('A'+i)) + "(t *testing.T) { " + body + " }\n"
	}
	return text
}

func run(t *testing.T, tree *Tree, test string, limit time.Duration) *matrix.TestRun {
	t.Helper()
	run, err := tree.Run(t.Context(), ".", test, limit)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestRun(t *testing.T) {
	t.Setenv("SECRET", "the user's")
	tree := lay(t, map[string]string{"lib.go": "package lib\n", "lib_test.go": testFile(
		`if os.Getenv("SECRET") != "" { t.Fatal("SECRET is set") }; if _, err := os.Stat("lib.go"); err != nil { t.Fatal(err) }`,
		`dir, _ := os.Getwd(); t.Fatal(dir + " and " + os.TempDir())`,
	)})
	got := run(t, tree, "", time.Minute)
	if got.State != matrix.TestsRan || !cmp.Equal(got.Passed, []string{"TestA"}) || !cmp.Equal(names(got.Failed), []string{"TestB"}) {
		t.Fatalf("got %+v", got)
	}
	if out := got.Failed[0].Output; !strings.Contains(out, ": . and $TMPDIR/tmp") {
		t.Errorf("the output has paths of this machine: %s", out)
	}
	if got := run(t, tree, "TestA", time.Minute); len(got.Failed) > 0 || len(got.Passed) != 1 {
		t.Errorf("TestA alone: %+v", got)
	}
}

// TestRunEnds checks that a test that hangs is ended and reported as failed.
func TestRunEnds(t *testing.T) {
	tree := lay(t, map[string]string{"lib.go": "package lib\n", "lib_test.go": testFile("", "select {}")})
	got := run(t, tree, "", time.Second)
	if got.State != matrix.TestsTimedOut || !cmp.Equal(got.Passed, []string{"TestA"}) || !cmp.Equal(names(got.Failed), []string{"TestB"}) {
		t.Errorf("got %+v", got)
	}
}

func TestUncompiled(t *testing.T) {
	tree := lay(t, map[string]string{"lib.go": "package lib\n", "lib_test.go": testFile("nothing()")})
	if got := run(t, tree, "", time.Minute); got.State != matrix.TestsUncompiled || !strings.Contains(got.Complaint, "lib_test.go:10:28: undefined: nothing") {
		t.Errorf("got %+v", got)
	}
	missing := strings.Replace(testFile(""), `"os"`, `"os"; _ "example.com/lib/nosuch"`, 1)
	tree = lay(t, map[string]string{"lib.go": "package lib\n", "lib_test.go": missing})
	if got := run(t, tree, "", time.Minute); got.State != matrix.TestsUncompiled || !strings.Contains(got.Complaint, "nosuch") {
		t.Errorf("got %+v", got)
	}
	for _, pkg := range []string{".", "nosuch"} {
		tree = lay(t, map[string]string{"lib.go": "package lib\n"})
		if got, err := tree.Run(t.Context(), pkg, "", time.Minute); err != nil || got.State != matrix.TestsNone {
			t.Errorf("%s: got %+v, %v", pkg, got, err)
		}
	}
}

// TestFaults checks that no fault of the machine counts as a result.
func TestFaults(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /dev/full and signals")
	}
	tests := []struct{ name, body, want string }{
		{"killed", `self, _ := os.FindProcess(os.Getpid()); self.Kill(); select {}`, "signal: killed (something killed it"},
		{"full disk", `if err := os.WriteFile("/dev/full", []byte("x"), 0); err != nil { t.Fatal(err) }`, "the disk is full"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := lay(t, map[string]string{"lib.go": "package lib\n", "lib_test.go": testFile(test.body)})
			if got, err := tree.Run(t.Context(), ".", "", time.Minute); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Run = %+v, %v; want an error with %q", got, err, test.want)
			}
		})
	}
	t.Run("no build cache", func(t *testing.T) {
		tree := lay(t, map[string]string{"lib.go": "package lib\n", "lib_test.go": testFile("")})
		t.Setenv("GOCACHE", filepath.Join(tree.Dir, "lib.go"))
		if got, err := tree.Run(t.Context(), ".", "", time.Minute); err == nil || !strings.Contains(err.Error(), "set GOCACHE") {
			t.Errorf("Run = %+v, %v; want an error about the build cache", got, err)
		}
	})
}

// TestConfirm checks that flaky tests are kept apart from those that always fail. A
// counter in the folder of the tests makes TestB fail every other time.
func TestConfirm(t *testing.T) {
	counter := `data, _ := os.ReadFile(os.TempDir() + "/n"); os.WriteFile(os.TempDir()+"/n", append(data, 'x'), 0o666); if len(data)%2 == 0 { t.Fatal("even") }`
	without := lay(t, map[string]string{"lib.go": "package lib\n", "lib_test.go": testFile("", "", "", `t.Fatal("mended")`)})
	with := lay(t, map[string]string{"lib.go": "package lib\n", "lib_test.go": testFile(`t.Fatal("always")`, counter, "", "")})
	d := Compare(run(t, without, "", time.Minute), run(t, with, "", time.Minute))
	if !cmp.Equal(names(d.Breaks), []string{"TestA", "TestB"}) || !cmp.Equal(names(d.Mends), []string{"TestD"}) {
		t.Fatalf("Compare: %+v", d)
	}
	if err := d.Confirm(t.Context(), without, with, ".", time.Minute); err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(names(d.Breaks), []string{"TestA"}) || !cmp.Equal(names(d.Flaky), []string{"TestB"}) || !cmp.Equal(names(d.Mends), []string{"TestD"}) || d.Passed != 1 {
		t.Errorf("Confirm: %+v", d)
	}
}

func TestPackages(t *testing.T) {
	tree := lay(t, map[string]string{"lib.go": "", "in/in.go": "", "in/testdata/deep/x": "", "docs/x.md": ""})
	diff := ""
	for _, name := range []string{"lib.go", "in/testdata/deep/x", "docs/x.md", "testdata/y"} {
		diff += "--- a/" + name + "\n+++ b/" + name + "\n@@ -1 +1 @@\n-a\n+b\n"
	}
	got, err := Packages(tree.Dir, []matrix.Variant{{File: "p", Diff: []byte(diff)}})
	if err != nil || !cmp.Equal(got, []string{".", "in"}) {
		t.Errorf("got %v, %v", got, err)
	}
}

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
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
)

// lay writes a module to a folder and returns its tree.
func lay(t *testing.T, files map[string]string) *Tree {
	t.Helper()
	dir, temp := t.TempDir(), t.TempDir()
	if files["go.mod"] == "" {
		files["go.mod"] = "module example.com/lib\n\ngo 1.16\n"
	}
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

// TestForeignBuild compiles code that asks the go command to run other programs, and code
// that asks for files of the user's. It gets neither.
func TestForeignBuild(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("CGO_ENABLED", "1")
	t.Setenv("GOFLAGS", "-toolexec=false")
	tree := lay(t, map[string]string{
		"go.mod":      "module example.com/lib\n\ngo 1.21\n\ntoolchain go1.999.0\n",
		"lib.go":      "package lib\n\n//go:generate touch generated\n",
		"c.go":        "package lib\n\n// #cgo CFLAGS: -include /nosuch\n// #error cgo is on\nimport \"C\"\n",
		"lib_test.go": testFile(`if _, err := os.Stat("generated"); err == nil { t.Fatal("go generate was run") }`),
	})
	if got := run(t, tree, "", time.Minute); !cmp.Equal(got.Passed, []string{"TestA"}) {
		t.Errorf("got %+v; want a test that passes, built with the local toolchain, without cgo and go generate", got)
	}
	tree = lay(t, map[string]string{"lib.go": "package lib\n\nimport _ \"embed\"\n\n//go:embed ../secret\nvar s string\n", "lib_test.go": testFile("")})
	if got := run(t, tree, "", time.Minute); got.State != matrix.TestsUncompiled || !strings.Contains(got.Complaint, "invalid pattern syntax") {
		t.Errorf("got %+v; want no file of another folder", got)
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
	d := Compare(run(t, without, "", time.Minute), run(t, with, "", time.Minute), false)
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

// TestContained checks what tests can do in a sandbox. They get to their sources, their
// own files, programs and loopback. A test that fails because of what is refused is no
// result, and neither is one that changes its sources.
func TestContained(t *testing.T) {
	s, err := sandbox.Find(t.Context(), matrix.SandboxAuto)
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Contains; !c.Files.Applies || !c.Network.Applies {
		t.Skip("needs a sandbox: this one ", c.Summary())
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, nil, 0o644); err != nil { //nolint:gosec // the file's mode must not be what protects it
		t.Fatal(err)
	}
	fails := func(call string) string { return `if _, err := ` + call + `; err != nil { t.Fatal(err) }` }
	refused := []struct{ body, message string }{
		{fails(`os.ReadFile("` + secret + `")`), "no such file or directory"},
		{fails(`os.Create("lib.go")`), "read-only file system"},
		{fails(`net.Dial("udp", "192.0.2.1:9")`), "network is unreachable"},
		{fails(`net.LookupHost("example.invalid")`), "lookup example.invalid"},
		{fails(`exec.LookPath("nosuch")`), "executable file not found"},
	}
	bodies := []string{
		fails(`os.ReadFile("lib.go")`) + `; ` + fails(`os.CreateTemp("", "")`) + `; ` + fails(`os.MkdirTemp(os.Getenv("HOME"), "")`) + `; ` +
			fails(`net.Listen("tcp", "127.0.0.1:0")`) + `; ` + fails(`exec.Command("go", "version").Output()`),
	}
	for _, r := range refused {
		bodies = append(bodies, r.body)
	}
	source := strings.Replace(testFile(bodies...), `"os"`, "\"net\"\n\t\"os\"\n\t\"os/exec\"", 1)
	tree := lay(t, map[string]string{"lib.go": "package lib\n", "lib_test.go": source})
	tree.Sandbox = s
	if got, err := tree.Run(t.Context(), ".", "TestA", time.Minute); err != nil || !cmp.Equal(got.Passed, []string{"TestA"}) {
		t.Errorf("Run = %+v, %v; want a test that passes", got, err)
	}
	for i, r := range refused {
		got, err := tree.Run(t.Context(), ".", "Test"+string(rune('B'+i)), time.Minute)
		if err == nil || !strings.Contains(err.Error(), r.message) || !strings.Contains(err.Error(), sandbox.Off) {
			t.Errorf("Run = %+v, %v; want an error with %q that names --sandbox=off", got, err, r.message)
		}
	}
}

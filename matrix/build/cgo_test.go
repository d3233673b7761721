package build_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// inC are files of a target that does a part of its work in C.
var inC = map[string]string{
	"repro/main.go":     "package main\n\nimport \"example.com/lib\"\n\nfunc main() { println(lib.Call()) }\n",
	"target/call.go":    "package lib\n\n// static int call(void) { return 42; }\nimport \"C\"\n\nfunc Call() int { return int(C.call()) }\n",
	"target/windows.go": "//go:build !" + runtime.GOOS + "\n\npackage lib\n\nimport \"C\"\n",
}

// buildC builds a workspace with cgo on, and returns the artifact and what compiles C.
func buildC(t *testing.T, ws *matrix.Workspace, change func(*build.Options)) (matrix.Artifact, error) {
	t.Helper()
	g := new(gocmd.Go)
	c, err := g.C(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	opts := build.Options{Out: filepath.Join(t.TempDir(), "binary"), Target: "example.com/lib", C: &c}
	change(&opts)
	return build.Build(t.Context(), g, ws, matrix.Row{}, opts)
}

// needsGCC skips a test that compiles C.
func needsGCC(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("needs gcc for cgo")
	}
}

// TestLeftOut checks that a binary says what it does not have of its target.
func TestLeftOut(t *testing.T) {
	files := map[string]string{"target/call.go": inC["target/call.go"], "target/windows.go": inC["target/windows.go"]}
	a, err := buildC(t, lay(t, files), func(o *build.Options) { o.C = nil })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"call.go"}, a.Cgo); diff != "" || a.SHA256 == "" || a.CCompiler != "" || a.NoC {
		t.Errorf("%+v: -want +got:\n%s", a, diff)
	}
}

// TestCgo compiles C, and runs it.
func TestCgo(t *testing.T) {
	needsGCC(t)
	a, err := buildC(t, lay(t, inC), func(*build.Options) {})
	if err != nil || a.Complaint != "" || a.CCompiler == "" || a.Cgo != nil {
		t.Fatalf("%+v, %v", a, err)
	}
	out, err := exec.CommandContext(t.Context(), a.Path).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "42" {
		t.Errorf("the binary printed %q, %v", out, err)
	}
	again, err := buildC(t, lay(t, inC), func(*build.Options) {})
	if err != nil || again.SHA256 != a.SHA256 {
		t.Errorf("built in another folder, it is %s, was %s (%v)", again.SHA256, a.SHA256, err)
	}
}

// TestNeedlessCgo checks that a build which needs no C is what it is with cgo off, also if
// packages of the standard library could use it.
func TestNeedlessCgo(t *testing.T) {
	files := map[string]string{"repro/main.go": "package main\n\nimport (\n\t_ \"os/user\"\n\n\t\"example.com/lib\"\n)\n\nfunc main() { println(lib.Answer()) }\n"}
	with, err := buildC(t, lay(t, files), func(o *build.Options) { o.C = new(gocmd.C) })
	if err != nil {
		t.Fatal(err)
	}
	without, err := buildC(t, lay(t, files), func(o *build.Options) { o.C = nil })
	if err != nil {
		t.Fatal(err)
	}
	if with.SHA256 == "" || with.SHA256 != without.SHA256 || with.CCompiler != "" || !without.NoC {
		t.Errorf("with cgo %+v, without %+v", with, without)
	}
}

// TestCgoUnknown checks that a machine which cannot compile C says nothing about the code.
func TestCgoUnknown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("hunter2 is no C;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		code   string
		change func(*build.Options)
		want   string
	}{
		"no compiler":             {inC["target/call.go"], func(o *build.Options) { o.C = new(gocmd.C) }, "example.com/lib needs cgo in call.go, and there is no C compiler (install gcc, or set CC"},
		"no header":               {"package lib\n\n// #include <nosuch.h>\nimport \"C\"\n\nfunc Call() int { return int(C.call()) }\n", func(*build.Options) {}, "this machine seems not to have a header, a library or a program that it wants"},
		"no library":              {"package lib\n\n// #cgo LDFLAGS: -lnosuch\n// int call(void);\nimport \"C\"\n\nfunc Call() int { return int(C.call()) }\n", func(*build.Options) {}, "this machine seems not to have a header, a library or a program that it wants"},
		"no package":              {"package lib\n\n// #cgo pkg-config: nosuch\n// int call(void);\nimport \"C\"\n\nfunc Call() int { return int(C.call()) }\n", func(*build.Options) {}, "this machine seems not to have a header, a library or a program that it wants"},
		"bad C":                   {"package lib\n\n// static int call(void) { return nosuch; }\nimport \"C\"\n\nfunc Call() int { return int(C.call()) }\n", func(*build.Options) {}, "the build of example.com/lib failed, which has C code: the reason may be"},
		"undeclared C":            {"package lib\n\nimport \"C\"\n\nfunc Call() int { return int(C.call()) }\n", func(*build.Options) {}, "the build of example.com/lib failed, which has C code: the reason may be"},
		"another file":            {"package lib\n\n// #import \"FILE\"\nimport \"C\"\n\nfunc Call() int { return int(C.call()) }\n", func(*build.Options) {}, "the build of example.com/lib failed, which has C code: the reason may be"},
		"another file by a macro": {"package lib\n\n// #define Q(x) S(x)\n// #define S(x) #x\n// #include Q(FILE)\nimport \"C\"\n\nfunc Call() int { return int(C.call()) }\n", func(*build.Options) {}, "the build of example.com/lib failed, which has C code: the reason may be"},
		"bad Go":                  {"package lib\n\nimport \"C\"\n\nfunc Call() int { return nosuch }\n", func(*build.Options) {}, "the build of example.com/lib failed, which has C code: the reason may be"},
	} {
		t.Run(name, func(t *testing.T) {
			needsGCC(t)
			ws := lay(t, map[string]string{"repro/main.go": inC["repro/main.go"], "target/call.go": strings.ReplaceAll(test.code, "FILE", filepath.ToSlash(file))})
			a, err := buildC(t, ws, test.change)
			if err == nil || !strings.Contains(err.Error(), test.want) || a.Complaint != "" {
				t.Errorf("%+v, %v; want an error with %q", a, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v: it quotes a file", err)
			}
		})
	}
}

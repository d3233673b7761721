package build_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

const (
	goMod = `module example.com/repro

go 1.16

require example.com/lib v0.0.0

replace example.com/lib => ../target
`
	mainGo = `package main

import "example.com/lib"

func main() { println(lib.Answer(), era) }
`
	libGo = `package lib

func Answer() int { return 42 }
`
)

// lay writes a workspace that builds, with these files added or replaced. Both
// modules import next to nothing, so that a cold cache has little to compile.
func lay(t *testing.T, files map[string]string) *matrix.Workspace {
	t.Helper()
	t.Setenv("GOPROXY", "off")
	all := map[string]string{
		"repro/go.mod":    goMod,
		"repro/main.go":   mainGo,
		"repro/newest.go": "//go:build !old\n// +build !old\n\npackage main\n\nconst era = \"newest\"\n",
		"repro/old.go":    "//go:build old\n// +build old\n\npackage main\n\nconst era = \"old\"\n",
		"target/go.mod":   "module example.com/lib\n\ngo 1.16\n",
		"target/lib.go":   libGo,
	}
	for name, text := range files {
		all[name] = text
	}
	dir := t.TempDir()
	for name, text := range all {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return &matrix.Workspace{Dir: filepath.Join(dir, "repro"), Applied: []matrix.Applied{{Name: "some-patch", Apply: matrix.ApplyExact}}}
}

func TestBuild(t *testing.T) {
	for _, era := range []string{"newest", "old"} {
		t.Run(era, func(t *testing.T) {
			row := matrix.Row{}
			if era == "old" {
				row.Adapter.Tags = []string{"old"}
			}
			var sums []string
			for range 2 { // workspaces
				ws := lay(t, nil)
				out := filepath.Join(t.TempDir(), "deep", "down", "binary")
				a, err := build.Build(t.Context(), new(gocmd.Go), ws, row, build.Options{Out: out, Parallel: 1, Limit: time.Hour})
				if err != nil {
					t.Fatal(err)
				}
				if a.Path != out || a.Complaint != "" {
					t.Errorf("artifact %+v", a)
				}
				if diff := cmp.Diff(ws.Applied, a.Applied); diff != "" {
					t.Errorf("applied patches (-workspace +artifact):\n%s", diff)
				}
				output, err := exec.CommandContext(t.Context(), out).CombinedOutput()
				if err != nil || string(output) != "42 "+era+"\n" {
					t.Errorf("the binary prints %q, %v", output, err)
				}
				if binary, err := os.ReadFile(out); err != nil || bytes.Contains(binary, []byte(filepath.Dir(ws.Dir))) {
					t.Errorf("the binary contains the path of its workspace (%v)", err)
				}
				sums = append(sums, a.SHA256)
			}
			if sums[0] == "" || sums[0] != sums[1] {
				t.Errorf("two workspaces give two binaries: %q", sums)
			}
		})
	}
}

// TestBuildOverHalfABinary builds to the place of another file, and replaces it.
func TestBuildOverHalfABinary(t *testing.T) {
	ws := lay(t, nil)
	out := filepath.Join(t.TempDir(), "binary")
	if err := os.WriteFile(out, []byte("half a bin"), 0o666); err != nil {
		t.Fatal(err)
	}
	a, err := build.Build(t.Context(), new(gocmd.Go), ws, matrix.Row{}, build.Options{Out: out})
	if err != nil || a.SHA256 == "" {
		t.Errorf("Build = %+v, %v", a, err)
	}
}

// complaints are builds that fail, and parts of what the compiler prints.
var complaints = []struct {
	name  string
	files map[string]string
	want  []string
}{
	{
		"compiler, in the reproduction",
		map[string]string{"repro/main.go": "package main\n\nimport \"example.com/lib\"\n\nfunc main() { lib.Gone() }\n"},
		[]string{"# example.com/repro", "main.go:5:19: undefined: lib.Gone"},
	},
	{
		"compiler, in the target",
		map[string]string{"target/lib.go": "package lib\n\nfunc Answer() int { return \"no space left on device\" }\n"},
		[]string{"# example.com/lib", "../target/lib.go:3:28:"},
	},
	{
		"linker",
		map[string]string{"target/lib.go": "package lib\n\nfunc Answer() int\n", "target/empty.s": ""},
		[]string{"# example.com/repro", "lib.Answer"},
	},
	{
		"no such package in the target",
		map[string]string{"repro/main.go": "package main\n\nimport _ \"example.com/lib/gone\"\n\nfunc main() {}\n"},
		[]string{"example.com/lib/gone"},
	},
	{
		"no such package at all",
		map[string]string{"repro/main.go": "package main\n\nimport _ \"example.com/nowhere\"\n\nfunc main() {}\n"},
		[]string{"main.go:3:8: ", "module providing package example.com/nowhere"},
	},
	{
		"no such package in the standard library",
		map[string]string{"repro/main.go": "package main\n\nimport _ \"nosuch\"\n\nfunc main() {}\n"},
		[]string{"package nosuch is not in std"},
	},
	{
		"internal package",
		map[string]string{
			"repro/main.go":          "package main\n\nimport _ \"example.com/lib/internal/x\"\n\nfunc main() {}\n",
			"target/internal/x/x.go": "package x\n",
		},
		[]string{"use of internal package example.com/lib/internal/x not allowed"},
	},
	{
		"files that need cgo",
		map[string]string{
			"repro/main.go":     "package main\n\nimport \"example.com/lib\"\n\nfunc main() { lib.Call() }\n",
			"target/call.go":    "package lib\n\nimport \"C\"\n\nfunc Call() {}\n",
			"target/windows.go": "//go:build !" + runtime.GOOS + "\n\npackage lib\n\nimport \"C\"\n",
		},
		[]string{"example.com/lib needs cgo in call.go, and cgo is off:\n", "undefined: lib.Call"},
	},
}

func TestComplaints(t *testing.T) {
	for _, test := range complaints {
		t.Run(test.name, func(t *testing.T) {
			ws := lay(t, test.files)
			out := filepath.Join(t.TempDir(), "binary")
			a, err := build.Build(t.Context(), new(gocmd.Go), ws, matrix.Row{}, build.Options{Out: out, Target: "example.com/lib"})
			if err != nil {
				t.Fatal(err)
			}
			if a.SHA256 != "" || a.Path != "" || !a.Proven {
				t.Errorf("artifact %+v has a binary", a)
			}
			for _, want := range test.want {
				if !strings.Contains(a.Complaint, want) {
					t.Errorf("the complaint does not contain %q:\n%s", want, a.Complaint)
				}
			}
			root := strings.TrimSpace(goEnv(t, "GOROOT"))
			for _, path := range []string{filepath.Dir(ws.Dir), root, os.TempDir()} {
				if strings.Contains(a.Complaint, path) {
					t.Errorf("the complaint contains the path %s:\n%s", path, a.Complaint)
				}
			}
		})
	}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := new(gocmd.Go).Run(t.Context(), gocmd.Call{Args: []string{"env", name}})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestCouldNotFindOut checks that a build that could not start is an error, not a
// complaint about the row.
func TestCouldNotFindOut(t *testing.T) {
	const h1 = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	dep := map[string]string{
		"repro/go.mod":  goMod + "\nrequire example.com/dep v1.0.0 // indirect\n",
		"repro/go.sum":  "example.com/dep v1.0.0 " + h1 + "\nexample.com/dep v1.0.0/go.mod " + h1 + "\n",
		"target/go.mod": "module example.com/lib\n\ngo 1.16\n\nrequire example.com/dep v1.0.0\n",
		"target/lib.go": "package lib\n\nimport \"example.com/dep\"\n\nfunc Answer() int { return dep.Answer() }\n",
	}
	tests := []struct {
		name  string
		files map[string]string
		row   matrix.Row
		want  []string
	}{
		{"toolchain", nil, matrix.Row{Toolchain: "go1.20.99"}, []string{"finding the toolchain", "go1.20.99", "GOPROXY=off"}},
		{"dependency", dep, matrix.Row{}, []string{"downloading the dependencies", "example.com/dep@v1.0.0", "GOPROXY=off allows no download"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ws := lay(t, test.files)
			a, err := build.Build(t.Context(), new(gocmd.Go), ws, test.row, build.Options{Out: filepath.Join(t.TempDir(), "binary")})
			var failed *gocmd.Error
			if !errors.As(err, &failed) || a.Complaint != "" || a.SHA256 != "" {
				t.Fatalf("Build = %+v, %v; want an error of the go command", a, err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not contain %q: %v", want, err)
				}
			}
		})
	}
}

// TestOutputThatCannotBeWritten puts a folder in the place of the binary. Build
// must report it before the linker does, whose error would count as a complaint.
func TestOutputThatCannotBeWritten(t *testing.T) {
	ws := lay(t, nil)
	out := t.TempDir()
	if err := os.WriteFile(filepath.Join(out, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	a, err := build.Build(t.Context(), new(gocmd.Go), ws, matrix.Row{}, build.Options{Out: out})
	if err == nil || a.Complaint != "" {
		t.Errorf("Build = %+v, %v; want an error", a, err)
	}
}

func TestTooLong(t *testing.T) {
	ws := lay(t, nil)
	g := new(gocmd.Go)
	a, err := build.Build(t.Context(), g, ws, matrix.Row{}, build.Options{Out: filepath.Join(t.TempDir(), "binary"), Limit: 1})
	if want := "the build took longer than 1ns"; err == nil || !strings.Contains(err.Error(), want) || a.Complaint != "" {
		t.Errorf("Build = %+v, %v; want an error with %q", a, err, want)
	}
}

func TestCancelled(t *testing.T) {
	ws := lay(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	g := &gocmd.Go{Log: func(line string) {
		if strings.Contains(line, " go build ") {
			cancel()
		}
	}}
	a, err := build.Build(ctx, g, ws, matrix.Row{}, build.Options{Out: filepath.Join(t.TempDir(), "binary")})
	if !errors.Is(err, context.Canceled) || a.Complaint != "" {
		t.Errorf("Build = %+v, %v; want %v", a, err, context.Canceled)
	}
}

func TestConflictIsNotBuilt(t *testing.T) {
	g := &gocmd.Go{Log: func(line string) { t.Errorf("ran %s", line) }}
	ws := &matrix.Workspace{Conflict: "hunk 2 does not apply"}
	a, err := build.Build(t.Context(), g, ws, matrix.Row{}, build.Options{})
	if err != nil || a.Conflict != ws.Conflict {
		t.Errorf("Build = %+v, %v", a, err)
	}
}

// TestBuildWithoutTarget checks that an artifact says whether the binary has a package of
// the target.
func TestBuildWithoutTarget(t *testing.T) {
	for code, unlinked := range map[string]bool{
		mainGo: false,
		"package main\n\nfunc main() { println(era) }\n": true,
	} {
		ws := lay(t, map[string]string{"repro/main.go": code})
		a, err := build.Build(t.Context(), new(gocmd.Go), ws, matrix.Row{}, build.Options{Out: filepath.Join(t.TempDir(), "binary"), Target: "example.com/lib"})
		if err != nil || a.Unlinked != unlinked {
			t.Errorf("Unlinked %v, %v, of\n%s", a.Unlinked, err, code)
		}
	}
}

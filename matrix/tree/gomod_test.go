package tree

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

// targetMod is the go.mod of a release.
const targetMod = "module example.com/lib\n\ngo 1.21\n\nrequire (\n\texample.com/a v1.5.0\n\texample.com/b v1.0.0 // indirect\n)\n\n" +
	"replace example.com/a => example.com/fork v1.0.0\n\nfrobnicate x\n"

// gomods are the parts that a row's go.mod is made of, and the result.
var gomods = []struct{ name, module, own, target, toolchain, want string }{
	{
		name: "named by the suite", module: "example.com/suite/repro", target: "", toolchain: "go1.16.15",
		want: "module example.com/suite/repro\n\ngo 1.16\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ../target\n",
	},
	{
		name: "old go commands list no indirect requirements", target: targetMod, toolchain: "go1.16.15",
		want: "module matrixrun.test/repro\n\ngo 1.16\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ../target\n",
	},
	{
		name: "pinned", target: targetMod, toolchain: "go1.26.8",
		want: "module matrixrun.test/repro\n\ngo 1.26.0\n\n" +
			"require (\n\texample.com/a v1.5.0 // indirect\n\texample.com/b v1.0.0 // indirect\n\texample.com/lib v0.0.0\n)\n\n" +
			"replace example.com/lib => ../target\n",
	},
	{
		name: "the suite's own", target: targetMod, toolchain: "go1.18.10",
		own: "module example.com/mine // comment\n\ngo 1.17\n\ntoolchain go1.26.8\n\ngodebug tlsrsakex=1\n\ntool example.com/a/cmd\n\nignore ./x\n\n" +
			"require (\n\texample.com/a v1.4.0\n\texample.com/b v1.1.0\n\texample.com/lib v0.9.0\n)\n\n" +
			"replace (\n\texample.com/b => example.com/b2 v1.1.1\n\texample.com/b v1.0.0 => example.com/b3 v1.0.1\n)\n",
		want: "module example.com/mine // comment\n\ngo 1.17\n\n" +
			"require (\n\texample.com/a v1.5.0\n\texample.com/b v1.1.0\n\texample.com/lib v0.0.0\n)\n\n" +
			"replace (\n\texample.com/b => example.com/b2 v1.1.1\n\texample.com/b v1.0.0 => example.com/b3 v1.0.1\n)\n\nreplace example.com/lib => ../target\n",
	},
	{
		name: "lines that the toolchain knows stay", target: "", toolchain: "go1.26.8",
		own: "module example.com/mine\n\ngodebug tlsrsakex=1\n\ntool example.com/a/cmd\n\nignore ./x\n",
		want: "module example.com/mine\n\ngo 1.26.0\n\ngodebug tlsrsakex=1\n\ntool example.com/a/cmd\n\nignore ./x\n\n" +
			"require example.com/lib v0.0.0\n\nreplace example.com/lib => ../target\n",
	},
}

// TestGoLineKept lays out a reproduction with a go line of its own, or with none, for each way
// to speak. What does not fit is told, and not built.
func TestGoLineKept(t *testing.T) {
	raised := func(own, row string) matrix.GoLine { return matrix.GoLine{Own: own, Row: row} }
	const its, own = true, false
	tests := []struct {
		name, own, target, toolchain string
		speaks                       matrix.Speech
		line                         string // in the row; empty for none
		raised                       matrix.GoLine
		tooOld                       string
	}{
		{name: "kept", own: "1.20", target: "1.19", toolchain: "go1.26.8", line: "1.20"},
		{name: "kept for a program", own: "1.20", toolchain: "go1.26.8", speaks: matrix.SpeechExit, line: "1.20"},
		{name: "kept for tests", own: "1.20", toolchain: "go1.26.8", speaks: matrix.SpeechTest, line: "1.20"},
		{name: "the toolchain's without one", target: "1.19", toolchain: "go1.26.8", line: "1.26.0"},
		{name: "none for tests without one", toolchain: "go1.26.8", speaks: matrix.SpeechTest},
		{name: "an old line of a release does not bind", own: "1.17", target: "1.20", toolchain: "go1.26.8", line: "1.17"},
		{name: "an old toolchain tries a newer release", own: "1.19", target: "1.22", toolchain: "go1.20.14", line: "1.19"},
		{name: "raised", own: "1.20", target: "1.23.0", toolchain: "go1.26.8", line: "1.23.0", raised: raised("1.20", "1.23.0")},
		{name: "raised by the third number", own: "1.23", target: "1.23.0", toolchain: "go1.26.8", line: "1.23.0", raised: raised("1.23", "1.23.0")},
		{name: "raised for tests without one", target: "1.23.0", toolchain: "go1.26.8", speaks: matrix.SpeechTest, line: "1.23.0", raised: raised("1.16", "1.23.0")},
		{name: "not lowered to an older toolchain", own: "1.25.0", toolchain: "go1.21.13", line: "1.25.0", tooOld: matrix.NeedsGo(own, "1.25.0", "go1.21.13")},
		{name: "nor to one that would try", own: "1.20", toolchain: "go1.18.10", line: "1.20", tooOld: matrix.NeedsGo(own, "1.20", "go1.18.10")},
		{name: "nor to an experiment", own: "1.27", toolchain: "go1.26.8 X:rangefunc", line: "1.27", tooOld: matrix.NeedsGo(own, "1.27", "go1.26.8")},
		{name: "the release is newer than the toolchain", own: "1.20", target: "1.24.0", toolchain: "go1.21.13", line: "1.24.0",
			raised: raised("1.20", "1.24.0"), tooOld: matrix.NeedsGo(its, "1.24.0", "go1.21.13")},
		{name: "and there is no line of its own", target: "1.24.0", toolchain: "go1.21.13", line: "1.21.0", tooOld: matrix.NeedsGo(its, "1.24.0", "go1.21.13")},
		{name: "an old toolchain tries any release", target: "1.24", toolchain: "go1.20.14", line: "1.20"},
		{name: "the patch release counts", own: "1.21.9", toolchain: "go1.21.8", line: "1.21.9", tooOld: matrix.NeedsGo(own, "1.21.9", "go1.21.8")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			goLine := func(version string) string {
				if version == "" {
					return ""
				}
				return "\ngo " + version + "\n"
			}
			target := files{"lib.go": "package lib\n", "go.mod": "module " + lib + "\n" + goLine(test.target)}
			repro := files{"main.go": "package main\n"}
			if test.own != "" || test.speaks == matrix.SpeechTest {
				repro["go.mod"] = "module example.com/mine\n" + goLine(test.own)
			}
			spec := suite(repro)
			if spec.Speaks = test.speaks; test.speaks == matrix.SpeechTest {
				spec.Tests.Files = []string{"repro/main.go", "repro/go.mod"}
			}
			src, dir := release(t, lib, "v0.5.0", target), t.TempDir()
			ws, err := Lay(t.Context(), dir, spec, row(src), src, test.toolchain)
			if err != nil {
				t.Fatal(err)
			}
			if ws.GoLine != test.raised || ws.TooOld != test.tooOld {
				t.Errorf("raised %+v, too old %q, want %+v, %q", ws.GoLine, ws.TooOld, test.raised, test.tooOld)
			}
			want := goLine(test.line)
			got := modtest.Read(t, dir)["repro/go.mod"]
			if (want != "") != strings.Contains(got, "\ngo ") || !strings.Contains(got, want) {
				t.Errorf("go.mod is %q, want the go line %q", got, test.line)
			}
		})
	}
}

func TestReproductionGomod(t *testing.T) {
	for _, test := range gomods {
		t.Run(test.name, func(t *testing.T) {
			tree, repro := files{"lib.go": "package lib\n"}, files{"main.go": "package main\n"}
			if test.target != "" {
				tree["go.mod"] = test.target
			}
			if test.own != "" {
				repro["go.mod"] = test.own
			}
			src := release(t, lib, "v0.5.0", tree)
			dir := t.TempDir()
			spec := suite(repro)
			spec.Module = test.module
			if _, err := Lay(t.Context(), dir, spec, row(src), src, test.toolchain); err != nil {
				t.Fatal(err)
			}
			got := modtest.Read(t, dir)
			if d := cmp.Diff(test.want, got["repro/go.mod"]); d != "" {
				t.Errorf("go.mod (-want +got):\n%s", d)
			}
			if test.target == "" {
				test.target = "module example.com/lib\n"
			}
			if d := cmp.Diff(test.target, got["target/go.mod"]); d != "" {
				t.Errorf("the target's go.mod (-want +got):\n%s", d)
			}
		})
	}
}

// TestReproductionGomodRefused refuses what a row cannot keep. A former path is
// the target's too.
func TestReproductionGomodRefused(t *testing.T) {
	spec := suite(files{"go.mod": "module m\n\nreplace " + former + " => example.com/fork v1.0.0\n"})
	spec.Target.Former = []matrix.Former{{Module: former}}
	src := release(t, lib, "v0.5.0", files{"lib.go": "package lib\n"})
	_, err := Lay(t.Context(), t.TempDir(), spec, row(src), src, "go1.26.8")
	if want := "laying out v0.5.0: repro/go.mod:3: replaces " + former + ", the target: "; !errors.As(err, &matrix.Problems{}) || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want problems that begin with %q", err, want)
	}
}

func TestReproductionGosum(t *testing.T) {
	src := release(t, lib, "v0.5.0", files{"go.mod": "module example.com/lib\n", "go.sum": "b v1 h1:b\na v1 h1:a\n"})
	dir := t.TempDir()
	if _, err := Lay(t.Context(), dir, suite(files{"go.sum": "a v1 h1:a\r\n\nc v1 h1:c"}), row(src), src, "go1.26.8"); err != nil {
		t.Fatal(err)
	}
	if got, want := modtest.Read(t, dir)["repro/go.sum"], "a v1 h1:a\nb v1 h1:b\nc v1 h1:c\n"; got != want {
		t.Errorf("go.sum is %q, want %q", got, want)
	}
}

func TestGoLine(t *testing.T) {
	for toolchain, want := range map[string]string{
		"go1.16.15": "1.16", "go1.18.10": "1.18", "go1.20": "1.20", "go1.20.14": "1.20", "go1.21.0": "1.21.0", "go1.26.8": "1.26.0",
		"go1.26.8 X:greenteagc": "1.26.0", "go1.27rc1": "1.27rc1", "go1.20rc2": "1.20",
		"": "", "1.26": "", "devel go1.27-abcdef": "", "gotip": "",
	} {
		got, err := goLine(toolchain)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("goLine(%q) = %q, %v, want %q", toolchain, got, err, want)
		}
	}
}

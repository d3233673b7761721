package program

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// TestList checks the output of go list, from a file and from standard input, as JSON
// and as plain lines.
func TestList(t *testing.T) {
	write(t, app("go 1.20\nrequire example.com/mid v1.0.0\nrequire example.com/lib v1.1.0 // indirect\nreplace example.com/lib v1.1.0 => example.com/lib v1.0.0", "example.com/mid"))
	serve(t)
	g := &gocmd.Go{}
	for _, args := range [][]string{{"-m", "-json", "all"}, {"-m", "all"}} {
		out, err := g.Run(t.Context(), gocmd.Call{Own: true, Args: append([]string{"list", "-mod=mod"}, args...)})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("list", out, 0o666); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"list", "-"} {
			p, err := Read(t.Context(), name, Options{Stdin: strings.NewReader(string(out))})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range built(p) {
				text, _, _ := strings.Cut(m, ",")
				got = append(got, text)
			}
			if diff := cmp.Diff([]string{"example.com/lib v1.1.0 => example.com/lib v1.0.0", "example.com/mid v1.0.0"}, got); diff != "" {
				t.Errorf("%v: -want +got:\n%s", args, diff)
			}
			if p.Input.Kind != matrix.InputList || !p.Input.Resolved || p.Partial != "" || p.Modules[1].Dir == "" || p.Modules[1].Where.File != name || p.Modules[1].Where.Line < 2 {
				t.Errorf("%v: got %+v", args, p)
			}
		}
	}
}

// TestIdle checks that modules of which no package can be built are left out, which the
// checksums of a list show, and no others.
func TestIdle(t *testing.T) {
	const (
		app    = `{"Path": "example.com/app", "Main": true}`
		summed = `{"Path": "example.com/a", "Version": "v1.0.0", "Sum": "h1:x="}`
		idle   = `{"Path": "example.com/b", "Version": "v1.0.0", "GoModSum": "h1:x="}`
		moved  = `{"Path": "example.com/c", "Version": "v1.0.0", "Replace": {"Path": "../c"}}`
	)
	for list, want := range map[string]int{app + summed + idle + moved: 3, app + idle + moved: 3, app + summed: 2} {
		p, err := Read(t.Context(), "-", Options{Stdin: strings.NewReader(list), FilesOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Modules) != want || (p.Input.Note != "") != (list == app+summed+idle+moved) {
			t.Errorf("%s: got %d modules, want %d; note %q", list, len(p.Modules), want, p.Input.Note)
		}
	}
}

// TestListOfElsewhere checks that folders in a list are not believed if they do not have
// the module.
func TestListOfElsewhere(t *testing.T) {
	dir := write(t, map[string]string{"go.mod": "module example.com/other\n"})
	list := `{"Path": "example.com/app", "Main": true, "Dir": "` + dir + `"}
{"Path": "example.com/lib", "Version": "v1.0.0", "Replace": {"Path": "../x", "Dir": "/"}}`
	p, err := Read(t.Context(), "-", Options{Stdin: strings.NewReader(list), FilesOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range p.Modules {
		if m.Dir != "" || m.Missing == "" {
			t.Errorf("got %+v, want no folder, and a reason", m)
		}
	}
}

// TestBinary checks a compiled program.
func TestBinary(t *testing.T) {
	dir := write(t, app("go 1.20\nrequire example.com/mid v1.0.0\nrequire example.com/lib v1.1.0 // indirect\nreplace example.com/lib => ./copy", "example.com/mid"))
	if err := os.Mkdir("copy", 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"go.mod": "module example.com/lib\n", "lib.go": "package lib\n"} {
		if err := os.WriteFile(filepath.Join(dir, "copy", name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	serve(t)
	g := &gocmd.Go{}
	if _, err := g.Run(t.Context(), gocmd.Call{Own: true, Args: []string{"build", "-mod=mod", "-o", "program"}}); err != nil {
		t.Fatal(err)
	}
	p, err := Read(t.Context(), "program", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"example.com/lib v1.1.0 => ./copy, program:00", "example.com/mid v1.0.0, program:00"}, built(p)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	missing := map[string]string{"example.com/app": "does not have its source", "example.com/lib": "replaced by a folder when"}
	for _, m := range p.Modules {
		if why := missing[m.Path]; !strings.Contains(m.Missing, why) || (m.Dir == "") != (why != "") {
			t.Errorf("%s: folder %q, missing because %q, want %q", m.Path, m.Dir, m.Missing, why)
		}
	}
	if p.Input.Kind != matrix.InputBinary || !p.Input.Resolved || p.Input.Note != "compiled by "+runtime.Version() {
		t.Errorf("got %+v", p.Input)
	}
}

// TestVendoredBinary checks that a program which was compiled from a vendor folder does not
// prove which code it has: it has no checksums, of what replaces a module neither.
func TestVendoredBinary(t *testing.T) {
	write(t, app("go 1.20\nrequire example.com/lib v1.1.0\nreplace example.com/lib => example.com/fork v1.1.1", "example.com/lib"))
	serve(t)
	g := &gocmd.Go{}
	for _, args := range []string{"build -mod=mod -o modules", "mod vendor", "build -mod=vendor -o vendored"} {
		if _, err := g.Run(t.Context(), gocmd.Call{Own: true, Args: strings.Fields(args)}); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"modules": "", "vendored": "was compiled from a vendor folder"} {
		p, err := Read(t.Context(), name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.Partial, want) || want == "" && p.Partial != "" {
			t.Errorf("%s: partial because %q, want %q", name, p.Partial, want)
		}
	}
}

// TestVersion checks versions: of the target by itself, of another module with what it
// requires.
func TestVersion(t *testing.T) {
	write(t, nil)
	serve(t)
	o := Options{Target: []string{"example.com/lib", "example.com/oldlib"}, PathOf: func(string) string { return "example.com/lib" }}
	for name, want := range map[string][]string{
		"v1.0.0":                    {"example.com/lib v1.0.0, :00"},
		"1.0.0":                     {"example.com/lib v1.0.0, :00"},
		"example.com/lib@v1.0.0":    {"example.com/lib v1.0.0, :00"},
		"example.com/oldlib@v0.1.0": {"example.com/oldlib v0.1.0, :00"},
		"example.com/wide@v1.0.0":   {"example.com/wide v1.0.0, example.com/wide@v1.0.0:01", "example.com/lib v1.1.0, example.com/wide@v1.0.0:04", "example.com/mid v1.0.0, example.com/wide@v1.0.0:03"},
	} {
		p, err := Read(t.Context(), name, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Modules { // built lists all but main modules
			p.Modules[i].Main = false
		}
		if diff := cmp.Diff(want, built(p)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if p.Input.Kind != matrix.InputVersion || !p.Input.Resolved || p.Partial != "" {
			t.Errorf("%s: got %+v", name, p)
		}
	}
	p, err := Read(t.Context(), "example.com/gone@v1.0.0", o)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.Modules[0].Missing, "404") || p.Partial == "" {
		t.Errorf("a module that cannot be downloaded: got %+v", p)
	}
}

// TestManyMistakes checks that a large text of wrong lines is refused at once, with the
// first mistakes.
func TestManyMistakes(t *testing.T) {
	for name, text := range map[string]string{
		"modules.txt": "# example.com/lib v1.0.0\n" + strings.Repeat("not a package\n", 1e6),
		"json":        strings.Repeat("{}\n", 1e6),
		"objects":     strings.Repeat(`{"Path":"a.b/c"}`+"\n", 1e5) + "{",
		"go.mod":      "module example.com/app\n" + strings.Repeat("requires x\n", 1e5),
		"long go.mod": "module example.com/app\nrequire (\n" + strings.Repeat("example.com/lib v1.0.0\n", 1e5) + ")\n",
		"long list":   strings.Repeat(`{"Path":"a.b/c"}`+"\n", 1e5),
		"long vendor": strings.Repeat("# example.com/lib v1.0.0\nexample.com/lib\n", 1e5),
		"list":        "example.com/app\nexample.com/lib v1.0.0\n" + strings.Repeat("a b c d\n", 1e6),
	} {
		_, err := Read(t.Context(), "-", Options{Stdin: strings.NewReader(text), FilesOnly: true})
		var problems matrix.Problems
		if !errors.As(err, &problems) || len(problems) > maxMistakes+1 {
			t.Errorf("%s: got %d mistakes, %v", name, len(problems), problems[:min(len(problems), 1)])
		}
	}
}

// TestWrong checks that what cannot be checked is refused, with all mistakes at once.
func TestWrong(t *testing.T) {
	dir := write(t, map[string]string{
		"go.sum": "example.com/lib v1.0.0 h1:x=\n", "sums": "example.com/lib v1.0.0/go.mod h1:x=\n",
		"empty": " \n", "data": "a\x00b", "text": "Dear all,\n", "elf": "\x7fELF\x02\x01\x01\x00garbage",
		"torn": "{\"Path\": \"example.com/app\", \"Main\": true}\n{\n\t\"Path\": \"exa", "json": `{"name": "left-pad"}`, "number": "{}\n7\n",
		"wrong.mod": "module example.com/app\nrequires x\nrequire example.com/lib latest\n", "nomodule.mod": "go 1.20\n",
		"work/go.work": "go 1.20\nuse ./a\nuse ./b\n", "work/b/go.mod": "modules x\n", "work/go.mod": "module example.com/x\n",
		"large": strings.Repeat("x", mostText+1), "list": "example.com/app\nexample.com/lib v1.0.0 => ./x y z\nexample.com/lib 1.0\n",
	})
	for name, want := range map[string][]string{
		"go.sum": {"go.sum: it is a go.sum"}, "sums": {"sums: it is a go.sum"}, "empty": {"empty: it is empty: want a folder"},
		"data": {"data: it is neither text nor a program"}, "text": {"text: it cannot be checked"}, "elf": {"elf: it is a program in which no modules are recorded"},
		"torn": {"torn:2: the object that starts here is torn"}, "json": {"json:1: it is not a module of go list -m -json: it has no Path"},
		"number":    {"number:1: it is not a module", "number:2: it is not the output of go list -m -json"},
		"wrong.mod": {"wrong.mod:2: unknown directive: requires", "wrong.mod:3: "}, "nomodule.mod": {"nomodule.mod: it has no module line"},
		"work":  {"work/go.work:2: it uses ./a, which has no go.mod", "work/b/go.mod:1: unknown directive: modules"},
		"large": {"large: it has 33554433 bytes"}, "list": {"list:2: ", `list:3: "example.com/lib 1.0" is not a line`},
		"gone": {"gone: there is no such file: want a folder"}, "1.2": {"1.2: want the complete version, as in v1.2.0"},
		"example.com/lib@latest": {"example.com/lib@latest: \"latest\" is not a version"}, "x@v1.0.0": {"x@v1.0.0: malformed module path"},
		"-": {"standard input: it is empty"}, os.DevNull: {os.DevNull + ": it is not a regular file"},
		dir + "/go.work": {dir + "/go.work: there is no such file"},
	} {
		_, err := Read(t.Context(), name, Options{Stdin: strings.NewReader(""), FilesOnly: true, Target: []string{"example.com/lib"}})
		var problems matrix.Problems
		if !errors.As(err, &problems) {
			t.Errorf("%s: got %v, want matrix.Problems", name, err)
			continue
		}
		ok := len(problems) == len(want)
		for i := range want {
			ok = ok && strings.HasPrefix(problems[i].String(), want[i])
		}
		if !ok {
			t.Errorf("%s: got\n%v\nwant %q", name, err, want)
		}
	}
}

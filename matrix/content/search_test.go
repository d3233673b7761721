package content

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// latest is the newest release as a fork has it: with the fork's path in its imports.
var latest = releases["v1.1.1"].replace("example.com/lib", "example.com/fork")

// copied is a copy of it in a folder of an application, without its go.mod.
var copied = releases["v1.1.1"].replace("example.com/lib", "example.com/fork/internal/lib").with("go.mod", "")

// app is unrelated code. It has names, short functions and one helper of the library.
var app = files{
	"go.mod":  "module example.com/fork\n",
	"main.go": "package main\n\nfunc main() {}\n\nfunc New() {}\n\nfunc Parse(b []byte) (n int) { return len(b) }\n\nfunc ParseHeader() {}\n",
	"a/a.go":  "package a\n" + function("(l *Lib) Open", 1) + "\nfunc (l *Lib) Close() error { return nil }\n\nfunc Get() {}\n",
}

// TestSearch checks what is recognised, and as what.
func TestSearch(t *testing.T) {
	x := index(t)
	licence := "// Copyright of somebody else.\n\n"
	for name, test := range map[string]struct {
		code files
		want []string
	}{
		"fork":                     {latest, []string{"6: =v1.1.1 6/6"}},
		"path of the target":       {releases["v1.1.1"], []string{"6: =v1.1.1 6/6"}},
		"former path":              {first, []string{"5: =v1.0.0 5/5"}},
		"told apart by nothing":    {latest.with("http/server.go", "package http\n"), []string{"6: v1.1.0 5/6 v1.1.1 5/6"}},
		"edited":                   {latest.replace("i < 5;", "i < 55;"), []string{"6: v1.1.1 5/6"}},
		"with a file":              {latest.with("more.go", "package lib\n"), []string{"7: v1.1.1 6/6"}},
		"with a package":           {latest.with("more/more.go", "package more\n"), []string{"7: v1.1.1 6/6"}},
		"with assembler":           {latest.with("more.s", "TEXT"), []string{"6: v1.1.1 6/6"}},
		"requires something else":  {latest.replace("v1.0.0", "v1.0.1"), []string{"6: v1.1.1 6/6"}},
		"comments":                 {latest.replace("Count down", "Count up"), []string{"6: =v1.1.1 1/6"}},
		"licence in every file":    {latest.replace("package ", licence+"package "), []string{"6: =v1.1.1 0/6"}},
		"imports in another order": {latest.replace("\t\"example.com/dep\"\n", "", "\t\"fmt\"\n", "\t\"fmt\"\n\t\"example.com/dep\"\n"), []string{"6: =v1.1.1 5/6"}},
		"line ends":                {latest.replace("\n", "\r\n"), []string{"6: =v1.1.1 6/6"}},
		"layout":                   {latest.replace("\t", "  ", "+ b\n", "+ b;\n\n"), []string{"6: =v1.1.1 1/6"}},
		"indented":                 {latest.replace("\nfunc ", "\n\tfunc "), []string{"6: =v1.1.1 1/6"}},
		"other names of files":     {renamed(latest), []string{"6: v1.1.1 6/6"}},
		"other name of a package":  {latest.replace("package lib", "package fork"), []string{"6: v1.1.1 4/6"}},
		"copy":                     {app.with("go.mod", "module example.com/fork\n").merge(copied.in("internal/lib")), []string{"internal/lib 6: =v1.1.1 6/6"}},
		"two copies": {app.merge(copied.in("internal/lib")).merge(first.with("go.mod", "").in("z/y")),
			[]string{"internal/lib 6: =v1.1.1 6/6", "z/y 5: =v1.0.0 5/5"}},
		"copy of some packages": {app.merge(copied.with("http/server.go", "", "http/client.go", "").in("internal/lib")),
			[]string{"internal/lib 4: =v1.0.0 4/5 =v1.1.0 4/6 =v1.1.1 4/6"}},
		"copy of one package": {app.merge(copied.with("http/server.go", "", "http/client.go", "", "lib.go", "", "doc.go", "").in("internal/lib")),
			[]string{"internal/lib 2: =v1.0.0 2/5 =v1.1.0 2/6 =v1.1.1 2/6"}},
		"module of its own": {app.merge(latest.in("fork")), nil},
		"vendor":            {app.merge(latest.with("go.mod", "").in("vendor/example.com/lib")), nil},
		"data of tests":     {app.merge(copied.in("testdata/lib")), nil},
		"ignored folder":    {app.merge(copied.in("_old/lib")), nil},
		"tests":             {files{"a_test.go": latest["lib.go"], "b_test.go": latest["internal/wire/frame.go"]}, nil},
		"unrelated":         {app, nil},
		"no Go code":        {files{"a.go": "\x00\xff`\"", "go.mod": "nonsense"}, nil},
		"empty":             {files{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := x.Search(t.Context(), Code{Files: test.code.fs(), Path: "example.com/fork"}, target)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range found {
				got = append(got, short(l))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestPartOfFolder checks that the answer is about the folder of the copied package, without
// other code next to it, unless the folder above it is equal to a release.
func TestPartOfFolder(t *testing.T) {
	big := "package big\n"
	for i, name := range []string{"A", "B", "C", "D", "E", "F"} {
		big += function(name, i)
	}
	x := new(Index)
	if err := x.Add(t.Context(), source(t, "v1.1.0", files{"big/big.go": big, "lib.go": "package lib\n" + function("New", 9)}), target); err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{
		big:                                   "internal 1: =v1.1.0 1/2",
		big + "\nfunc More() {}\n":            "internal/big 1: v1.1.0 0/2",
		strings.Replace(big, "< 5", "< 6", 1): "internal/big 1: v1.1.0 0/2",
	} {
		tree := app.with("internal/big/big.go", code)
		if code != big {
			tree = tree.with("internal/other.go", "package internal\n")
		}
		found, err := x.Search(t.Context(), Code{Files: tree.fs(), Path: "example.com/fork"}, target)
		if err != nil || len(found) != 1 || short(found[0]) != want {
			t.Errorf("got %v, %v, want %s", found, err, want)
		}
	}
}

// renamed returns the files with a prefix before each name.
func renamed(f files) files {
	moved := files{}
	for name, data := range f {
		dir, base := "", name
		if at := strings.LastIndexByte(name, '/'); at >= 0 {
			dir, base = name[:at+1], name[at+1:]
		}
		if strings.HasSuffix(base, ".go") {
			base = "x_" + base
		}
		moved[dir+base] = data
	}
	return moved
}

// merge returns the files and more.
func (f files) merge(more files) files {
	for name, data := range more {
		f = f.with(name, data)
	}
	return f
}

// TestCompare checks the answer for code that is in the target's place: there is one
// however little is left of the target.
func TestCompare(t *testing.T) {
	x := index(t)
	for name, test := range map[string]struct {
		code files
		want string
	}{
		"vendored":          {latest.with("go.mod", "", "http/server.go", "", "http/client.go", ""), "4: =v1.0.0 4/5 =v1.1.0 4/6 =v1.1.1 4/6"},
		"part of a package": {latest.with("go.mod", "", "http/server.go", ""), "5: v1.1.0 5/6 v1.1.1 5/6"},
		"one file left":     {files{"doc.go": first["doc.go"], "a.go": "package lib\n"}, "2: v1.0.0 1/5"},
		"something else":    {files{"a.go": "package lib\n"}, "1:"},
		"empty":             {files{}, "0:"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := x.Compare(t.Context(), Code{Files: test.code.fs(), Path: "example.com/fork"}, target)
			if err != nil {
				t.Fatal(err)
			}
			if got := short(l); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestCode checks which changes of a file change its code.
func TestCode(t *testing.T) {
	base := "//go:build linux\n\npackage a\n\nimport (\n\t\"b\"\n\tx \"a\"\n)\n\nvar v = `text`\n"
	for name, test := range map[string]struct {
		change [2]string
		same   bool
	}{
		"comment":           {[2]string{"var v", "// v is a variable.\nvar v"}, true},
		"generate":          {[2]string{"var v", "//go:generate tool\nvar v"}, true},
		"order of imports":  {[2]string{"\"b\"\n\tx \"a\"", "x \"a\"\n\t\"b\""}, true},
		"single imports":    {[2]string{"import (\n\t\"b\"\n\tx \"a\"\n)", "import \"b\"\nimport x \"a\""}, true},
		"semicolon":         {[2]string{"`text`\n", "`text`;\n"}, true},
		"build constraint":  {[2]string{"linux", "darwin"}, false},
		"name of an import": {[2]string{"x \"a\"", "y \"a\""}, false},
		"import":            {[2]string{"\"b\"", "\"c\""}, false},
		"directive":         {[2]string{"var v", "//go:embed file\nvar v"}, false},
		"text":              {[2]string{"`text`", "`text `"}, false},
		"package":           {[2]string{"package a", "package b"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(base, test.change[0], test.change[1], 1)
			if changed == base {
				t.Fatal("nothing is changed")
			}
			a, b := parseGo([]byte(base), newPaths()), parseGo([]byte(changed), newPaths())
			if a.text == b.text {
				t.Error("the texts are equal")
			}
			if same := a.code == b.code; same != test.same {
				t.Errorf("same code: %v", same)
			}
		})
	}
	cgo := "package a\n\n// int x;\nimport \"C\"\n"
	if parseGo([]byte(cgo), newPaths()).code == parseGo([]byte(strings.Replace(cgo, "int", "char", 1)), newPaths()).code {
		t.Error("C code in a comment does not count")
	}
}

// TestPaths checks where a path is replaced.
func TestPaths(t *testing.T) {
	p := newPaths("example.com/lib", "example.com/lib/internal/copy", "lib")
	for text, want := range map[string]string{
		`import "example.com/lib"`:                      `import "@"`,
		`import "example.com/lib/wire"`:                 `import "@/wire"`,
		`import "example.com/lib/internal/copy/wire"`:   `import "@/wire"`,
		`import "example.com/library"`:                  `import "example.com/library"`,
		`import "example.com/lib-x"; "example.com/lib"`: `import "example.com/lib-x"; "@"`,
		`// See https://example.com/lib.`:               `// See https://@.`,
		`package lib; import "lib/wire"; "lib"; "libs"`: `package lib; import "@/wire"; "@"; "libs"`,
	} {
		if got := strings.ReplaceAll(string(p.rewrite([]byte(text))), here, "@"); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// TestFunctionName checks that the fast and the exact way of reading a file find the same
// names.
func TestFunctionName(t *testing.T) {
	for _, head := range []string{"F", "F[T any]", "(x T) F", "(x *T) F", "(T) F", "(*T) F", "(x *T[K, V]) F", "(x T[K]) F", "(_ *T) F"} {
		src := "package a\n" + function(head, 1)
		var quick []string
		functionNames([]byte(src), func(n name) { quick = append(quick, n.String()) })
		exact := parseGo([]byte(src), newPaths()).funcs
		if len(quick) != 1 || len(exact) != 1 || quick[0] != exact[0][:nameLen] {
			t.Errorf("%s: got %v and %v", head, quick, exact)
		}
		if method := functionName([]byte("(x *T) F()")).String() == quick[0]; method != strings.Contains(head, "(") {
			t.Errorf("%s: a method: %v", head, method)
		}
	}
	if functionName([]byte("(x T) F()")) == functionName([]byte("(x U) F()")) {
		t.Error("the receiver does not count")
	}
}

// TestTooLittle checks that a search for nothing is no answer.
func TestTooLittle(t *testing.T) {
	x := new(Index)
	if err := x.Add(t.Context(), source(t, "v1.1.0", files{"a.go": "package lib\n\nfunc Short() {}\n"}), target); err != nil {
		t.Fatal(err)
	}
	if found, err := x.Search(t.Context(), Code{Files: app.fs()}, target); !errors.Is(err, ErrTooLittle) {
		t.Errorf("got %v, %v", found, err)
	}
}

// TestFewFunctions checks how much of a release code must have to be a copy.
func TestFewFunctions(t *testing.T) {
	for functions, want := range map[int]int{0: 0, 1: 1, 4: 2, 19: 10, 20: 10, 500: 10, 501: 11, 1300: 26} {
		if got := least(functions); got != want {
			t.Errorf("%d functions: got %d, want %d", functions, got, want)
		}
	}
	look := terms{releases: []names{{[]int{8, 0, 5, 1}, 10}}}
	for _, test := range []struct {
		seen map[int]int
		want bool
	}{{map[int]int{0: 8, 2: 2}, true}, {map[int]int{0: 20, 3: 1}, false}, {map[int]int{0: 8, 1: 20, 3: 2}, false}, {map[int]int{0: 4, 2: 5, 3: 1}, true}} {
		if got := look.enough(test.seen); got != test.want {
			t.Errorf("%v: got %v", test.seen, got)
		}
	}
	if got := newPaths("a", "bb", "a", "").roots; !slices.Equal(got, []string{"bb", "a"}) {
		t.Errorf("got paths %v", got)
	}
}

// TestParseFunctions checks that functions are found one by one as they are in a whole file,
// however they are laid out.
func TestParseFunctions(t *testing.T) {
	body := "{\n\tfor i := range 10 {\n\t\tx += i * 2\n\t}\n\treturn func (y int) int { return y * x }\n}\n"
	for _, head := range []string{
		"func F(x int) int ", "func (r *T) F(x int) int ", "func (T) F(x int) int ", "func F[A any](x int) int ", "func (r *T[A]) F(x int) int ",
		"func\tF(x int) int ", "func\nF(x int) int ", "func\r\nF(x int) int ", "func/**/F(x int) int ", "func  (r  * T)  F (x int) int ",
		"func (\n\tr *T,\n) F(x int) int ", "func (r *T /* c */) F(x int) int ", "func (r\t*T) F\t(x int) int ", "func F/* c */(x int) int ",
		"func (r *T /* { */) F(x int) int ", "func F(\n\tx int,\n) int ",
		"func(r *T) F(x int) int ", "func(r *T)F (x int) int ", "func(\n\tr *T,\n) F(x int) int ", "func(r /* ( */ *T) F(x int) int ", "\tfunc(r *T) F(x int) int ", ";func(r T[A]) F(x int) int ",
		"func (r *(T)) F(x int) int ", "func (r *T,) F(x int) int ", "func (r *T[A],) F(x int) int ", "func (r (T)) F(x int) int ",
		"func (r *T) " + strings.Repeat("F", 2*maxHead) + "(x int) int ", "func (" + strings.Repeat("r", 2*maxHead) + " *T) F(x int) int ", "func(" + strings.Repeat("r", 2*maxHead) + " *T) F(x int) int ",
	} {
		for _, before := range []string{"", "// A func says: func F(x.\n", "import \"C\"\n", "var s = `func F(`\n"} {
			src := []byte("package p\n\n" + before + head + body + "\nfunc G(a, b, c int) int " + body)
			paths := newPaths("example.com/lib")
			want := parseGo(src, paths).funcs
			names := make(map[name]bool)
			for _, f := range want {
				n, _ := parseName(f[:nameLen])
				names[n] = true
			}
			got := parseFunctions(src, paths, func(n name) bool { return names[n] })
			for _, f := range want {
				if !slices.Contains(got, f) {
					t.Errorf("%.50q is not found after %q", head, before)
				}
			}
			if len(want) != 2 {
				t.Errorf("%q after %q: %d functions in the whole file, want 2", head, before, len(want))
			}
		}
	}
}

// TestLines checks that functions are found wherever the buffer ends, and in lines that are
// longer than it.
func TestLines(t *testing.T) {
	for _, filler := range []string{"// filler\n", strings.Repeat("x", 3*bufSize/2) + "\n", strings.Repeat("y", 3*bufSize)} {
		for shift := range 12 {
			text := strings.Repeat("\n", bufSize-shift-5) + "func Edge(x int) int { return x }\n" + filler + "\nfunc (r *T) Last() {}"
			tree := &tree{files: fstest.MapFS{"a.go": {Data: []byte(text)}}}
			var got, want []name
			functionNames([]byte(text), func(n name) { want = append(want, n) })
			ok, err := tree.lines(t.Context(), "a.go", func(lines []byte) { functionNames(lines, func(n name) { got = append(got, n) }) })
			if !ok || err != nil || !slices.Equal(got, want) || len(want) != 2 {
				t.Errorf("%.8q, shifted by %d: got %v, want %v; %v, %v", filler, shift, got, want, ok, err)
			}
		}
	}
}

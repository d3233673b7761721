package matrix_test

import (
	"strings"
	"testing"
	"testing/fstest"
)

// suiteYAML is the matrix.yaml of the suite in the projects below.
const suiteYAML = "target: {module: example.com/lib}\n"

// breaches has small projects for each rule: their files, and a part of the breach
// that must be reported. A project without want keeps the rule.
var breaches = map[string][]struct {
	files map[string]string
	want  string
}{
	"stages do not see each other": {
		{files: file("matrix/judge/a.go", "import _ \""+module+"/matrix/grid\""), want: "matrix/judge/a.go: imports matrix/grid"},
		{files: file("matrix/judge/sub/a.go", "import _ \""+module+"/matrix/grid\""), want: "imports matrix/grid"},
		{files: file("matrix/spec/a.go", "import _ \""+module+"/matrix/sweep\""), want: "imports matrix/sweep"},
		{files: file("matrix/a.go", "import _ \""+module+"/matrix/spec\""), want: "imports matrix/spec"},
		{files: file("matrix/internal/x/a.go", "import _ \""+module+"/matrix/spec\""), want: "imports matrix/spec"},
		{files: file("matrix/sweep/a.go", "import _ \""+module+"/matrix/suites/one\""), want: "imports matrix/suites/one"},
		{files: file("matrix/suites/one/repro/a.go", "import _ \""+module+"/matrix/suites/two/repro/wire\""), want: "imports matrix/suites/two/repro/wire"},
		{files: file("matrix/suites/one/repro/wire/a.go", "import _ \""+module+"/matrix/internal/x\""), want: "imports matrix/internal/x"},
		{files: file("matrix/suites/one/repro/a.go", "import _ \""+module+"/matrix/suites/one\""), want: "imports matrix/suites/one"},
		{files: file("matrix/suites/one/repro/a.go", "import _ \""+module+"/matrix/suites/one/repro/wire\"")},
		{files: file("matrix/newcomer/a.go", "import _ \""+module+"/matrix\""), want: "which matrix/newcomer must not see"},
		{files: file("matrix/fork/a.go", "import _ \""+module+"/matrix/source\""), want: "imports matrix/source"},
		{files: file("matrix/merge/a.go", "import _ \""+module+"/matrix/plan\""), want: "imports matrix/plan"},
		{files: file("matrix/judge/a.go", "import _ \""+module+"/matrix/merge\""), want: "imports matrix/merge"},
		{files: file("matrix/merge/a.go", "import _ \""+module+"/matrix/grid\""), want: "imports matrix/grid"},
		{files: file("matrix/compare/a.go", "import _ \""+module+"/matrix/grid\""), want: "imports matrix/grid"},
		{files: file("matrix/judge/a.go", "import _ \""+module+"/matrix/fork\""), want: "imports matrix/fork"},
		{files: file("matrix/codec/a.go", "import _ \""+module+"/matrix/report\""), want: "imports matrix/report"},
		{files: file("matrix/report/a.go", "import _ \""+module+"/matrix/codec\"")},
		{files: file("matrix/report/a.go", "import _ \""+module+"/matrix/output\""), want: "imports matrix/output"},
		{files: file("matrix/output/a.go", "import _ \""+module+"/matrix/report/page\"")},
		{files: file("matrix/output/a.go", "import _ \""+module+"/matrix/sweep\""), want: "imports matrix/sweep"},
		{files: file("matrix/judge/a_test.go", "import _ \""+module+"/matrix/grid\"")},
		{files: file("matrix/judge/a.go", "import _ \""+module+"/matrix/internal/x\"")},
		{files: file("matrix/judge/a.go", "import _ \""+module+"/matrix/text\"")},
		{files: file("matrix/text/a.go", "import _ \""+module+"/matrix\""), want: "which matrix/text must not see"},
		{files: file("matrix/sweep/a.go", "import _ \""+module+"/matrix/grid\""), want: "imports matrix/grid"},
		{files: file("matrix/sweep/a.go", "import _ \""+module+"/matrix/report\""), want: "imports matrix/report"},
		{files: file("matrix/sweep/a.go", "import _ \""+module+"/matrix/trial\"")},
		{files: file("matrix/suites/one/a.go", "import _ \""+module+"/matrix/plan\""), want: "which matrix/suites/one must not see"},
		{files: file("matrix/suites/one/bench/a.go", "import _ \""+module+"/matrix/plan\"")},
		{files: file("matrix/suites/one/bench/x/a.go", "import _ \""+module+"/matrix/plan\""), want: "which matrix/suites/one/bench/x must not see"},
		{files: file("cmd/x/a.go", "import _ \""+module+"/matrix/suites/one\"")},
		{files: file("results/fresh/a.go", "import _ \""+module+"/matrix/plan\"")},
		{files: file("results/a.go", "import _ \""+module+"/matrix/plan\""), want: "which results must not see"},
	},
	"pure stages know no machine": {
		{files: file("matrix/plan/a.go", `import _ "os/exec"`), want: "matrix/plan/a.go: imports os/exec"},
		{files: file("matrix/grid/a.go", `import _ "math/rand/v2"`), want: "imports math/rand/v2"},
		{files: file("matrix/report/a.go", `import "time"; var now = time.Now()`), want: "a.go:1:"},
		{files: file("matrix/report/a.go", `import clock "time"; var now = clock.Now()`), want: "uses time.Now"},
		{files: file("matrix/report/a.go", `import "fmt"; func f() { fmt.Println() }`), want: "uses fmt.Println"},
		{files: map[string]string{
			"matrix/judge/a.go":      "package judge; import _ \"" + module + "/matrix/internal/x\"",
			"matrix/internal/x/a.go": `package x; import _ "os"`,
		}, want: "matrix/internal/x/a.go: imports os"},
		{files: file("matrix/report/a.go", `import "time"; var a time.Time`)},
		{files: file("matrix/report/a_test.go", `import _ "os"`)},
		{files: file("matrix/trial/a.go", `import _ "os"`)},
	},
	"processes start in one place": {
		{files: file("matrix/build/a.go", `import "os/exec"; var c = exec.Command("go")`), want: "uses exec.Command, which is matrix/internal/proc's"},
		{files: file("matrix/internal/proc/a.go", `import "os/exec"; var _, _ = exec.LookPath("go")`), want: "which is matrix/internal/gocmd's"},
		{files: file("cmd/x/a.go", `import "os"; var _, _ = os.StartProcess("go", nil, nil)`), want: "uses os.StartProcess"},
		{files: file("matrix/internal/git/a.go", `import "os/exec"; var c = exec.Command("git")`), want: "which is matrix/internal/proc's"},
		{files: file("matrix/internal/git/a.go", `import "os/exec"; var _, _ = exec.LookPath("git")`)},
		{files: file("matrix/internal/exittest/a.go", `import "os"; var _, _ = os.StartProcess("go", nil, nil)`), want: "uses os.StartProcess"},
		{files: file("matrix/internal/exittest/a.go", `import "syscall"; var _ = syscall.Exec("go", nil, nil)`)},
		{files: file("matrix/trial/a.go", `import "os/exec"; var e *exec.ExitError`)},
		{files: file("matrix/internal/proc/a.go", `import "os/exec"; var c = exec.Command("a")`)},
		{files: file("matrix/suites/a/repro/b/a.go", `import "os/exec"; var c = exec.Command("a")`)},
		{files: file("matrix/suites/a/a.go", `import "os/exec"; var c = exec.Command("a")`), want: "which is matrix/internal/proc's"},
	},
	"text leaves through one place": {
		{files: file("cmd/matrixrun/run.go", `import "os"; var w = os.Stderr`), want: "cmd/matrixrun/run.go:1:"},
		{files: file("matrix/trial/a.go", `import "fmt"; func f() { fmt.Println() }`), want: "uses fmt.Println, which is for cmd/matrixrun/main.go alone"},
		{files: file("cmd/matrixrun/main.go", `import "os"; var w = os.Stderr`)},
		{files: file("matrix/suites/one/repro/a.go", `import "os"; var w = os.Stderr`)},
		{files: file("matrix/trial/a_test.go", `import "os"; var w = os.Stderr`)},
	},
	"suites are data": {
		{files: file("matrix/judge/a.go", "// As qui"+"c-go does."), want: "speaks of"},
		{files: file("matrix/judge/a_test.go", "// A rejected 0-"+"RTT attempt."), want: "speaks of"},
		{files: map[string]string{"matrix/spec/testdata/x.yaml": "suite: zero" + "rtt"}, want: "matrix/spec/testdata/x.yaml: speaks of"},
		{files: file("matrix/judge/a.go", "// As qui"+"ckly as it can.")},
		{files: file("matrix/suites/one/repro/a.go", "// As qui"+"c-go does.")},
	},
	"people read the words of the suite": {
		{files: file("matrix/grid/a.go", "var a = \"no release leaks less\""), want: "matrix/grid/a.go:1:"},
		{files: file("matrix/grid/a.go", "var a = `it can kill the connection`"), want: "in the words of a suite"},
		{files: file("matrix/report/a.go", "func f() string { return \"a\" + \"Leak\" }"), want: "says \"Leak\""},
		{files: map[string]string{"matrix/report/page/assets/a.html": "<p>and see whether it leaks"}, want: "matrix/report/page/assets/a.html: says"},
		{files: map[string]string{"matrix/report/page/assets/a.html": "<button type=\"reset\" title=\"{{.Words.Leak.One}}\">{{.Words.Leak.One}}"}},
		{files: file("matrix/grid/a.go", "type a struct { B int `json:\"leaks\"` } // leaks")},
		{files: file("matrix/verdict.go", "const leak = \"leak\"")},
		{files: file("matrix/grid/a_test.go", "var a = \"leaks\"")},
		{files: file("matrix/suites/one/a.go", "var a = \"leaks\"")},
		{files: file("cmd/x/a.go", "var a = \"leaks\"")},
	},
	"every package says what it is for": {
		{files: map[string]string{"matrix/judge/a.go": "package judge"}, want: "matrix/judge: has no package comment"},
		{files: map[string]string{"matrix/judge/a_test.go": "// Package judge judges.\npackage judge", "matrix/judge/a.go": "package judge"}, want: "no package comment"},
		{files: map[string]string{"matrix/judge/a.go": "package judge", "matrix/judge/doc.go": "// Package judge judges.\npackage judge"}},
	},
	"reproductions import only their target": {
		{files: file("matrix/suites/one/repro/a.go", `import _ "example.com/old/lib"`), want: "imports example.com/old/lib"},
		{files: file("matrix/suites/one/repro/wire/a.go", `import _ "example.com/old/lib"`), want: "repro/wire/a.go: imports example.com/old/lib"},
		{files: file("matrix/suites/one/repro/a.go", "import _ \""+module+"/matrix\""), want: "which is neither the target nor its own"},
		{files: file("matrix/suites/one/repro/wire/a.go", "import _ \""+module+"/matrix/suites/one/repro/report\"")},
		{files: file("matrix/suites/one/repro/a.go", `import _ "example.com/library"`), want: "imports example.com/library"},
		{files: file("matrix/suites/one/other/a.go", `import _ "example.com/old/lib"`), want: "imports example.com/old/lib"},
		{files: file("matrix/suites/one/bench/a.go", `import _ "example.com/old/lib"`)},
		{files: file("matrix/suites/one/repro/a.go", "import _ \"example.com/lib\"\nimport _ \"example.com/lib/logging\"\nimport _ \"net/http\"")},
	},
	"reproductions compile with old Go": {
		{files: repro("//go:build old\n"), want: `has the lines [], want ["// +build old"]`},
		{files: repro("// +build old\n"), want: `has the lines ["// +build old"], want []`},
		{files: repro("//go:build !old\n// +build old\n"), want: `want ["// +build !old"]`},
		{files: map[string]string{"matrix/suites/one/repro/wire/a.go": "//go:build old\n\npackage wire\n"}, want: "repro/wire/a.go: has the lines []"},
		{files: repro("//go:build (old\n"), want: "missing close paren"},
		{files: repro("//go:build !(old || older)\n// +build !old,!older\n")},
		{files: repro("")},
	},
}

// file returns a project with one Go file.
func file(name, body string) map[string]string {
	return map[string]string{name: "package p; " + body, "matrix/suites/one/matrix.yaml": suiteYAML}
}

// repro returns a project with one file of a reproduction, which begins with build
// constraints.
func repro(constraints string) map[string]string {
	return map[string]string{"matrix/suites/one/repro/a.go": constraints + "\npackage main\n"}
}

// TestRulesCanFail checks that each rule reports its breaches, and nothing that only
// looks like one.
func TestRulesCanFail(t *testing.T) {
	for name, broken := range rules {
		t.Run(name, func(t *testing.T) {
			if len(breaches[name]) == 0 {
				t.Fatal("nothing shows that this rule can fail")
			}
			for _, c := range breaches[name] {
				root := fstest.MapFS{}
				for path, text := range c.files {
					root[path] = &fstest.MapFile{Data: []byte(text)}
				}
				p, err := loadProject(root)
				if err != nil {
					t.Fatal(err)
				}
				got := strings.Join(broken(p), "\n")
				if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
					t.Errorf("%v:\n got %q\nwant %q", c.files, got, c.want)
				}
			}
		})
	}
}

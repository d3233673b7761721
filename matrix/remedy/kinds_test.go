package remedy_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/remedy"
)

// kinds are programs of each kind.
var kinds = map[string]struct {
	program string // as for lay
	name    string // what the user checks
}{
	"direct":             {get + app + gomod, "."},
	"logging":            {get + app + logging + gomod, "."},
	"old":                {get + app + "-- go.mod --\nmodule example.com/app\n\ngo 1.16\n", "."},
	"no go line":         {get + app + "-- go.mod --\nmodule example.com/app\n\nrequire example.com/lib v1.0.0\n", "."},
	"indirect":           {"get example.com/parent@v1.0.0\nmod tidy\n" + user + gomod, "."},
	"replaced":           {get + app + gomod + "\nreplace (\n\texample.com/lib v1.1.0 => ../x\n\texample.com/lib => example.com/lib v1.1.0\n)\n", "."},
	"replaced version":   {get + app + gomod + "\nreplace (\n\texample.com/lib v1.0.0 => example.com/lib v1.1.0\n\texample.com/lib => ./x\n)\n", "."},
	"excluded":           {get + app + gomod + "\nexclude example.com/lib v1.4.0\n", "."},
	"required too":       {"get example.com/parent@v1.0.0\nget example.com/lib@v1.0.0\nmod tidy\nmod edit -require=example.com/lib@v0.9.9 -exclude=example.com/lib@v0.9.9\n" + user + "-- lib.go --\npackage main\n\nimport _ \"example.com/lib\"\n" + gomod, "."},
	"elsewhere":          {"-C $my-app get example.com/lib@v1.0.0\n-C $my-app mod tidy\n" + below("$my-app", app+gomod), "$my-app/go.mod"},
	"beside":             {"-C app get example.com/lib@v1.0.0\n-C app mod tidy\n" + below("app", app+gomod+"\nreplace example.com/dep => ../dep\n") + "-- dep/go.mod --\nmodule example.com/dep\n\ngo 1.21\n-- dep/dep.go --\npackage dep\n", "app"},
	"vendored":           {get + "mod vendor\n" + app + gomod, "."},
	"workspace":          {workspace + "-- go.work --\ngo 1.21\n\nuse (\n\t./a\n\t./b\n)\n", "a"},
	"workspace replace":  {workspace + "-- go.work --\ngo 1.21\n\nuse (\n\t./a\n\t./b\n)\n\nreplace example.com/lib => example.com/lib v1.1.0\n", "b"},
	"workspace vendored": {strings.Replace(workspace, "\n--", "\nwork vendor\n--", 1) + "-- go.work --\ngo 1.22\n\nuse (\n\t./a\n\t./b\n)\n", "."},
	"workspace module":   {strings.ReplaceAll(workspace, "go 1.21\n", "go 1.21\n\nreplace example.com/lib => example.com/lib v1.1.0\n") + "-- go.work --\ngo 1.21\n\nuse (\n\t./a\n\t./b\n)\n", "go.work"},
	"former":             {"get example.com/old/lib@v0.9.0\nmod tidy\n" + strings.ReplaceAll(app, "example.com/lib", "example.com/old/lib") + gomod, "."},
	"replaced older":     {"mod edit -replace=example.com/lib=example.com/lib@v1.0.0\nget example.com/lib@v1.1.0\nmod tidy\n" + app + gomod, "."},
	"newest":             {"get example.com/lib@v1.5.0\nmod tidy\n" + app + gomod, "."},
	"version":            {app + gomod, "v1.0.0"},
	"list":               {"-- list --\nexample.com/app\nexample.com/dep v1.0.0\nexample.com/lib v1.0.0\n", "list"},
	"modules.txt":        {"-- modules.txt --\n# example.com/dep v1.0.0\n## explicit; go 1.21\nexample.com/dep\n# example.com/lib v1.0.0 => example.com/lib v1.1.0\n## explicit; go 1.21\nexample.com/lib\n# example.com/lib => example.com/lib v1.1.0\n", "modules.txt"},
}

const (
	get       = "get example.com/lib@v1.0.0\nmod tidy\n"
	app       = "-- main.go --\npackage main\n\nimport (\n\t\"example.com/lib\"\n\t_ \"example.com/lib/sub\"\n)\n\nfunc main() { lib.Dial() }\n"
	logging   = "-- log_test.go --\npackage main\n\nimport _ \"example.com/lib/logging\"\n"
	user      = "-- main.go --\npackage main\n\nimport \"example.com/parent\"\n\nfunc main() { parent.Dial() }\n"
	gomod     = "-- go.mod --\nmodule example.com/app\n\ngo 1.21\n"
	workspace = "-C a get example.com/lib@v1.0.0\n-C b get example.com/lib@v1.0.0\n-C a mod tidy\n-C b mod tidy\n" +
		"-- a/main.go --\npackage main\n\nimport \"example.com/lib\"\n\nfunc main() { lib.Dial() }\n-- a/go.mod --\nmodule example.com/a\n\ngo 1.21\n" +
		"-- b/b.go --\npackage b\n\nimport _ \"example.com/lib/sub\"\n-- b/go.mod --\nmodule example.com/b\n\ngo 1.21\n"
)

// below puts the files of an archive into a folder.
func below(dir, archive string) string { return strings.ReplaceAll(archive, "-- ", "-- "+dir+"/") }

// render shows the fixes of an answer.
func render(a *remedy.Answer) string {
	var b strings.Builder
	for _, fix := range a.Fixes() {
		fmt.Fprintln(&b, fix.Title)
		for _, c := range fix.Commands {
			fmt.Fprintln(&b, "  "+c)
		}
		for _, n := range fix.Needs {
			fmt.Fprintln(&b, "  needs "+n)
		}
	}
	for _, p := range a.Notes {
		fmt.Fprintln(&b, "note: "+p)
	}
	return b.String()
}

// outcomes shows what came of trying the fixes of an answer.
func outcomes(a *remedy.Answer) string {
	var b strings.Builder
	for _, fix := range a.Fixes() {
		b.WriteString("\n" + fix.Remedy.Row)
		switch {
		case fix.Tried == nil:
			b.WriteString(" not tried")
		case fix.Tried.OK:
			b.WriteString(" ok")
		case fix.Tried.Unknown:
			b.WriteString(" unknown")
		default:
			b.WriteString(" fails")
		}
		var marks []string
		if fix.Smallest {
			marks = append(marks, " smallest")
		}
		if fix.Best {
			marks = append(marks, " best")
		}
		b.WriteString(strings.Join(marks, ";"))
		if fix.Tried.Error != "" {
			b.WriteString(": " + fix.Tried.Error)
		}
		for _, c := range slices.Concat(fix.Tried.Changes, fix.Tried.Notes) {
			b.WriteString("; " + c)
		}
	}
	return b.String() + "\n"
}

// update rewrites the expectations of TestFixes.
var update = flag.Bool("update", false, "rewrite testdata/fixes.txtar")

// golden has the expected fixes of each kind of program.
const golden = "testdata/fixes.txtar"

// TestFixes checks which fixes are offered for each kind of program, with their commands
// and what they need.
func TestFixes(t *testing.T) {
	a, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]string)
	for _, f := range a.Files {
		want[f.Name] = string(f.Data)
	}
	useProxy(t)
	now := &txtar.Archive{Comment: a.Comment}
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		t.Run(name, func(t *testing.T) {
			q := ask(t, lay(t, kinds[name].program), kinds[name].name)
			q.Suite = "demo"
			got := render(find(t, q, nil))
			now.Files = append(now.Files, txtar.File{Name: name, Data: []byte(got)})
			if diff := cmp.Diff(want[name], got); diff != "" && !*update {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	if *update {
		if err := os.WriteFile(golden, txtar.Format(now), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPasted runs the commands of each fix in a shell, in the folder of the user, and
// checks that what is built then is what the fix promises, and that it compiles.
func TestPasted(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs a POSIX shell")
	}
	useProxy(t)
	useFork(t)
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		t.Run(name, func(t *testing.T) {
			dir := lay(t, kinds[name].program)
			before := ask(t, dir, kinds[name].name)
			if before.Program.Dir == "" {
				return // it has no files, and no fix without a folder is pasted
			}
			for i, fix := range find(t, before, nil).Fixes() {
				if name == "logging" && fix.Remedy.Row == "v1.4.0" {
					continue // see TestTry
				}
				paste(t, sh, kinds[name].name, dir, before, fix, i)
			}
		})
	}
}

// paste runs the commands of a fix in a copy of a program, and checks what is built then.
func paste(t *testing.T, sh, name, dir string, before remedy.Question, fix matrix.Fix, i int) {
	t.Helper()
	work := filepath.Join(filepath.Dir(dir), fmt.Sprint("copy", i))
	if err := os.CopyFS(work, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for _, line := range fix.Commands {
		c := exec.CommandContext(t.Context(), sh, "-c", line)
		c.Dir = work
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
	after := ask(t, work, name)
	switch id := matrix.ParseRowID(fix.Remedy.Row); {
	case len(id.Patches) > 0:
		if r := after.Use.Replaced; r == nil || r.Path != "./lib-patched" {
			t.Errorf("%s: what replaces the target is %+v", fix.Title, r)
		}
	case after.Use.Version != id.Version:
		t.Errorf("%s: %s is built", fix.Title, after.Use.Version)
	case len(after.Use.Advice.Leaks) >= len(before.Use.Advice.Leaks):
		t.Errorf("%s: %q leak", fix.Title, after.Use.Advice.Leaks)
	}
	for _, m := range after.Program.Modules {
		if m.Main {
			goRun(t, m.Dir, "vet", "./...")
		}
	}
}

// useFork puts a program with the name matrixrun into PATH that makes the fork of these
// tests.
func useFork(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := writeFork(filepath.Join(dir, "fork")); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\nset -e\n[ \"$1 $2 $3 $4 $5\" = 'fork v1.0.0 --patch mend -o' ]\ncp -r '" + filepath.Join(dir, "fork") + "' \"$6\"\n"
	if err := os.WriteFile(filepath.Join(dir, "matrixrun"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

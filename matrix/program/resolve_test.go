package program

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/goproxytest"
)

// modules are the modules of the fake proxy: the lines of their go.mod after the module
// line. Each has a package that imports what it requires.
var modules = map[string]string{
	"example.com/lib@v1.0.0":   "go 1.20",
	"example.com/lib@v1.1.0":   "go 1.20",
	"example.com/lib@v1.2.0":   "go 1.20",
	"example.com/fork@v1.1.1":  "go 1.20",
	"example.com/mid@v1.0.0":   "go 1.20\nrequire example.com/lib v1.1.0",
	"example.com/old@v1.0.0":   "require example.com/mid v1.0.0",
	"example.com/loose@v1.0.0": "go 1.16\nrequire example.com/lib v1.2.0 // indirect", // it has no package of lib
	"example.com/wide@v1.0.0":  "go 1.20\nrequire example.com/mid v1.0.0\nrequire example.com/lib v1.1.0 // indirect",
}

// serve makes the go command get modules from the fake proxy.
func serve(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	for mod, lines := range modules {
		path, version, _ := strings.Cut(mod, "@")
		name := filepath.Base(path)
		text := fmt.Sprintf("-- go.mod --\nmodule %s\n%s\n-- %s.go --\npackage %s\n%s", path, lines, name, name, imports(lines))
		file := strings.ReplaceAll(path, "/", "_") + "_" + version + ".txtar"
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	server := goproxytest.NewTestServer(t, dir, "")
	t.Setenv("GOPROXY", server.URL)
	t.Setenv("GONOSUMDB", "*")
	t.Setenv("GOTOOLCHAIN", "local")
	t.Setenv("GOMODCACHE", filepath.Join(t.TempDir(), "cache"))
	t.Setenv("GOFLAGS", "-modcacherw")
}

// imports returns import lines for the modules that the lines of a go.mod require
// directly.
func imports(lines string) (text string) {
	for line := range strings.Lines(lines) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "require" {
			text += fmt.Sprintf("import _ %q\n", f[1])
		}
	}
	return text
}

// app returns the files of a module that imports some packages.
func app(lines string, packages ...string) map[string]string {
	text := "package main\n"
	for _, p := range packages {
		text += fmt.Sprintf("import _ %q\n", p)
	}
	return map[string]string{"go.mod": "module example.com/app\n" + lines + "\n", "main.go": text + "func main() {}\n"}
}

// in puts files into a folder.
func in(dir string, files map[string]string) map[string]string {
	moved := make(map[string]string)
	for name, text := range files {
		moved[dir+"/"+name] = text
	}
	return moved
}

// join joins sets of files.
func join(sets ...map[string]string) map[string]string {
	all := make(map[string]string)
	for _, set := range sets {
		for name, text := range set {
			all[name] = text
		}
	}
	return all
}

// A resolved is a program in a folder, and what is built in it.
type resolved struct {
	files   map[string]string
	name    string // what is named; the folder if it is empty
	goflags string
	want    []string
	note    string // a part of the note
	only    bool   // the rules alone do not find it out
}

// TestResolve checks what is built, as the go command selects it and as the files say
// it, which is the same once the module cache has the go.mod files.
func TestResolve(t *testing.T) {
	for name, test := range resolvedPrograms {
		t.Run(name, func(t *testing.T) {
			dir := write(t, test.files)
			serve(t)
			t.Setenv("GOFLAGS", strings.TrimSpace("-modcacherw "+test.goflags))
			before := snapshot(t, dir)
			for _, o := range []Options{{}, {FilesOnly: true}} {
				p, err := Read(t.Context(), test.name, o)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, built(p)); diff != "" && !(o.FilesOnly && test.only) {
					t.Errorf("resolved %v: -want +got:\n%s", p.Input.Resolved, diff)
				}
				if !o.FilesOnly && (!p.Input.Resolved || !strings.Contains(p.Input.Note, test.note)) {
					t.Errorf("got %+v, want it resolved, and %q noted", p.Input, test.note)
				}
				if p.Partial != "" {
					t.Errorf("partial: %s", p.Partial)
				}
			}
			if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
				t.Errorf("the user's files changed: -before +after:\n%s", diff)
			}
		})
	}
}

var resolvedPrograms = map[string]resolved{
	"direct":   {files: app("go 1.20\nrequire example.com/lib v1.0.0", "example.com/lib"), want: []string{"example.com/lib v1.0.0, go.mod:03"}},
	"indirect": {files: app("go 1.20\nrequire example.com/mid v1.0.0\nrequire example.com/lib v1.1.0 // indirect", "example.com/mid"), want: []string{"example.com/lib v1.1.0, go.mod:04", "example.com/mid v1.0.0, go.mod:03"}},
	"replaced": {
		files: app("go 1.20\nrequire example.com/lib v1.1.0\nreplace example.com/lib => example.com/lib v1.0.0", "example.com/lib"),
		want:  []string{"example.com/lib v1.1.0 => example.com/lib v1.0.0, go.mod:04"},
	},
	"replaced by a folder": {
		files: join(app("go 1.20\nrequire example.com/lib v0.0.0\nreplace example.com/lib => ./copy", "example.com/lib"), in("copy", map[string]string{"go.mod": "module example.com/lib\n", "lib.go": "package lib\n"})),
		want:  []string{"example.com/lib v0.0.0 => ./copy, go.mod:04"},
	},
	"excluded": {
		files: app("go 1.20\nrequire example.com/lib v1.0.0\nexclude example.com/lib v1.0.0", "example.com/lib"), only: true,
		want: []string{"example.com/lib v1.2.0, go.mod:03"}, note: "requires and excludes example.com/lib v1.0.0",
	},
	"excluded, and required by another": {
		files: app("go 1.20\nrequire example.com/mid v1.0.0\nrequire example.com/lib v1.2.0\nexclude example.com/lib v1.2.0", "example.com/mid", "example.com/lib"),
		want:  []string{"example.com/lib v1.1.0, go.mod:04", "example.com/mid v1.0.0, go.mod:03"},
	},
	"before pruning": {
		files: app("go 1.16\nrequire example.com/old v1.0.0", "example.com/old"),
		want:  []string{"example.com/lib v1.1.0, go.mod:00", "example.com/mid v1.0.0, go.mod:00", "example.com/old v1.0.0, go.mod:03"},
	},
	"not built": {
		files: app("go 1.16\nrequire example.com/loose v1.0.0", "example.com/loose"), only: true,
		want: []string{"example.com/loose v1.0.0, go.mod:03"},
	},
	"not built in the workspace": {
		files: join(map[string]string{"go.work": "go 1.20\nuse ./a\n"}, in("a", app("go 1.20\nrequire example.com/loose v1.0.0", "example.com/loose"))), name: "a", only: true,
		want: []string{"example.com/loose v1.0.0, a/go.mod:03"},
	},
	"not tidy": {
		files: app("go 1.20\nrequire example.com/mid v1.0.0\nrequire example.com/lib v1.0.0", "example.com/mid", "example.com/lib"), only: true,
		want: []string{"example.com/lib v1.1.0, go.mod:04", "example.com/mid v1.0.0, go.mod:03"}, note: "refuses to build",
	},
	"-mod=mod": {
		files: app("go 1.20\nrequire example.com/lib v1.0.0", "example.com/lib"), goflags: "-mod=mod",
		want: []string{"example.com/lib v1.0.0, go.mod:03"},
	},
	"-modfile": {
		files:   join(app("go 1.20\nrequire example.com/lib v1.0.0", "example.com/lib"), map[string]string{"alt.mod": "module example.com/app\ngo 1.20\nrequire example.com/lib v1.1.0\n"}),
		goflags: "-modfile=alt.mod", want: []string{"example.com/lib v1.1.0, alt.mod:03"}, note: "-modfile=alt.mod",
	},
	"a go.mod alone": {
		files: map[string]string{"service.mod": "module example.com/app\ngo 1.16\nrequire example.com/old v1.0.0\n"}, name: "service.mod",
		want: []string{"example.com/lib v1.1.0, service.mod:00", "example.com/mid v1.0.0, service.mod:00", "example.com/old v1.0.0, service.mod:03"},
	},
	"a folder of the module": {
		files: join(app("go 1.20\nrequire example.com/lib v1.0.0", "example.com/lib"), map[string]string{"sub/x.txt": ""}), name: "sub",
		want: []string{"example.com/lib v1.0.0, go.mod:03"},
	},
	"workspace":                     {files: workspace, want: inWorkspace, name: "a"},
	"other module of the workspace": {files: workspace, want: inWorkspace, name: "b/go.mod"},
	"go.work":                       {files: workspace, want: inWorkspace, name: "go.work"},
	"folder of the workspace":       {files: workspace, want: inWorkspace},
	"outside the workspace": {
		files: join(workspace, in("c", app("go 1.20\nrequire example.com/lib v1.0.0", "example.com/lib"))), name: "c",
		want: []string{"example.com/lib v1.0.0, c/go.mod:03"}, note: "does not use this module",
	},
}

// workspace replaces in go.work what its modules require.
var workspace = join(
	map[string]string{"go.work": "go 1.20\nuse (\n\t./a\n\t./b\n)\nreplace example.com/lib => example.com/lib v1.0.0\n"},
	in("a", map[string]string{"go.mod": "module example.com/a\ngo 1.20\nrequire example.com/lib v1.2.0\n", "a.go": "package a\nimport _ \"example.com/lib\"\n"}),
	in("b", map[string]string{"go.mod": "module example.com/b\ngo 1.20\nrequire example.com/mid v1.0.0\nrequire example.com/a v0.0.0\n", "b.go": "package b\nimport _ \"example.com/mid\"\nimport _ \"example.com/a\"\n"}),
)

var inWorkspace = []string{"example.com/lib v1.2.0 => example.com/lib v1.0.0, go.work:06", "example.com/mid v1.0.0, b/go.mod:03"}

// snapshot returns the content of all files below a folder.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		all[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestParents checks the chain of modules from a direct requirement on.
func TestParents(t *testing.T) {
	write(t, app("go 1.20\nrequire example.com/wide v1.0.0\nrequire example.com/mid v1.0.0 // indirect\nrequire example.com/lib v1.1.0 // indirect", "example.com/wide"))
	serve(t)
	p, err := Read(t.Context(), ".", Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string][]string)
	for _, m := range p.Modules {
		got[m.Path] = m.Parents
	}
	want := map[string][]string{"example.com/app": nil, "example.com/wide": nil, "example.com/mid": {"example.com/wide@v1.0.0"}, "example.com/lib": {"example.com/wide@v1.0.0"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestCode checks that the code of each module is found: it is downloaded if the module
// cache does not have it, and why is said if that fails.
func TestCode(t *testing.T) {
	write(t, app("go 1.20\nrequire example.com/lib v1.0.0\nrequire example.com/gone v1.0.0\nrequire example.com/fork v1.0.0\nreplace example.com/fork => ./none\nreplace example.com/gone => example.com/lost v1.0.0", "example.com/lib"))
	serve(t)
	count := 0
	p, err := Read(t.Context(), ".", Options{Downloading: func(n int) { count = n }})
	if err != nil {
		t.Fatal(err)
	}
	if p.Input.Resolved || count != 1 {
		t.Errorf("resolved %v, %d downloaded, want false and 1", p.Input.Resolved, count)
	}
	missing := map[string]string{"example.com/gone": "404", "example.com/fork": "the folder that replaces it is not there"}
	for _, m := range p.Modules {
		if why := missing[m.Path]; (m.Dir == "") != (why != "") || !strings.Contains(m.Missing, why) || why == "" && m.Missing != "" {
			t.Errorf("%s: folder %q, missing because %q, want %q", m.Path, m.Dir, m.Missing, why)
		}
	}
}

// TestNoCode checks that a go.mod without any code next to it is not taken for all that
// is built: what the module imports is not known then. All that it selects may be.
func TestNoCode(t *testing.T) {
	write(t, map[string]string{
		"a/go.mod": "module example.com/a\ngo 1.20\nrequire example.com/lib v1.0.0\n", "a/vendored.txt": "", "a/sub/go.mod": "module example.com/sub\n", "a/sub/sub.go": "package sub\n",
		"b/go.mod": "module example.com/b\ngo 1.20\n", "b/below/b.go": "package b\n",
		"c/go.mod": "module example.com/c\ngo 1.16\nrequire example.com/old v1.0.0\n",
	})
	serve(t)
	for name, want := range map[string]struct {
		partial bool
		modules int
	}{"a": {true, 1}, "b": {false, 0}, "c": {true, 3}} {
		for _, o := range []Options{{}, {FilesOnly: true}} {
			p, err := Read(t.Context(), name, o)
			if err != nil {
				t.Fatal(err)
			}
			if all := built(p); (p.Partial != "") != want.partial || len(all) != want.modules {
				t.Errorf("%s: partial because %q, with %q; want %v", name, p.Partial, all, want)
			}
		}
	}
}

// TestOffline checks that nothing is downloaded if that is not wanted.
func TestOffline(t *testing.T) {
	write(t, app("go 1.20\nrequire example.com/lib v1.0.0", "example.com/lib"))
	serve(t)
	p, err := Read(t.Context(), ".", Options{Offline: true, Downloading: func(int) { t.Error("it downloads") }})
	if err != nil {
		t.Fatal(err)
	}
	if m := p.Modules[1]; p.Input.Resolved || m.Dir != "" || m.Missing != "it is not in the module cache" {
		t.Errorf("got %+v, %+v", p.Input, m)
	}
}

// TestFailedNotes checks that what the go command did in vain is not noted.
func TestFailedNotes(t *testing.T) {
	write(t, app("go 1.20\nrequire example.com/lib v1.0.0\nexclude example.com/lib v1.0.0", "example.com/lib"))
	serve(t)
	p, err := Read(t.Context(), ".", Options{Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	if n := p.Input.Note; p.Input.Resolved || strings.Count(n, "requires and excludes") != 1 || strings.Contains(n, "completed") {
		t.Errorf("got %q", n)
	}
}

// TestNoSecrets checks that the reason for a missing module does not have the password of
// a proxy.
func TestNoSecrets(t *testing.T) {
	write(t, app("go 1.20\nrequire example.com/gone v1.0.0", "example.com/gone"))
	serve(t)
	t.Setenv("GOPROXY", strings.Replace(os.Getenv("GOPROXY"), "http://", "http://me:hunter22@", 1))
	p, err := Read(t.Context(), ".", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m := p.Modules[1]; m.Missing == "" || strings.Contains(m.Missing+p.Input.Note+p.Partial, "hunter22") {
		t.Errorf("got %+v, %q", p.Input, m.Missing)
	}
}

// TestOfUser checks that complaints have no path of a copy, whichever path is shorter.
func TestOfUser(t *testing.T) {
	root := t.TempDir()
	copies, dir := filepath.Join(root, "tmp", "run-1", "program-2"), filepath.Join(root, "app")
	near, err := filepath.Rel(dir, copies)
	if err != nil {
		t.Fatal(err)
	}
	const want = "go: go.mod requires go >= 1.999"
	for _, folder := range []string{copies, near, ".."} {
		complaint := "go: " + filepath.Join(folder, "go.mod") + " requires go >= 1.999"
		if got := ofUser(complaint, copies, dir); (got == want) != (folder != "..") {
			t.Errorf("%s: got %q", complaint, got)
		}
	}
	if got := ofUser("go: ./go.mod: no", dir, dir); got != "go: ./go.mod: no" {
		t.Errorf("in the folder itself: got %q", got)
	}
}

// TestNoteNamesNoCopy checks that a complaint of the go command about a copy is one about
// the user's file.
func TestNoteNamesNoCopy(t *testing.T) {
	write(t, app("go 1.999"))
	serve(t)
	p, err := Read(t.Context(), ".", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "as for a build: go.mod requires go >= 1.999"; !strings.Contains(p.Input.Note, want) {
		t.Errorf("got %q, want %q in it", p.Input.Note, want)
	}
}

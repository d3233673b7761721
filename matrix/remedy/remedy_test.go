package remedy_test

import (
	"cmp"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/goproxytest"
	"golang.org/x/tools/txtar"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/program"
	"github.com/matrixrun/matrixrun/matrix/remedy"
)

const lib, old = "example.com/lib", "example.com/old/lib"

// A row is a row of a table of these tests: its ID, the module path that its release is
// served under, the probes that leak, and what it was built with, if that is not the
// newest toolchain.
type row struct{ id, module, leaks, toolchain string }

// rows are those of the table of these tests. The releases are those in testdata/mod.
var rows = []row{
	{"v0.9.0", old, "a b c", "go1.18.10"},
	{"v1.0.0", lib, "a b c", ""},
	{"v1.0.0+mend", lib, "", ""},
	{"v1.1.0", lib, "a b c", ""},
	{"v1.2.0", lib, "a b", ""},
	{"v1.2.1", lib, "a b", ""},
	{"v1.3.0", lib, "", ""},
	{"v1.4.0", lib, "", ""},
	{"v1.5.0", lib, "a", ""},
}

// table returns a table.
func table(rows []row) *matrix.Grid {
	r := &matrix.Results{Target: lib, Suite: "demo", Words: matrix.Words{Leak: matrix.Phrase{One: "leaks"}}}
	for _, name := range []string{"a", "b", "c"} {
		r.Scenarios = append(r.Scenarios, matrix.Scenario{Name: name, Kind: matrix.KindProbe})
	}
	r.Scenarios = append(r.Scenarios, matrix.Scenario{Name: "planted", Kind: matrix.KindPlanted}) // so that all are known
	for _, l := range rows {
		id := matrix.ParseRowID(l.id)
		row := matrix.RowResult{
			ID: l.id, State: matrix.StateOK, Toolchain: cmp.Or(l.toolchain, "go1.26.8"),
			Source: matrix.SourceResult{Version: id.Version, Module: l.module},
		}
		if version, toolchain, ok := id.Toolchain(); ok {
			row.Toolchain = toolchain
			row.Source = matrix.SourceResult{Kind: matrix.SourceToolchain, Version: version, Module: l.module, Toolchain: toolchain}
		} else if path, version, ok := strings.Cut(id.Version, "@"); ok {
			row.Source = matrix.SourceResult{Kind: matrix.SourceModule, Version: version, Module: path, Go: "1.20"}
		}
		for _, p := range id.Patches {
			row.Patches = append(row.Patches, matrix.Applied{Name: p})
		}
		for _, s := range r.Scenarios {
			v := matrix.VerdictClean
			if slices.Contains(strings.Fields(l.leaks), s.Name) || s.Kind == matrix.KindPlanted {
				v = matrix.VerdictLeak
			}
			row.Cells = append(row.Cells, matrix.Cell{Scenario: s.Name, Verdict: v})
		}
		r.Rows = append(r.Rows, row)
	}
	return grid.New(r)
}

// goMods is what is known of the releases.
var goMods = []matrix.ReleaseGoMod{
	{Module: lib, Version: "v1.2.1", Go: "1.21"},
	{Module: lib, Version: "v1.4.0", Go: "1.23"},
	{Module: lib, Version: "v1.5.0", Go: "1.23", Retractions: []matrix.Retraction{{Low: "v1.3.0", High: "v1.3.0", Why: "loses data"}}},
}

// useProxy lets the go command find the modules of testdata/mod, and no others.
func useProxy(t *testing.T) {
	t.Helper()
	modules, err := filepath.Abs(filepath.Join("testdata", "mod"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOPROXY", goproxytest.NewTestServer(t, modules, "").URL)
	t.Setenv("GONOSUMDB", "*")
	t.Setenv("GONOPROXY", "none")
	t.Setenv("GOFLAGS", "")
	cache := t.TempDir()
	t.Setenv("GOMODCACHE", cache)
	t.Cleanup(func() {
		_ = filepath.WalkDir(cache, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				err = os.Chmod(path, 0o755)
			}
			return err
		})
	})
}

// lay writes a program, given as a txtar archive, and makes its module files complete
// with the go commands in the comment of the archive.
func lay(t *testing.T, archive string) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := txtar.Parse([]byte(archive))
	for _, f := range a.Files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(string(a.Comment)) {
		if args := strings.Fields(line); len(args) > 0 {
			goRun(t, dir, args...)
		}
	}
	return dir
}

// goRun runs a go command as a user would.
func goRun(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := new(gocmd.Go).Run(t.Context(), gocmd.Call{Dir: dir, Args: args, Own: true, Limit: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// ask reads the program in a folder, as a user would name it who is in cwd.
func ask(t *testing.T, cwd, name string) remedy.Question {
	t.Helper()
	t.Chdir(cwd)
	p, err := program.Read(t.Context(), name, program.Options{Target: []string{lib, old}, PathOf: func(string) string { return lib }})
	if err != nil {
		t.Fatal(err)
	}
	q := remedy.Question{Program: p, Table: table(rows), GoMods: goMods, Cwd: cwd}
	for i := range p.Modules {
		m := &p.Modules[i]
		if m.Path != lib && m.Path != old {
			continue
		}
		q.Use = &matrix.Use{Module: m.Path, Required: m.Version, Replaced: m.Replaced, Indirect: m.Indirect, Parents: m.Parents}
		_, q.Use.Version = m.Built()
		if row := q.Table.Row(q.Use.Version); row != nil {
			q.Use.Advice = &row.Advice
		}
	}
	if q.Use == nil {
		t.Fatalf("%s does not build %s", name, lib)
	}
	return q
}

// find answers a question, and tries the fixes if asked for.
func find(t *testing.T, q remedy.Question, trier *remedy.Trier) *remedy.Answer {
	t.Helper()
	a, err := remedy.Find(q)
	if err != nil {
		t.Fatal(err)
	}
	if trier != nil {
		if err := trier.Try(t.Context(), q, a); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// newTrier returns a trier whose forks are copies of the release v1.0.0.
func newTrier(t *testing.T) *remedy.Trier {
	t.Helper()
	return &remedy.Trier{
		Limit: time.Minute, Log: func(line string) { t.Log(line) },
		Fork: func(_ context.Context, version string, patches []string, dir string) (string, error) {
			if version != "v1.0.0" || !slices.Equal(patches, []string{"mend"}) {
				t.Errorf("asked for a fork of %s with %q", version, patches)
			}
			return "", writeFork(dir)
		},
	}
}

// writeFork writes what matrixrun fork would write.
func writeFork(dir string) error {
	a := txtar.Parse([]byte("-- go.mod --\nmodule example.com/lib\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n" +
		"-- lib.go --\npackage lib\n\nimport _ \"example.com/dep\"\n\nfunc Dial() {}\n\nfunc Old() {}\n-- quick/quick.go --\npackage quick\n\nconst Quick = 1\n-- sub/sub.go --\npackage sub\n\nconst Sub = 1\n-- logging/logging.go --\npackage logging\n\nconst Level = 1\n"))
	files, err := txtar.FS(a)
	if err != nil {
		return err
	}
	return os.CopyFS(dir, files)
}

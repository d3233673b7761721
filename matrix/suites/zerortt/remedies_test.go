//go:build proofs

package zerortt

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/program"
	"github.com/matrixrun/matrixrun/matrix/remedy"
	published "github.com/matrixrun/matrixrun/results"
)

// remedied are programs, with fixes by their names, and what comes of trying each.
var remedied = map[string]struct {
	commands []string // of the go command
	imports  []string
	want     map[string]string // by how the name of a fix begins: "" if the program compiles with it, else a part of the complaint
}{
	"logging": {
		[]string{"get github.com/quic-go/quic-go@v0.44.0"}, []string{"github.com/quic-go/quic-go", "github.com/quic-go/quic-go/logging"},
		map[string]string{"v0.48.2": "", "v0.49.1": "", "v0.61.0": "package github.com/quic-go/quic-go/logging is gone, which main.go:5 imports"},
	},
	"webtransport": {
		[]string{"get github.com/quic-go/webtransport-go@v0.8.0"}, []string{"github.com/quic-go/webtransport-go"},
		map[string]string{
			"v0.48.2":                             "github.com/quic-go/webtransport-go@v0.8.0/client.go:104:3: unknown field Connection",
			"github.com/quic-go/webtransport-go@": "", // v0.9.0 if the module cache has it, since no proxy need list that
		},
	},
}

// TestRealRemedies tries the fixes of programs that are built on real releases: one that
// imports a package which later releases do not have, and one that is built with the
// target only through another module. It needs the module proxy.
func TestRealRemedies(t *testing.T) {
	results, err := codec.Read("the published results", published.Zerortt)
	if err != nil {
		t.Fatal(err)
	}
	index, err := content.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	q := remedy.Question{Table: grid.New(results), GoMods: index.GoMods(func(string) string { return results.Target })}
	trier := &remedy.Trier{
		Limit: 10 * time.Minute, Log: func(line string) { t.Log(line) },
		Fork: func(context.Context, string, []string, string) (string, error) { return "TestRealFork makes some", nil },
	}
	for name, test := range remedied {
		t.Run(name, func(t *testing.T) {
			q := q
			q.Cwd = t.TempDir()
			code := "package main\n\nimport (\n\t_ \"" + strings.Join(test.imports, "\"\n\t_ \"") + "\"\n)\n\nfunc main() {}\n"
			q.Program, q.Use = readProgram(t, q.Cwd, code, append(test.commands, "mod tidy"), results.Target)
			q.Use.Advice = &q.Table.Row(q.Use.Version).Advice
			answer, err := remedy.Find(q)
			if err != nil {
				t.Fatal(err)
			}
			if err := trier.Try(t.Context(), q, answer); err != nil {
				t.Fatal(err)
			}
			for name, want := range test.want {
				i := slices.IndexFunc(answer.Plans, func(p *remedy.Plan) bool { return strings.HasPrefix(p.Fix.Name, name) })
				if i < 0 {
					t.Errorf("%s is not offered", name)
				} else if got := answer.Plans[i].Fix.Tried; got.Unknown || got.OK != (want == "") || !strings.Contains(got.Error, want) {
					t.Errorf("%s: got %+v, want %q", name, got, want)
				}
			}
		})
	}
}

// readProgram makes a program, runs go commands on it, and reads what it is built with.
func readProgram(t *testing.T, dir, code string, commands []string, target string) (*matrix.Program, *matrix.Use) {
	t.Helper()
	for name, text := range map[string]string{"main.go": code, "go.mod": "module example.com/app\n\ngo 1.22\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range commands {
		if _, err := new(gocmd.Go).Run(t.Context(), gocmd.Call{Dir: dir, Args: strings.Fields(line), Own: true}); err != nil {
			t.Fatal(err)
		}
	}
	p, err := program.Read(t.Context(), dir, program.Options{Target: []string{target}})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(p.Modules, func(m matrix.BuiltModule) bool { return m.Path == target })
	if i < 0 {
		t.Fatalf("%s is not built", target)
	}
	m := &p.Modules[i]
	return p, &matrix.Use{Module: m.Path, Required: m.Version, Version: m.Version, Indirect: m.Indirect, Parents: m.Parents}
}

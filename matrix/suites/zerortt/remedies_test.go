//go:build proofs

package zerortt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/program"
	"github.com/matrixrun/matrixrun/matrix/remedy"
	published "github.com/matrixrun/matrixrun/results"
)

// remedied are programs, and what comes of trying the fixes.
var remedied = map[string]struct {
	program string
	want    string
}{
	"logging": {"get github.com/quic-go/quic-go@v0.44.0\nmod tidy\n-- main.go --\npackage main\n\nimport (\n\t\"github.com/quic-go/quic-go\"\n\t\"github.com/quic-go/quic-go/logging\"\n)\n\nvar _ = quic.Config{}\nvar _ logging.ConnectionID\n\nfunc main() {}\n-- go.mod --\nmodule example.com/app\n\ngo 1.22\n", ""},
	"parent":  {"get github.com/quic-go/webtransport-go@v0.8.0\nmod tidy\n-- main.go --\npackage main\n\nimport \"github.com/quic-go/webtransport-go\"\n\nvar _ webtransport.Dialer\n\nfunc main() {}\n-- go.mod --\nmodule example.com/app\n\ngo 1.22\n", ""},
}

// TestRealRemedies tries the fixes of programs that are built on real releases. It needs
// the module proxy.
func TestRealRemedies(t *testing.T) {
	results, err := codec.Read("the published results", published.Zerortt)
	if err != nil {
		t.Fatal(err)
	}
	table := grid.New(results)
	for name, test := range remedied {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			a := txtar.Parse([]byte(test.program))
			for _, f := range a.Files {
				if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			g := new(gocmd.Go)
			for line := range strings.Lines(string(a.Comment)) {
				if _, err := g.Run(t.Context(), gocmd.Call{Dir: dir, Args: strings.Fields(line), Own: true}); err != nil {
					t.Fatal(err)
				}
			}
			p, err := program.Read(t.Context(), dir, program.Options{Target: []string{results.Target}})
			if err != nil {
				t.Fatal(err)
			}
			q := remedy.Question{Program: p, Table: table, Cwd: dir}
			for i := range p.Modules {
				if m := &p.Modules[i]; m.Path == results.Target {
					q.Use = &matrix.Use{Module: m.Path, Required: m.Version, Version: m.Version, Indirect: m.Indirect, Parents: m.Parents, Advice: &table.Row(m.Version).Advice}
				}
			}
			answer, err := remedy.Find(q)
			if err != nil {
				t.Fatal(err)
			}
			trier := &remedy.Trier{Limit: 10 * time.Minute, Log: func(line string) { t.Log(line) }}
			if err := trier.Try(t.Context(), q, answer); err != nil {
				t.Fatal(err)
			}
			for _, f := range answer.Fixes() {
				t.Logf("%s\n%s\n%+v", f.Title, strings.Join(f.Commands, "\n"), f.Tried)
			}
			t.Log(answer.Notes)
			_ = cmp.Diff
		})
	}
}

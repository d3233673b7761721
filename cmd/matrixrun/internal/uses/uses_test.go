package uses

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// results have one release of the target, and one that it released by a former
// path.
var results = &matrix.Results{Target: "example.com/lib", Rows: []matrix.RowResult{
	{ID: "v1.0.0", Source: matrix.SourceResult{Version: "v1.0.0", Module: "example.com/lib"}},
	{ID: "v0.5.0", Source: matrix.SourceResult{Version: "v0.5.0", Module: "example.com/old"}},
}}

// TestFind checks which uses the lines of a go.mod give: module path, version, the
// line that decides, and a part of why there is no answer.
func TestFind(t *testing.T) {
	for name, test := range map[string]struct {
		lines string // after "module example.com/app" and "go 1.26" on lines 1 and 2
		want  []string
	}{
		"none":                   {"require example.com/other v1.0.0", nil},
		"required":               {"require example.com/lib v1.0.0 // indirect", []string{"example.com/lib v1.0.0 :3"}},
		"former path":            {"require example.com/old v0.5.0", []string{"example.com/old v0.5.0 :3"}},
		"both":                   {"require example.com/lib v1.0.0\nrequire example.com/old v0.5.0", []string{"example.com/lib v1.0.0 :3", "example.com/old v0.5.0 :4"}},
		"replaced by a version":  {"require example.com/lib v1.0.0\nreplace example.com/lib => example.com/old v0.5.0", []string{"example.com/lib v0.5.0 :4"}},
		"version before all":     {"require example.com/lib v1.0.0\nreplace example.com/lib => ./x\nreplace example.com/lib v1.0.0 => example.com/lib v1.2.0", []string{"example.com/lib v1.2.0 :5"}},
		"another version":        {"require example.com/lib v1.0.0\nreplace example.com/lib v1.1.0 => ./x", []string{"example.com/lib v1.0.0 :3"}},
		"replaced by a folder":   {"require example.com/lib v1.0.0\nreplace example.com/lib => ./x", []string{"example.com/lib  :4 the folder ./x"}},
		"replaced by another":    {"require example.com/lib v1.0.0\nreplace example.com/lib => example.com/fork v1.9.0", []string{"example.com/lib  :4 example.com/fork v1.9.0"}},
		"a replace that is idle": {"replace example.com/lib => ./x", nil},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "go.mod")
			if err := os.WriteFile(file, []byte("module example.com/app\ngo 1.26\n"+test.lines+"\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{file, filepath.Dir(file)} {
				uses, err := find(name, results)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, u := range uses {
					why, _ := strings.CutPrefix(u.Unknown, "it is replaced by ")
					why, _, _ = strings.Cut(why, ",")
					got = append(got, strings.TrimSpace(strings.Join([]string{u.Module, u.Version, strings.TrimPrefix(u.Where, file), why}, " ")))
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		})
	}
}

package program

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// write writes files, by path, to a new folder and goes there. Nothing of the settings
// of the machine decides in it.
func write(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for _, name := range []string{"GOFLAGS", "GOWORK"} {
		t.Setenv(name, "")
	}
	t.Setenv("GOENV", "off")
	t.Setenv("GOMODCACHE", filepath.Join(dir, "gomodcache"))
	return dir
}

// built describes what is built of a program's modules, main modules aside: "path
// version => replacement, where".
func built(p *matrix.Program) (list []string) {
	for _, m := range p.Modules {
		if m.Main {
			continue
		}
		text := m.Path + " " + m.Version
		if r := m.Replaced; r != nil {
			text += " => " + r.Path
			if r.Version != "" {
				text += " " + r.Version
			}
		}
		list = append(list, text+", "+m.Where.File+":"+itoa(m.Where.Line))
	}
	return list
}

func itoa(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

// TestRules checks what is built by the lines of a go.mod, if only the files are read.
func TestRules(t *testing.T) {
	for name, test := range map[string]struct {
		lines string // after "module example.com/app" and "go 1.26" on lines 1 and 2
		want  []string
	}{
		"none":                 {"", nil},
		"several":              {"require example.com/b v1.0.0\nrequire example.com/a v1.1.0 // indirect", []string{"example.com/a v1.1.0, go.mod:04", "example.com/b v1.0.0, go.mod:03"}},
		"replaced by version":  {"require example.com/a v1.0.0\nreplace example.com/a => example.com/a v0.9.0", []string{"example.com/a v1.0.0 => example.com/a v0.9.0, go.mod:04"}},
		"the version first":    {"require example.com/a v1.0.0\nreplace example.com/a => ./x\nreplace example.com/a v1.0.0 => example.com/b v1.2.0", []string{"example.com/a v1.0.0 => example.com/b v1.2.0, go.mod:05"}},
		"another version":      {"require example.com/a v1.0.0\nreplace example.com/a v1.1.0 => ./x", []string{"example.com/a v1.0.0, go.mod:03"}},
		"idle replace":         {"replace example.com/a => ./x", nil},
		"excluded":             {"require example.com/a v1.0.0\nexclude example.com/a v1.0.0", []string{"example.com/a , go.mod:03"}},
		"excluded and another": {"require example.com/a v1.0.0\nrequire example.com/a v1.1.0\nexclude example.com/a v1.1.0", []string{"example.com/a v1.0.0, go.mod:03"}},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{"go.mod": "module example.com/app\ngo 1.26\n" + test.lines + "\n"})
			for _, name := range []string{"", ".", "go.mod"} {
				p, err := Read(t.Context(), name, Options{FilesOnly: true})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, built(p)); diff != "" {
					t.Errorf("%q: -want +got:\n%s", name, diff)
				}
				if p.Input.Resolved || p.Modules[0].Path != "example.com/app" || !p.Modules[0].Main {
					t.Errorf("%q: got %+v, main module %+v", name, p.Input, p.Modules[0])
				}
			}
		})
	}
}

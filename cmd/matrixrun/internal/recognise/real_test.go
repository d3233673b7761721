//go:build proofs

package recognise

import (
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/source"
)

const quic = "github.com/quic-go/quic-go"

// fetch downloads a module version.
func fetch(t *testing.T, path, version string) matrix.Source {
	t.Helper()
	src, err := source.NewProxy().Fetch(t.Context(), matrix.Release{Module: path, Version: version})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// published returns the published results and what they are compared with.
func published(t *testing.T) *Sources {
	t.Helper()
	results, err := find.Published(find.DefaultSuite)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(t.Context(), results.Suite, results)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRealModules checks what is said about modules that programs are built with.
func TestRealModules(t *testing.T) {
	s := published(t)
	replaced := func(path, version string) *matrix.Replacement {
		return &matrix.Replacement{Path: path, Version: version}
	}
	for name, test := range map[string]struct {
		m       matrix.BuiltModule
		unknown string // without what follows the first semicolon
		base    []string
	}{
		"fork": {matrix.BuiltModule{Path: "github.com/apernet/quic-go", Version: "v0.61.1-0.20260806010916-184d081eef3e"},
			"it has code of github.com/quic-go/quic-go: 183 of its 222 files are those of v0.61.0", []string{"v0.61.0"}},
		"fork with a version of its own": {matrix.BuiltModule{Path: "github.com/sagernet/quic-go", Version: "v0.59.0-sing-box-mod.4"},
			"it has code of github.com/quic-go/quic-go: 148 of its 182 files are those of v0.59.0 and v0.59.1", []string{"v0.59.0", "v0.59.1"}},
		"three names": {matrix.BuiltModule{Path: quic, Version: "v0.52.0", Replaced: replaced("github.com/chungthuang/quic-go", "v0.45.1-0.20250428085412-43229ad201fd")},
			"it is built in place of github.com/quic-go/quic-go: 222 of its 226 files are those of v0.51.0 (it is labelled v0.52.0)", []string{"v0.51.0"}},
	} {
		t.Run(name, func(t *testing.T) {
			path, version := test.m.Built()
			m := test.m
			m.Dir = fetch(t, path, version).Dir
			for _, dir := range []string{m.Dir, ""} { // unpacked, and the zip in the module cache
				m.Dir = dir
				u := onlyUse(t, s, m)
				unknown, _, _ := strings.Cut(u.Unknown, ";")
				var base []string
				for _, a := range u.Base {
					base = append(base, a.Row)
				}
				if unknown != test.unknown || !slices.Equal(base, test.base) || u.Next == "" {
					t.Errorf("got %q, base %v, next %q", u.Unknown, base, u.Next)
				}
			}
		})
	}
}

// onlyUse returns the use that a program with one module has.
func onlyUse(t *testing.T, s *Sources, m matrix.BuiltModule) matrix.Use {
	t.Helper()
	uses, unseen, err := s.Uses(t.Context(), &matrix.Program{Modules: []matrix.BuiltModule{m}}, new(Seen))
	if err != nil || len(uses) != 1 || len(unseen) > 0 {
		t.Fatalf("got %d uses, unseen %v, error %v", len(uses), unseen, err)
	}
	return uses[0]
}

// TestRealCopy checks that a release is recognised in a folder of another module, with
// the imports of that and formatted, which changes their order.
func TestRealCopy(t *testing.T) {
	src, dir := fetch(t, quic, "v0.59.1"), t.TempDir()
	const module, folder = "example.com/app", "internal/quic"
	err := fs.WalkDir(os.DirFS(src.Dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(src.Dir, name))
		if err != nil {
			return err
		}
		data, err = format.Source([]byte(strings.ReplaceAll(string(data), quic, module+"/"+folder)))
		files{folder + "/" + name: string(data)}.add(t, dir)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	files{"go.mod": "module " + module + "\n"}.add(t, dir)
	u := onlyUse(t, published(t), matrix.BuiltModule{Path: module, Main: true, Dir: dir})
	if u.Version != "v0.59.1" || u.Unknown != "" || u.Likeness.Dir != folder || !u.Likeness.Nearest[0].Exact {
		t.Errorf("got %+v, likeness %+v", u, u.Likeness)
	}
}

// TestRealFork checks that the fork of a real release with all of its measured patches is
// found out to be that row, as a folder, in a vendor folder, and edited.
func TestRealFork(t *testing.T) {
	s := published(t)
	at := slices.IndexFunc(s.Results.Rows, func(r matrix.RowResult) bool { return r.Version() == "v0.59.1" && len(r.Patches) > 1 })
	row := &s.Results.Rows[at]
	var patches []matrix.Variant
	for _, name := range row.PatchNames() {
		v, _ := s.Patches[name].For("v0.59.1")
		patches = append(patches, v)
	}
	src, dir := fetch(t, quic, "v0.59.1"), filepath.Join(t.TempDir(), "fork")
	spec := &matrix.Spec{Suite: s.Results.Suite, Target: matrix.Target{Module: quic}}
	f, err := fork.Lay(t.Context(), t.TempDir(), spec, matrix.Row{Release: src.Release, Patches: patches}, src, fork.Maker{Tool: "test", Toolchain: row.Toolchain})
	if err != nil || f.Conflict != "" {
		t.Fatal(err, f)
	}
	if err := f.WriteTree(dir, false, false); err != nil {
		t.Fatal(err)
	}
	m := matrix.BuiltModule{Path: quic, Version: "v0.59.1", Replaced: &matrix.Replacement{Path: "../fork"}, Dir: dir}
	if u := onlyUse(t, s, m); u.Fork != row.ID || u.Unknown != "" {
		t.Errorf("got %q, unknown %q", u.Fork, u.Unknown)
	}
	if err := os.RemoveAll(filepath.Join(dir, "FORK")); err != nil {
		t.Fatal(err)
	}
	if u := onlyUse(t, s, m); u.Fork != row.ID {
		t.Errorf("without its FORK folder, got %q, unknown %q", u.Fork, u.Unknown)
	}
	for _, name := range []string{"go.mod", "http3", "interop", "integrationtests", "example", "fuzzing"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	m.Vendored = true
	if u := onlyUse(t, s, m); u.Fork != row.ID {
		t.Errorf("vendored, got %q, unknown %q", u.Fork, u.Unknown)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.go"), []byte("package quic\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if u := onlyUse(t, s, m); u.Fork != "" || !strings.Contains(u.Unknown, "it was not measured") {
		t.Errorf("edited, got %q, unknown %q", u.Fork, u.Unknown)
	}
}

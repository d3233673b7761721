package recognise

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/fork"
)

const lib = "example.com/lib"

// files is a tree: contents by slash-separated path.
type files map[string]string

// add writes the files to a folder.
func (f files) add(t *testing.T, dir string) {
	t.Helper()
	for name, data := range f {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// zip makes the module zip of a release of the library.
func (f files) zip(t *testing.T, version string) (file string) {
	t.Helper()
	return f.zipOf(t, lib, version)
}

// zipOf makes the module zip of a version of a module.
func (f files) zipOf(t *testing.T, path, version string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "release.zip")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	err = zip.CreateFromDir(out, module.Version{Path: path, Version: version}, write(t, f))
	if err := errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
	return file
}

// function returns a function that is long enough to be compared.
func function(name string, seed int) string {
	return fmt.Sprintf("\nfunc %s(a, b int) int {\n\tfor i := 0; i < %d; i++ {\n\t\tif a > b+i {\n\t\t\ta -= b * i\n\t\t} else {\n\t\t\tb -= a / (i + 1)\n\t\t}\n\t}\n\treturn a + b\n}\n", name, seed)
}

// tree returns a release of the library, whose file a.go depends on the release.
func tree(seed int) files {
	return files{
		"go.mod":     "module " + lib + "\n",
		"a.go":       "package lib\n\nimport \"" + lib + "/b\"\n\nvar _ = b.X\n\nconst A = 1\n" + function("A", seed),
		"a_test.go":  "package lib\n",
		"b/b.go":     "package b\n\nvar X int\n" + function("B", 1),
		"b/c.go":     "package b\n" + function("C", 2),
		"b/large.go": "package b\n" + function("D", 3),
	}
}

// with returns a tree with another file, or another content of one.
func with(tree files, name, data string) files {
	tree = maps.Clone(tree)
	tree[name] = data
	return tree
}

// at returns a tree as a fork with a path of its own has it.
func at(path string, tree files) files {
	moved := files{}
	for name, data := range tree {
		moved[name] = strings.ReplaceAll(data, lib, path)
	}
	return moved
}

// in returns a tree in a folder, without its go.mod.
func in(dir string, tree files) files {
	moved := files{}
	for name, data := range tree {
		if name != "go.mod" {
			moved[dir+"/"+name] = data
		}
	}
	return moved
}

// mend is the patch of the library.
var mend = matrix.Variant{Patch: "mend", File: "patches/mend/all.patch", SHA256: "sum of mend", Releases: matrix.Constraint{},
	Diff: []byte("--- a/a.go\n+++ b/a.go\n@@ -7,1 +7,1 @@\n-const A = 1\n+const A = 2\n")}

// mended returns what the patch makes of a.go.
func mended(data string) string { return strings.Replace(data, "A = 1", "A = 2", 1) }

// sources returns results with two releases, v1.0.0 and v1.1.0, of which v1.1.0 was
// measured with the patch too.
func sources(t *testing.T) *Sources {
	t.Helper()
	s := &Sources{
		Results: &matrix.Results{Suite: "fake", Target: lib, Scenarios: []matrix.Scenario{{Name: "probe", Kind: matrix.KindProbe}}},
		Index:   new(content.Index), Cache: t.TempDir(),
		Patches: map[string]*matrix.Patch{"mend": {Name: "mend", Variants: []matrix.Variant{mend}}},
		Suite:   func() (*matrix.Spec, error) { return new(matrix.Spec), nil },
	}
	for i, version := range []string{"v1.0.0", "v1.1.0"} {
		src := matrix.Source{Release: matrix.Release{Version: version, Module: lib, Sum: "h1:" + version}, Zip: tree(i+10).zip(t, version)}
		if err := s.Index.Add(t.Context(), src, matrix.Target{Module: lib}); err != nil {
			t.Fatal(err)
		}
		s.row(version, matrix.VerdictLeak)
	}
	s.row("v1.1.0+mend", matrix.VerdictClean)
	return s
}

// row adds a row to the results.
func (s *Sources) row(id string, v matrix.Verdict) {
	parsed := matrix.ParseRowID(id)
	row := matrix.RowResult{ID: id, State: matrix.StateOK, Source: matrix.SourceResult{Version: parsed.Version, Module: lib, Sum: "h1:" + parsed.Version}, Cells: []matrix.Cell{{Scenario: "probe", Verdict: v}}}
	for _, name := range parsed.Patches {
		row.Patches = append(row.Patches, matrix.Applied{Name: name, SHA256: "sum of " + name, Apply: matrix.ApplyExact})
	}
	s.Results.Rows = append(s.Results.Rows, row)
}

// forked writes the fork of a release with the patch to a folder, as matrixrun fork does,
// and returns its version.
func forked(t *testing.T, dir, release string, seed int) (version string) {
	t.Helper()
	src := matrix.Source{Release: matrix.Release{Version: release, Module: lib, Sum: "h1:" + release}, Zip: tree(seed).zip(t, release)}
	spec := &matrix.Spec{Suite: "fake", Target: matrix.Target{Module: lib}}
	f, err := fork.Lay(t.Context(), t.TempDir(), spec, matrix.Row{Release: src.Release, Patches: []matrix.Variant{mend}}, src, fork.Maker{Tool: "v1.2.3", Toolchain: "go1.26.8"})
	if err != nil || f.Conflict != "" {
		t.Fatal(err, f)
	}
	if err := f.WriteTree(dir, false, false); err != nil {
		t.Fatal(err)
	}
	return f.Version
}

// write writes a tree to a folder and returns the folder.
func write(t *testing.T, tree files) string {
	t.Helper()
	dir := t.TempDir()
	tree.add(t, dir)
	return dir
}

// short returns a use in short.
func short(u matrix.Use) string {
	var base []string
	for _, a := range u.Base {
		base = append(base, a.Row)
	}
	return strings.Join([]string{"version " + u.Version, "fork " + u.Fork, "base " + strings.Join(base, ","), "note " + u.Note, "unknown " + u.Unknown, "next " + u.Next}, "\n")
}

// modules returns modules of a build, with what is found out about each.
func modules(t *testing.T) map[string]struct {
	m    matrix.BuiltModule
	want string
} {
	suite := "`matrixrun run --module example.com/other@v1.0.5` finds it out"
	none := "`matrixrun run --source DIR`, with the folder of its go.mod, finds it out"
	folder := &matrix.Replacement{Path: "../lib"}
	made := filepath.Join(t.TempDir(), "fork")
	version := forked(t, made, "v1.1.0", 11)
	edited := filepath.Join(t.TempDir(), "fork")
	forked(t, edited, "v1.1.0", 11)
	files{"b/c.go": "package b\n"}.add(t, edited)
	lying := write(t, with(with(tree(11), "b/c.go", "package b\n"), "FORK/fork.json", `{"version": "`+version+`"}`))
	other := filepath.Join(t.TempDir(), "fork")
	forked(t, other, "v1.0.0", 10)
	patched := tree(11)
	patched["a.go"] = mended(patched["a.go"])
	delete(patched, "go.mod")
	delete(patched, "a_test.go")
	return map[string]struct {
		m    matrix.BuiltModule
		want string
	}{
		"release":                {matrix.BuiltModule{Path: lib, Version: "v1.0.0", Sum: "h1:v1.0.0"}, "version v1.0.0\nfork \nbase \nnote \nunknown \nnext "},
		"release in a folder":    {matrix.BuiltModule{Path: lib, Version: "v1.0.0", Replaced: folder, Dir: write(t, tree(11))}, "version v1.1.0\nfork \nbase \nnote its 4 files are those of v1.1.0, although it is labelled v1.0.0\nunknown \nnext "},
		"folder without label":   {matrix.BuiltModule{Path: lib, Version: "v0.0.0", Replaced: folder, Dir: write(t, tree(11))}, "version v1.1.0\nfork \nbase \nnote its 4 files are those of v1.1.0\nunknown \nnext "},
		"release with a bad sum": {matrix.BuiltModule{Path: lib, Version: "v1.0.0", Sum: "h1:other", Dir: write(t, with(tree(10), "b/c.go", "package b\n"))}, "version v1.0.0\nfork \nbase v1.0.0\nnote \nunknown it is built in place of example.com/lib: 3 of its 4 files are those of v1.0.0 (it is labelled v1.0.0); it was not measured\nnext "},
		"vendored":               {matrix.BuiltModule{Path: lib, Version: "v1.0.0", Vendored: true, Dir: write(t, files{"b/b.go": tree(1)["b/b.go"], "b/c.go": tree(1)["b/c.go"], "b/large.go": tree(1)["b/large.go"]})}, "version v1.0.0\nfork \nbase \nnote its 3 files are those of v1.0.0\nunknown \nnext "},
		"edited in vendor":       {matrix.BuiltModule{Path: lib, Version: "v1.0.0", Vendored: true, Dir: write(t, with(tree(10), "b/c.go", "package b\n"))}, "version v1.0.0\nfork \nbase v1.0.0\nnote \nunknown it is built in place of example.com/lib: 3 of its 4 files are those of v1.0.0 (it is labelled v1.0.0); it was not measured\nnext `go mod vendor` writes v1.0.0 anew, which the results have"},
		"fork":                   {matrix.BuiltModule{Path: "example.com/other", Version: "v1.0.5", Dir: write(t, at("example.com/other", with(tree(11), "b/c.go", "package b\n")))}, "version \nfork \nbase v1.1.0\nnote \nunknown it has code of example.com/lib: 3 of its 4 files are those of v1.1.0; it was not measured\nnext " + suite},
		"in its place":           {matrix.BuiltModule{Path: lib, Version: "v1.0.0", Replaced: &matrix.Replacement{Path: "example.com/other", Version: "v1.0.5"}, Dir: write(t, at("example.com/other", with(tree(11), "b/c.go", "package b\n")))}, "version v1.0.5\nfork \nbase v1.1.0\nnote \nunknown it is built in place of example.com/lib: 3 of its 4 files are those of v1.1.0 (it is labelled v1.0.0); it was not measured\nnext " + suite},
		"nearly nothing left":    {matrix.BuiltModule{Path: "example.com/other", Version: "v1.0.5", Dir: write(t, files{"a.go": tree(11)["a.go"] + "\n", "b/b.go": "// b\n\n" + tree(1)["b/b.go"], "b/c.go": "//\n" + tree(1)["b/c.go"] + function("X", 1)})}, "version \nfork \nbase v1.1.0\nnote \nunknown it has code of example.com/lib: 0 of its 3 files are those of v1.1.0, and 3 of its 4 longer functions; it was not measured\nnext " + suite},
		"something else":         {matrix.BuiltModule{Path: lib, Version: "v1.0.0", Replaced: folder, Dir: write(t, files{"a.go": "package lib\n"})}, "version \nfork \nbase \nnote \nunknown it is built in place of example.com/lib, and has none of its code; it was not measured\nnext "},
		"not on this machine":    {matrix.BuiltModule{Path: lib, Version: "v1.0.0", Replaced: &matrix.Replacement{Path: "example.com/other", Version: "v1.0.5"}, Missing: "it is not in the module cache"}, "version v1.0.5\nfork \nbase \nnote \nunknown it is built in place of example.com/lib, and it is not in the module cache\nnext "},
		"matrixrun's folder":     {matrix.BuiltModule{Path: lib, Version: "v1.1.0", Replaced: folder, Dir: made}, "version \nfork v1.1.0+mend\nbase \nnote \nunknown \nnext "},
		"matrixrun's version":    {matrix.BuiltModule{Path: lib, Version: "v1.1.0", Replaced: &matrix.Replacement{Path: lib, Version: version}, Dir: made}, "version " + version + "\nfork v1.1.0+mend\nbase \nnote \nunknown \nnext "},
		"matrixrun's, vendored":  {matrix.BuiltModule{Path: lib, Version: "v1.1.0", Replaced: folder, Vendored: true, Dir: write(t, patched)}, "version \nfork v1.1.0+mend\nbase \nnote \nunknown \nnext "},
		"matrixrun's, not here":  {matrix.BuiltModule{Path: lib, Version: version, Missing: "it is not in the module cache"}, "version " + version + "\nfork \nbase \nnote \nunknown by its version, `matrixrun fork` made it, and it is not in the module cache\nnext `go mod download` fetches it, if GOPROXY has the folder with the fork"},
		"matrixrun's, edited":    {matrix.BuiltModule{Path: lib, Version: "v1.1.0", Replaced: folder, Dir: edited}, "version \nfork \nbase v1.0.0,v1.1.0\nnote \nunknown it is built in place of example.com/lib: 2 of its 4 files are those of v1.0.0 and v1.1.0 (it is labelled v1.1.0); it was not measured; it says that it is v1.1.0+mend, made by `matrixrun fork`, but it has other changes, too; b/c.go was changed since\nnext " + none},
		"says it is":             {matrix.BuiltModule{Path: lib, Version: "v1.1.0", Replaced: folder, Dir: lying}, "version \nfork \nbase v1.1.0\nnote \nunknown it is built in place of example.com/lib: 3 of its 4 files are those of v1.1.0 (it is labelled v1.1.0); it was not measured; it says that it is v1.1.0+mend, made by `matrixrun fork`, but the changes of mend are not in it\nnext " + none},
		"not in the results":     {matrix.BuiltModule{Path: lib, Version: "v1.1.0", Replaced: folder, Dir: other}, "version \nfork \nbase v1.0.0\nnote \nunknown it is v1.0.0+mend, made by `matrixrun fork`, and not in the results\nnext `matrixrun run --only v1.0.0 --patch mend` finds it out"},
		"newer release, here":    {matrix.BuiltModule{Path: lib, Version: "v1.2.0", Dir: write(t, with(tree(11), "b/c.go", "package b\n"))}, "version v1.2.0\nfork \nbase v1.1.0\nnote \nunknown v1.2.0 is not in the results: 3 of its 4 files are those of v1.1.0\nnext `matrixrun run --only v1.2.0` finds it out"},
		"copy":                   {matrix.BuiltModule{Path: "example.com/app", Main: true, Dir: write(t, in("x/lib", at("example.com/app/x/lib", with(tree(11), "b/c.go", "package b\n"))))}, "version \nfork \nbase v1.1.0\nnote \nunknown its folder x/lib has code of example.com/lib: 3 of its 4 files are those of v1.1.0; it was not measured\nnext "},
		"newer release":          {matrix.BuiltModule{Path: lib, Version: "v1.2.0", Missing: "it is not in the module cache"}, "version v1.2.0\nfork \nbase \nnote \nunknown v1.2.0 is not in the results; before it, v1.1.0 is bad in 1 of 1 probe; and it is not in the module cache\nnext `matrixrun run --only v1.2.0` finds it out"},
	}
}

// TestUses checks what is found out about each kind of module, by itself.
func TestUses(t *testing.T) {
	s := sources(t)
	for name, test := range modules(t) {
		t.Run(name, func(t *testing.T) {
			uses, unseen, err := s.Uses(t.Context(), &matrix.Program{Modules: []matrix.BuiltModule{test.m}}, new(Seen))
			if err != nil || len(unseen) > 0 || len(uses) != 1 {
				t.Fatalf("got %d uses, unseen %v, error %v", len(uses), unseen, err)
			}
			if diff := cmp.Diff(test.want, short(uses[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestEditedCache checks that a folder of the module cache that was edited is not taken for
// the release that it is labelled as.
func TestEditedCache(t *testing.T) {
	s := sources(t)
	dir := write(t, tree(10))
	s.Results.Rows[0].Source.Sum = content.Sum(dir, lib, "v1.0.0")
	for _, edit := range []struct{ name, want string }{
		{"", ""},
		{"b/c.go", "it is built in place of example.com/lib: 3 of its 4 files are those of v1.0.0 (it is labelled v1.0.0); it was not measured"},
	} {
		name, want := edit.name, edit.want
		if name != "" {
			files{name: "package b\n"}.add(t, dir)
		}
		p := &matrix.Program{Modules: []matrix.BuiltModule{{Path: lib, Version: "v1.0.0", Sum: s.Results.Rows[0].Source.Sum, Dir: dir}}}
		uses, unseen, err := s.Uses(t.Context(), p, new(Seen))
		if err != nil || len(unseen) > 0 || len(uses) != 1 || uses[0].Unknown != want {
			t.Errorf("after changing %q: got %+v, unseen %v, error %v; want %q", name, uses, unseen, err, want)
		}
	}
}

// TestMeasured checks that the row of a fork answers for its version with its checksum,
// and for nothing else.
func TestMeasured(t *testing.T) {
	const path, id = "example.com/other", "example.com/other@v1.0.5"
	dir := write(t, at(path, with(tree(11), "b/c.go", "package b\n")))
	sum := content.Sum(dir, path, "v1.0.5")
	for name, test := range map[string]struct {
		m    matrix.BuiltModule
		sum  string // in the results
		want bool
	}{
		"the fork":              {matrix.BuiltModule{Path: path, Version: "v1.0.5", Sum: sum, Dir: dir}, sum, true},
		"in the target's place": {matrix.BuiltModule{Path: lib, Version: "v1.0.0", Replaced: &matrix.Replacement{Path: path, Version: "v1.0.5"}, Dir: dir}, sum, true},
		"another version":       {matrix.BuiltModule{Path: path, Version: "v1.0.6", Dir: dir}, sum, false},
		"another checksum":      {matrix.BuiltModule{Path: path, Version: "v1.0.5", Sum: "h1:other", Dir: dir}, sum, false},
		"edited":                {matrix.BuiltModule{Path: path, Version: "v1.0.5", Dir: dir}, "h1:other", false},
		"vendored":              {matrix.BuiltModule{Path: path, Version: "v1.0.5", Vendored: true, Dir: dir}, sum, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := sources(t)
			s.Forks = func(string) (*matrix.Results, error) {
				return &matrix.Results{Suite: "fake", Target: lib, Rows: []matrix.RowResult{{
					ID: id, State: matrix.StateOK, Source: matrix.SourceResult{Kind: matrix.SourceModule, Module: path, Version: "v1.0.5", Sum: test.sum},
				}}}, nil
			}
			uses, _, err := s.Uses(t.Context(), &matrix.Program{Modules: []matrix.BuiltModule{test.m}}, new(Seen))
			if err != nil || len(uses) != 1 || (uses[0].Unknown == "") != test.want {
				t.Fatalf("got %+v, %v", uses, err)
			}
			if row := s.Row(&uses[0]); test.want && (row == nil || row.ID != id) {
				t.Errorf("the row is %v", row)
			}
		})
	}
}

// TestSeveral checks that all uses of a build are found, and that other modules without
// code are unseen.
func TestSeveral(t *testing.T) {
	s := sources(t)
	p := &matrix.Program{Modules: []matrix.BuiltModule{
		{Path: "example.com/app", Main: true, Dir: write(t, files{"go.mod": "module example.com/app\n", "main.go": "package main\n"})},
		{Path: "example.com/gone", Version: "v1.0.0", Missing: "only its go.mod was given"},
		{Path: lib, Version: "v1.1.0", Where: matrix.Position{File: "go.mod", Line: 3}},
		{Path: "example.com/other", Version: "v1.0.5", Dir: write(t, at("example.com/other", tree(10))), Indirect: true, Parents: []string{"example.com/x@v1.0.0"}},
	}}
	uses, unseen, err := s.Uses(t.Context(), p, new(Seen))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range uses {
		got = append(got, fmt.Sprintf("%s %s %s %v %v %s", u.Module, u.Version, u.Where, u.Indirect, u.Parents, u.Note))
	}
	for _, u := range unseen {
		got = append(got, u.Module+": "+u.Why)
	}
	want := []string{
		"example.com/lib v1.1.0 go.mod:3 false [] ",
		"example.com/other v1.0.0  true [example.com/x@v1.0.0] its 4 files are those of v1.0.0",
		"example.com/gone: only its go.mod was given",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	s.Index = nil
	uses, unseen, err = s.Uses(t.Context(), p, new(Seen))
	if err != nil || len(uses) != 1 || len(unseen) != 3 || unseen[0].Why != "the suite fake has no releases.index to compare its code with" {
		t.Errorf("without an index: got %d uses, unseen %v, error %v", len(uses), unseen, err)
	}
}

// TestSeveralEqual checks code that is equal to two releases: it has an answer if theirs
// are equal, or if a label says which it is.
func TestSeveralEqual(t *testing.T) {
	part := maps.Clone(tree(10))
	delete(part, "a.go")
	delete(part, "go.mod")
	m := matrix.BuiltModule{Path: lib, Version: "v0.0.0", Replaced: &matrix.Replacement{Path: "../lib"}, Vendored: true, Dir: write(t, part)}
	for name, test := range map[string]struct {
		label   string
		verdict matrix.Verdict // of v1.0.0; that of v1.1.0 is a leak
		want    string
	}{
		"equal answers":     {"v0.0.0", matrix.VerdictLeak, "v1.1.0 "},
		"label":             {"v1.0.0", matrix.VerdictClean, "v1.0.0 "},
		"different answers": {"v0.0.0", matrix.VerdictClean, " it is built in place of example.com/lib: its 3 files are those of v1.0.0 and v1.1.0; nothing tells which of these it is, and their answers differ"},
	} {
		t.Run(name, func(t *testing.T) {
			s := sources(t)
			s.Results.Rows[0].Cells[0].Verdict = test.verdict
			m.Version = test.label
			uses, _, err := s.Uses(t.Context(), &matrix.Program{Modules: []matrix.BuiltModule{m}}, new(Seen))
			if err != nil {
				t.Fatal(err)
			}
			if got := uses[0].Version + " " + uses[0].Unknown; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestUnreadable checks that code that cannot be read is not an answer.
func TestUnreadable(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	uses, _, err := sources(t).Uses(t.Context(), &matrix.Program{Modules: []matrix.BuiltModule{{Path: lib, Replaced: &matrix.Replacement{Path: gone}, Dir: gone}}}, new(Seen))
	if err != nil || len(uses) != 1 || uses[0].Unknown != "it is built in place of example.com/lib, and its folder cannot be read: "+os.ErrNotExist.Error() && !strings.Contains(uses[0].Unknown, "cannot be read") {
		t.Errorf("got %+v, %v", uses, err)
	}
}

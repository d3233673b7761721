package recognise

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/fork"
)

// A measuredFork is somebody's fork in the module cache, and its results: with the patch of
// the tests, and without.
type measuredFork struct {
	*Sources
	files files
	sum   string
	made  string // the folder that matrixrun fork writes for it
}

const otherPath, otherVersion = "example.com/other", "v1.0.5"

// newFork returns a fork that was measured.
func newFork(t *testing.T) *measuredFork {
	t.Helper()
	f := &measuredFork{Sources: sources(t), files: at(otherPath, with(tree(11), "b/c.go", "package b\n"))}
	f.files["b/gen.go"] = "//go:build ignore\n\npackage main\n"
	f.files["unused/unused.go"] = "package unused\n"
	f.sum = content.Sum(write(t, f.files), otherPath, otherVersion)
	zip := f.files.zipOf(t, otherPath, otherVersion)
	cached := filepath.Join(f.Cache, "cache", "download", filepath.FromSlash(otherPath), "@v")
	if err := errors.Join(os.MkdirAll(cached, 0o777), os.Link(zip, filepath.Join(cached, otherVersion+".zip"))); err != nil {
		t.Fatal(err)
	}
	f.Sources.Forks = func(string) (*matrix.Results, error) {
		results := &matrix.Results{Suite: "fake", Target: lib, Scenarios: f.Results.Scenarios}
		for i, v := range []matrix.Verdict{matrix.VerdictLeak, matrix.VerdictClean} {
			row := matrix.RowResult{
				ID: otherPath + "@" + otherVersion + []string{"", "+mend"}[i], State: matrix.StateOK,
				Source: matrix.SourceResult{Kind: matrix.SourceModule, Module: otherPath, Version: otherVersion, Sum: f.sum},
				Cells:  []matrix.Cell{{Scenario: "probe", Verdict: v}},
			}
			if i > 0 {
				row.Patches = []matrix.Applied{{Name: "mend", SHA256: mend.SHA256, Apply: matrix.ApplyExact}}
			}
			results.Rows = append(results.Rows, row)
		}
		return results, nil
	}
	made := forkOf(t, zip, otherPath, otherVersion, f.sum)
	f.made = filepath.Join(t.TempDir(), "made")
	if err := made.WriteTree(f.made, false, false); err != nil {
		t.Fatal(err)
	}
	return f
}

// vendored returns what go mod vendor writes of the fork for a program that does not import
// all of its packages.
func (f *measuredFork) vendored() files {
	v := maps.Clone(f.files)
	for _, name := range []string{"go.mod", "a_test.go", "b/gen.go", "unused/unused.go"} {
		delete(v, name)
	}
	return v
}

// without returns a tree without a file.
func without(tree files, name string) files {
	tree = maps.Clone(tree)
	delete(tree, name)
	return tree
}

// TestForkOfCopy checks that a fork of a release by another name has the answer of that
// release with the patches, whatever release the name is that of.
func TestForkOfCopy(t *testing.T) {
	for _, version := range []string{"v1.0.0", "v1.7.0"} {
		dir := filepath.Join(t.TempDir(), "made")
		made := forkOf(t, at(otherPath, tree(11)).zipOf(t, otherPath, version), otherPath, version, "")
		if err := made.WriteTree(dir, false, false); err != nil {
			t.Fatal(err)
		}
		m := matrix.BuiltModule{Path: otherPath, Version: version, Replaced: &matrix.Replacement{Path: "../made"}, Dir: dir}
		uses, _, err := sources(t).Uses(t.Context(), &matrix.Program{Modules: []matrix.BuiltModule{m}}, new(Seen))
		if err != nil || len(uses) != 1 || uses[0].Fork != "v1.1.0+mend" {
			t.Errorf("%s: got %+v, %v", version, uses, err)
		}
	}
}

// forkOf makes the fork of a version of a module with the patch of the tests.
func forkOf(t *testing.T, zip, path, version, sum string) *fork.Fork {
	t.Helper()
	origin := &matrix.Origin{Kind: matrix.SourceModule, Name: path + "@" + version, Path: path}
	src := matrix.Source{Release: matrix.Release{Version: version, Module: path, Sum: sum, Origin: origin}, Zip: zip}
	made, err := fork.Lay(t.Context(), t.TempDir(), &matrix.Spec{Suite: "fake", Target: matrix.Target{Module: lib}},
		matrix.Row{Release: src.Release, Patches: []matrix.Variant{mend}}, src, fork.Maker{Tool: "v1.2.3", Toolchain: "go1.26.8"})
	if err != nil || made.Conflict != "" {
		t.Fatal(err, made)
	}
	return made
}

// TestForkOfFork checks that a fork of somebody's fork, as matrixrun makes it, has the answer
// that was measured for it, and that a vendor folder with either has one too. Nothing else has.
func TestForkOfFork(t *testing.T) {
	const id = otherPath + "@" + otherVersion
	inFork := &matrix.Replacement{Path: "../made"}
	for name, test := range map[string]struct {
		dir    func(t *testing.T, f *measuredFork) string
		vendor bool
		want   string // ID of the row that answers; empty if none does
	}{
		"made": {func(_ *testing.T, f *measuredFork) string { return f.made }, false, id + "+mend"},
		"made, changed": {func(t *testing.T, f *measuredFork) string {
			files{"b/d.go": "package b\n"}.add(t, f.made)
			return f.made
		}, false, ""},
		"made, other fork":  {func(_ *testing.T, f *measuredFork) string { f.sum = "h1:other"; return f.made }, false, ""},
		"made, no cache":    {func(_ *testing.T, f *measuredFork) string { f.Cache = ""; return f.made }, false, ""},
		"made, other patch": {func(_ *testing.T, f *measuredFork) string { f.Patches = nil; return f.made }, false, ""},
		"says so": {func(t *testing.T, f *measuredFork) string {
			files{"a.go": f.files["a.go"]}.add(t, f.made)
			return f.made
		}, false, ""},
		"vendored": {func(t *testing.T, f *measuredFork) string { return write(t, f.vendored()) }, true, id},
		"vendored, changed": {func(t *testing.T, f *measuredFork) string {
			return write(t, with(f.vendored(), "b/b.go", "package b\n"))
		}, true, ""},
		"vendored, less": {func(t *testing.T, f *measuredFork) string { return write(t, without(f.vendored(), "b/c.go")) }, true, ""},
		"vendored, patched": {func(t *testing.T, f *measuredFork) string {
			return write(t, with(f.vendored(), "a.go", mended(f.files["a.go"])))
		}, true, id + "+mend"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFork(t)
			m := matrix.BuiltModule{Path: otherPath, Version: otherVersion, Dir: test.dir(t, f), Vendored: test.vendor}
			if !test.vendor {
				m.Replaced = inFork
			}
			uses, _, err := f.Uses(t.Context(), &matrix.Program{Modules: []matrix.BuiltModule{m}}, new(Seen))
			if err != nil || len(uses) != 1 {
				t.Fatalf("got %+v, %v", uses, err)
			}
			got := ""
			if uses[0].Unknown == "" {
				got = f.Row(&uses[0]).ID
			}
			if got != test.want {
				t.Errorf("got %q, want %q: %s", got, test.want, uses[0].Unknown)
			}
		})
	}
}

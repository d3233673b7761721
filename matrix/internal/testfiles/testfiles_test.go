package testfiles_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/internal/testfiles"
)

// tree makes a file system of empty files and of files with contents.
func tree(empty string, files map[string]string) fstest.MapFS {
	t := fstest.MapFS{}
	for name := range strings.FieldsSeq(empty) {
		t[name] = &fstest.MapFile{}
	}
	for name, text := range files {
		t[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return t
}

// TestFind finds what a test needs, and nothing else.
func TestFind(t *testing.T) {
	files := tree("go.mod go.sum README.md cmd/main.go out/results.json testdata/up.txt p/.hidden p/data.json p/asm_amd64.s p/fixtures/x.txt "+
		"p/testdata/deep/a.txt p/testdata/.git/x q/q_test.go q/q.h q/notes.txt q/testdata/unread.txt q/static/a/b.css q/static/.c q/one.txt nested/go.mod nested/n.go r/r.go", map[string]string{
		"p/p.go":      "package p\n\nimport _ \"example.com/app/q\"\n",
		"p/p_test.go": "package p_test\n\nimport (\n\t\"testing\"\n\n\t_ \"example.com/app/missing\"\n\t_ \"example.com/app/other/x\"\n)\n\nfunc TestB(t *testing.T) {}\nfunc Testing(t *testing.T) {}\nfunc TestMain(m *testing.M) {}\n",
		"p/a_test.go": "//go:build old\n\npackage p\n\nfunc TestA(t *testing.T) {}\nfunc (x) TestM(t *testing.T) {}\nfunc Test_low(t *testing.T) {}\nfunc TestBad(",
		"q/q.go":      "package q\n\n//go:embed all:static\n//go:embed \"one.txt\" none*\nvar f embed.FS\n",
	})
	files["p/link.txt"] = &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("data.json")}
	m := testfiles.Module{Files: files, Path: "example.com/app", Others: []string{"example.com/app/other"}, Nested: []string{"./nested"}}
	got, err := m.Find("p")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields("go.mod go.sum nested/go.mod nested/n.go p/.hidden p/a_test.go p/asm_amd64.s p/data.json p/p.go p/p_test.go p/testdata/deep/a.txt " +
		"q/one.txt q/q.go q/q.h q/static/.c q/static/a/b.css testdata/up.txt")
	if diff := cmp.Diff(want, got.Files); diff != "" {
		t.Error(diff)
	}
	tests := []testfiles.Test{{"TestA", "p/a_test.go", 5}, {"Test_low", "p/a_test.go", 7}, {"TestB", "p/p_test.go", 10}}
	if diff := cmp.Diff(tests, got.Tests); diff != "" {
		t.Error(diff)
	}
}

// TestFindNamed finds files that are outside of the folder of a test, and that it names. What
// has packages, or too much, or is a word, is not taken.
func TestFindNamed(t *testing.T) {
	files := tree("a/b/fixtures/x.txt a/b/fixtures/sub/y.txt a/corpus/1.txt a/corpus/2.txt a/one.txt a/two.txt a/cases/1.txt a/more/2.txt lib/l.go lib/l.txt docs/d.md go.mod", map[string]string{
		"a/b/b_test.go": "package b\n\nfunc TestB(t *testing.T) {\n\tos.ReadDir(\"fixtures\")\n\tfilepath.Glob(`../corpus/*.txt`)\n\tos.Open(\"../../lib\")\n" +
			"\tos.Open(\"../one.txt\")\n\tos.Open(\"..\")\n\tos.Open(\"../../../out\")\n\tos.Open(\"/docs\")\n\tos.Open(\"huge\")\n\tfilepath.Glob(filepath.Join(\"..\", \"cases\", \"*.txt\"))\n\tos.Open(filepath.Join(\"..\", \"mo\"+\"re\", name))\n\tos.Open(filepath.Join(\"..\", name))\n\tos.Open(\"../../lib/l.go\")\n}\n",
		"a/b/c.go": "package b\n\nimport _ \"m/c\"\n",
		"c/c.go":   "package c\n\nconst name = \"../docs\"\n",
	})
	for i := range 1_001 {
		files[fmt.Sprintf("a/b/huge/%d", i)] = &fstest.MapFile{}
	}
	got, err := testfiles.Module{Files: files, Path: "m"}.Find("a/b")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields("a/b/b_test.go a/b/c.go a/b/fixtures/sub/y.txt a/b/fixtures/x.txt a/cases/1.txt a/corpus/1.txt a/corpus/2.txt a/more/2.txt a/one.txt c/c.go go.mod lib/l.go")
	if diff := cmp.Diff(want, got.Files); diff != "" {
		t.Error(diff)
	}
}

// TestFindAside leaves out files that belong to somebody else.
func TestFindAside(t *testing.T) {
	m := testfiles.Module{Files: tree("a_test.go matrix.yaml", nil), Path: "m", Aside: []string{"matrix.yaml"}}
	got, err := m.Find(".")
	if err != nil || len(got.Files) != 1 || got.Files[0] != "a_test.go" {
		t.Errorf("%v, %v", got.Files, err)
	}
}

// TestFindNothing looks for a package in a folder that is not there, and one that is too
// large.
func TestFindNothing(t *testing.T) {
	m := testfiles.Module{Files: tree("a.go", nil), Path: "m"}
	if _, err := m.Find("x"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	large := fstest.MapFS{}
	for i := range 20_001 {
		large["testdata/"+strings.Repeat("x", i%200)+string(rune('0'+i/200))] = &fstest.MapFile{}
	}
	var tooMuch *testfiles.TooMuchError
	if _, err := (testfiles.Module{Files: large, Path: "m"}).Find("."); !errors.As(err, &tooMuch) {
		t.Error(err)
	}
}

package testfiles_test

import (
	"errors"
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

package seek

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/matrixrun/matrixrun/matrix/spec"
)

// TestPattern reads patterns as the go command does.
func TestPattern(t *testing.T) {
	for _, tt := range []struct {
		pattern, dir string
		deep         bool
	}{
		{"", ".", false},
		{".", ".", false},
		{"...", ".", true},
		{"./...", ".", true},
		{"../...", "..", true},
		{"a/...", "a", true},
		{"./a/b/", "a/b", false},
		{"a...", "a...", false},
		{"/...", "/", true},
		{"/a/...", "/a", true},
		{"/a", "/a", false},
	} {
		if dir, deep := Pattern(tt.pattern); dir != tt.dir || deep != tt.deep {
			t.Errorf("Pattern(%q) = %q, %v, want %q, %v", tt.pattern, dir, deep, tt.dir, tt.deep)
		}
	}
}

// TestPackages finds the packages with the named tests, and prefers those that import the
// target. Folders that the go command leaves out are not searched.
func TestPackages(t *testing.T) {
	const imports = "import _ \"example.com/lib/sub\"\n"
	file := func(before, test string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("package p\n" + before + "func " + test + "(t *testing.T) {}\n")}
	}
	root := fstest.MapFS{
		"near/a_test.go":       file(imports, "TestA"),
		"far/a_test.go":        file("", "TestA"),
		"far/only_test.go":     file("", "TestFar"),
		"through/p.go":         {Data: []byte("package p\n" + imports)},
		"through/p_test.go":    file("", "TestThrough"),
		"testdata/a_test.go":   file(imports, "TestA"),
		"other/go.mod":         {Data: []byte("module example.com/other\n")},
		"other/sub/a_test.go":  file(imports, "TestA"),
		"near/below/a_test.go": file(imports, "TestA"),
	}
	folders := func(found []Package) (folders []string) {
		for _, p := range found {
			folders = append(folders, p.Folder)
		}
		return folders
	}
	names := func(tests []spec.TestOf) (names []string) {
		for _, t := range tests {
			names = append(names, t.Package+"."+t.Name)
		}
		return names
	}
	for _, tt := range []struct {
		dir         string
		deep        bool
		about, left []string
	}{
		{".", true, []string{"near.TestA", "near/below.TestA"}, []string{"far.TestA", "far.TestFar", "through.TestThrough"}},
		{"near", false, []string{"near.TestA"}, nil},
		{"far", true, nil, []string{"far.TestA", "far.TestFar"}},
		{"through", true, []string{"through.TestThrough"}, nil},
	} {
		about, left, err := Packages(root, tt.dir, tt.deep, "example.com/lib")
		if err != nil || !slices.Equal(names(about), tt.about) || !slices.Equal(names(left), tt.left) {
			t.Errorf("Packages(%q, %v) = %q and %q, %v, want %q and %q", tt.dir, tt.deep, names(about), names(left), err, tt.about, tt.left)
		}
	}
	for name, want := range map[string][]string{
		"TestA":       {"near", "near/below"},
		"TestFar":     {"far"},
		"TestThrough": {"through"},
		"TestNone":    nil,
	} {
		found, err := Named(root, ".", true, "example.com/lib", []string{"TestFar", "TestA", name})
		if got := folders(found[name]); err != nil || !slices.Equal(got, want) {
			t.Errorf("Named(%q) = %q, %v, want %q", name, got, err, want)
		}
	}
}

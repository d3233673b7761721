package seek

import (
	"slices"
	"testing"
	"testing/fstest"
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
	for _, tt := range []struct {
		dir   string
		deep  bool
		names []string
		want  []string
	}{
		{".", true, nil, []string{"near", "near/below"}},
		{".", true, []string{"TestA"}, []string{"near", "near/below"}},
		{".", true, []string{"TestFar"}, []string{"far"}},
		{".", true, []string{"TestA", "TestFar"}, []string{"far"}},
		{".", true, []string{"TestNone"}, nil},
		{"near", false, nil, []string{"near"}},
		{"far", true, nil, nil},
		{"through", true, nil, []string{"through"}},
	} {
		found, err := Packages(root, tt.dir, tt.deep, "example.com/lib", tt.names)
		var folders []string
		for _, p := range found {
			folders = append(folders, p.Folder)
		}
		if err != nil || !slices.Equal(folders, tt.want) {
			t.Errorf("Packages(%q, %v, %q) = %q, %v, want %q", tt.dir, tt.deep, tt.names, folders, err, tt.want)
		}
	}
}

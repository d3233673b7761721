package matrix

import (
	"path"
	"slices"
	"strings"
)

// testdata is the name of folders that the go command ignores. Tests keep their files in
// them.
const testdata = "testdata"

// IsTest reports whether a file of a module is only there for tests: it is a test file, or
// below a testdata folder. The name is slash-separated and relative to the module's root.
func IsTest(name string) bool {
	return strings.HasSuffix(name, "_test.go") || slices.Contains(strings.Split(path.Dir(name), "/"), testdata)
}

// PackageOf returns the folder of the package that a file of a module belongs to, "." for
// the root. What is below a testdata folder belongs to the package above that folder.
func PackageOf(name string) string {
	folders := strings.Split(path.Dir(name), "/")
	if i := slices.Index(folders, testdata); i >= 0 {
		folders = folders[:i]
	}
	return path.Clean(path.Join(folders...))
}

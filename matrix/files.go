package matrix

import (
	"path"
	"slices"
	"strconv"
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

// EmbedDirective begins the lines of a Go file whose patterns name the files to embed
// (https://pkg.go.dev/embed).
const EmbedDirective = "//go:embed"

// EmbedPatterns returns the patterns in some lines of a Go file, without "all:". They are
// separated by blanks, and may be quoted.
func EmbedPatterns(lines []string) (patterns []string) {
	for _, line := range lines {
		rest, ok := strings.CutPrefix(line, EmbedDirective)
		for rest = strings.TrimSpace(rest); ok && rest != ""; rest = strings.TrimSpace(rest) {
			pattern, err := strconv.QuotedPrefix(rest)
			if err != nil {
				pattern = strings.Fields(rest)[0]
			}
			rest = rest[len(pattern):]
			if plain, err := strconv.Unquote(pattern); err == nil {
				pattern = plain
			}
			patterns = append(patterns, strings.TrimPrefix(pattern, "all:"))
		}
	}
	return patterns
}

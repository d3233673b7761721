package build_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// TestPackages compiles every package of a module, also one that no other package
// imports, and leaves the folder unchanged.
func TestPackages(t *testing.T) {
	tests := []struct {
		name, file, text string
		want             string // of the complaint
		fails            string // of the error
	}{
		{name: "all compile"},
		{"one that nobody imports", "target/extra/extra.go", "package extra\n\nvar X int = \"\"\n", "extra/extra.go:3:", ""},
		{"a package that is not there", "target/extra/extra.go", "package extra\n\nimport _ \"example.com/lib/none\"\n", "example.com/lib/none", ""},
		{"a test", "target/lib_test.go", "package lib\n\nvar X int = \"\"\n", "", ""},
		{"a module that cannot be had", "target/go.mod", "module example.com/lib\n\ngo 1.16\n\nrequire example.com/dep v1.0.0\n", "", "GOPROXY=off"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"target/cmd/one/main.go": "package main\n\nfunc main() {}\n"}
			if test.file != "" {
				files[test.file] = test.text
			}
			if test.fails != "" {
				files["target/dep.go"] = "package lib\n\nimport _ \"example.com/dep\"\n"
				files["target/go.sum"] = "example.com/dep v1.0.0 h1:" + strings.Repeat("A", 43) + "=\nexample.com/dep v1.0.0/go.mod h1:" + strings.Repeat("A", 43) + "=\n"
			}
			dir := filepath.Join(filepath.Dir(lay(t, files).Dir), "target")
			before := names(t, dir)
			got, err := build.Packages(t.Context(), new(gocmd.Go), dir, matrix.Row{Adapter: matrix.Adapter{Tags: []string{"none"}}}, build.Options{})
			if (err != nil) != (test.fails != "") || err != nil && !strings.Contains(err.Error(), test.fails) {
				t.Errorf("error is %v, want one with %q", err, test.fails)
			}
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) || strings.Contains(got, filepath.Dir(dir)) {
				t.Errorf("complaint is %q, want it with %q", got, test.want)
			}
			if d := cmp.Diff(before, names(t, dir)); d != "" {
				t.Errorf("building changed the folder (-before +after):\n%s", d)
			}
		})
	}
}

// names lists the files below a folder.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.Walk(dir, func(path string, _ os.FileInfo, err error) error {
		all = append(all, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

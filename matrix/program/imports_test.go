package program

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// TestUnlisted checks that what a program imports and its go.mod does not require is never
// taken for nothing, and neither is code in a folder that is not looked at.
func TestUnlisted(t *testing.T) {
	const untidy = "go 1.20\nrequire example.com/mid v1.0.0" // mid imports lib
	for name, test := range map[string]struct {
		files   map[string]string
		goflags string
		summed  bool   // go.sum is complete
		link    string // name of a link to the folder copy
		want    string
		rules   string // if the rules alone find out something else
	}{
		"imported by a dependency":  {files: app(untidy, "example.com/mid"), summed: true, want: "example.com/mid imports example.com/lib, which is in none"},
		"completed for want of sum": {files: app(untidy, "example.com/mid"), rules: "example.com/mid imports example.com/lib, which is in none"},
		"completed by -mod=mod":     {files: app(untidy, "example.com/mid"), goflags: "-mod=mod", rules: "example.com/mid imports example.com/lib, which is in none"},
		"imported by a tool":        {files: app("go 1.24\ntool example.com/mid\nrequire example.com/mid v1.0.0"), summed: true, want: "example.com/mid imports example.com/lib, which is in none"},
		"completed for a tool":      {files: app("go 1.24\ntool example.com/mid\nrequire example.com/mid v1.0.0"), rules: "example.com/mid imports example.com/lib, which is in none"},
		"a tool in no module":       {files: app("go 1.24\ntool example.com/lib"), want: "go.mod names the tool example.com/lib, which is in none"},
		"overlay":                   {files: join(app("go 1.20"), map[string]string{"o.json": "{}"}), goflags: "-overlay=o.json", want: "GOFLAGS has -overlay=o.json"},
		"only in a test":            {files: join(app("go 1.20"), map[string]string{"a_test.go": "package main\nimport _ \"example.com/lib\"\n"}), want: "example.com/app imports example.com/lib"},
		"under a tag":               {files: join(app("go 1.20"), map[string]string{"a.go": "//go:build !linux && x\npackage main\nimport _ \"example.com/lib\"\n"}), want: "example.com/app imports example.com/lib"},
		"in no build":               {files: join(app("go 1.20"), map[string]string{"a.go": "//go:build ignore\n\npackage main\nimport _ \"example.com/lib\"\n"})},
		"in testdata":               {files: join(app("go 1.20"), map[string]string{"testdata/a.go": "package main\nimport _ \"example.com/lib\"\n"})},
		"imported from testdata":    {files: join(app("go 1.20", "example.com/app/testdata/a"), map[string]string{"testdata/a/a.go": "package a\nimport _ \"example.com/lib\"\n"}), want: "example.com/app/testdata/a imports example.com/lib"},
		"imported through a link":   {files: join(app("go 1.20", "example.com/app/linked/a"), map[string]string{"copy/a/a.go": "package a\n"}), link: "linked", want: "example.com/app imports example.com/app/linked/a, whose folder linked is a link"},
		"generated, and not there":  {files: app("go 1.20", "example.com/app/gen")},
		"no Go code in a Go file":   {files: join(app("go 1.20"), map[string]string{"a.go": "import import\x00"})},
		"a module of its own below": {files: join(app("go 1.20"), in("below", app("go 1.20", "example.com/lib")))},
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, test.files)
			if test.link != "" {
				if err := os.Symlink(filepath.Join(dir, "copy"), filepath.Join(dir, test.link)); err != nil {
					t.Skip("there are no links here: ", err)
				}
			}
			serve(t)
			if test.summed {
				sumUp(t, test.files["go.mod"])
			}
			t.Setenv("GOFLAGS", strings.TrimSpace("-modcacherw "+test.goflags))
			for _, o := range []Options{{}, {FilesOnly: true}} {
				p, err := Read(t.Context(), "", o)
				if err != nil {
					t.Fatal(err)
				}
				want := test.want
				if o.FilesOnly && test.rules != "" {
					want = test.rules
				}
				if !strings.HasPrefix(p.Partial, want) || want == "" && p.Partial != "" {
					t.Errorf("%+v: got %q, want %q", o, p.Partial, want)
				}
			}
		})
	}
}

// TestIgnoredFolders checks that packages that the program imports are part of its code
// although patterns do not match them.
func TestIgnoredFolders(t *testing.T) {
	write(t, join(app("go 1.20", "example.com/app/_a", "example.com/app/testdata/b"), map[string]string{
		"_a/a.go": "package a\nimport _ \"example.com/app/c\"\n", "testdata/b/b.go": "package b\n", "testdata/d/d.go": "package d\n", "c/c.go": "package c\n",
	}))
	p, err := Read(t.Context(), "", Options{FilesOnly: true})
	if err != nil || p.Partial != "" {
		t.Fatal(p, err)
	}
	slices.Sort(p.Modules[0].Ignored)
	if diff := cmp.Diff([]string{"_a", "testdata/b"}, p.Modules[0].Ignored); diff != "" {
		t.Error(diff)
	}
}

// sumUp writes the go.sum of the module in the working folder, and leaves its go.mod alone.
func sumUp(t *testing.T, goMod string) {
	t.Helper()
	_, err := (&gocmd.Go{}).Run(t.Context(), gocmd.Call{Own: true, Args: []string{"mod", "tidy"}})
	if err := errors.Join(err, os.WriteFile("go.mod", []byte(goMod), 0o666)); err != nil {
		t.Fatal(err)
	}
}

// TestPartOfList checks that a list without all modules of a build is not taken for
// a complete one.
func TestPartOfList(t *testing.T) {
	dir := write(t, app("go 1.20\nrequire example.com/lib v1.0.0", "example.com/lib"))
	list := `{"Path": "example.com/app", "Main": true, "Dir": "` + filepath.ToSlash(dir) + `"}`
	for name, test := range map[string]struct{ list, want string }{
		"main module only": {list, "the list does not have example.com/lib, which the go.mod of example.com/app requires"},
		"no main module":   {`{"Path": "example.com/lib", "Version": "v1.0.0"}`, "the list has no main module"},
		"modules.txt":      {"# example.com/lib v1.0.0\n## explicit\nexample.com/lib\n", "a modules.txt does not name the main module"},
		"all":              {list + `{"Path": "example.com/lib", "Version": "v1.0.0"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Read(t.Context(), "-", Options{Stdin: strings.NewReader(test.list), FilesOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(p.Partial, test.want) || test.want == "" && p.Partial != "" {
				t.Errorf("got %q, want %q", p.Partial, test.want)
			}
		})
	}
}

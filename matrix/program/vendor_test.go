package program

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// vendoredApp is a module whose vendor folder has lib, in place of a fork, and nothing of
// idle. The module cache has nothing.
var vendoredApp = join(app("go 1.20\nrequire example.com/lib v1.0.0\nrequire example.com/idle v1.0.0\nreplace example.com/lib => example.com/fork v1.1.1", "example.com/lib"), map[string]string{
	"vendor/modules.txt":              "# example.com/idle v1.0.0\n## explicit\n# example.com/lib v1.0.0 => example.com/fork v1.1.1\n## explicit; go 1.20\nexample.com/lib\n# example.com/lib => example.com/fork v1.1.1\n",
	"vendor/example.com/lib/lib.go":   "package lib\n",
	"vendor/example.com/lib/fork.txt": "a file that go mod vendor does not copy\n",
})

// TestVendor checks a vendor folder, by each name that it has, with and without the go
// command.
func TestVendor(t *testing.T) {
	dir := write(t, vendoredApp)
	serve(t)
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOFLAGS", "")
	before := snapshot(t, dir)
	for name, kind := range map[string]matrix.InputKind{".": matrix.InputGoMod, "vendor": matrix.InputVendor, "vendor/modules.txt": matrix.InputVendor} {
		for _, o := range []Options{{}, {FilesOnly: true}} {
			p, err := Read(t.Context(), name, o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"example.com/lib v1.0.0 => example.com/fork v1.1.1, go.mod:05"}, built(p)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", name, diff)
			}
			lib := p.Modules[1]
			if want := dir + "/vendor/example.com/lib"; lib.Dir != want || !lib.Vendored || lib.Go != "1.20" {
				t.Errorf("%s: got %+v, want it vendored in %s", name, lib, want)
			}
			if p.Input.Resolved != !o.FilesOnly || p.Input.Kind != kind || p.Vendor != dir+"/vendor" || p.Dir != dir {
				t.Errorf("%s: got %+v", name, p)
			}
		}
	}
	if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
		t.Errorf("the user's files changed: -before +after:\n%s", diff)
	}
}

// TestVendorDisagrees checks that a vendor folder which does not agree with go.mod is
// not called resolved.
func TestVendorDisagrees(t *testing.T) {
	write(t, join(vendoredApp, app("go 1.20\nrequire example.com/lib v1.1.0")))
	serve(t)
	p, err := Read(t.Context(), ".", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Input.Resolved || !strings.Contains(p.Input.Note, "inconsistent vendoring") || p.Modules[1].Version != "v1.0.0" {
		t.Errorf("got %+v", p)
	}
}

// TestVendorIsNotUsed checks when the go command does not use a vendor folder.
func TestVendorIsNotUsed(t *testing.T) {
	for name, test := range map[string]struct {
		files   map[string]string
		goflags string
	}{
		"-mod=mod":        {vendoredApp, "-mod=mod"},
		"before 1.14":     {join(vendoredApp, app("go 1.13\nrequire example.com/lib v1.0.0")), ""},
		"no go line":      {join(vendoredApp, app("require example.com/lib v1.0.0")), ""},
		"for a workspace": {join(vendoredApp, map[string]string{"vendor/modules.txt": "## workspace\n# example.com/lib v1.0.0\nexample.com/lib\n"}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, test.files)
			t.Setenv("GOFLAGS", test.goflags)
			p, err := Read(t.Context(), ".", Options{FilesOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			if p.Vendor != "" || p.Modules[1].Vendored {
				t.Errorf("got %+v, want the vendor folder not used", p)
			}
		})
	}
}

// TestVendoredWorkspace checks the vendor folder of a workspace.
func TestVendoredWorkspace(t *testing.T) {
	dir := write(t, join(in("a", app("go 1.23\nrequire example.com/lib v1.0.0", "example.com/lib")), map[string]string{
		"go.work":                       "go 1.23\nuse ./a\n",
		"vendor/modules.txt":            "## workspace\n# example.com/lib v1.0.0\n## explicit; go 1.20\nexample.com/lib\n",
		"vendor/example.com/lib/lib.go": "package lib\n",
	}))
	serve(t)
	t.Setenv("GOFLAGS", "")
	for _, name := range []string{"a", ".", "vendor"} {
		p, err := Read(t.Context(), name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"example.com/lib v1.0.0, a/go.mod:03"}, built(p)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if !p.Input.Resolved || p.Vendor != dir+"/vendor" || p.Work != dir+"/go.work" {
			t.Errorf("%s: got %+v", name, p)
		}
	}
}

// TestModulesTxt checks a modules.txt without its folder, and all mistakes in one.
func TestModulesTxt(t *testing.T) {
	write(t, map[string]string{"some.txt": vendoredApp["vendor/modules.txt"], "modules.txt": "example.com/early\n# example.com/lib\n# example.com/lib v1.0.0\nexample.com/lib\nnot a package\n# example.com/lib v1.0.0 => example.com/fork v1 v2\n"})
	serve(t)
	p, err := Read(t.Context(), "some.txt", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"example.com/lib v1.0.0 => example.com/fork v1.1.1, some.txt:03"}, built(p)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if m := p.Modules[0]; m.Vendored || m.Dir == "" || p.Input.Resolved {
		t.Errorf("got %+v, want it in the module cache", m)
	}
	_, err = Read(t.Context(), "modules.txt", Options{FilesOnly: true})
	if err == nil {
		t.Fatal("got no error for a wrong modules.txt")
	}
	var got []string
	for _, line := range strings.Split(err.Error(), "\n") {
		head, _, _ := strings.Cut(line, " ")
		got = append(got, head)
	}
	if diff := cmp.Diff([]string{"modules.txt:1:", "modules.txt:2:", "modules.txt:5:", "modules.txt:6:"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestNoModulesTxt checks a vendor folder without its list.
func TestNoModulesTxt(t *testing.T) {
	write(t, app("go 1.20"))
	if err := os.MkdirAll("vendor/example.com", 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := Read(t.Context(), ".", Options{FilesOnly: true})
	if err == nil || !strings.Contains(err.Error(), "vendor/modules.txt: reading the list of vendored modules: no such file or directory") {
		t.Errorf("got %v", err)
	}
}

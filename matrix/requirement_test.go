package matrix

import (
	"testing"

	"golang.org/x/mod/module"
)

// TestRequirement reads requirements back from complaints.
func TestRequirement(t *testing.T) {
	by, of := module.Version{Path: "example.com/By", Version: "v1.0.0"}, module.Version{Path: "gopkg.in/of.v2", Version: "v2.4.0+incompatible"}
	for _, r := range []Requirement{{By: by, Of: of}, {By: by, Of: of, Has: "v2.5.0-0.20200101000000-0123456789ab"}} {
		for _, complaint := range []string{"# a\na.go:1: undefined: b.C\n" + r.String(), "undefined: b.C (" + r.String() + ")"} {
			if got, ok := RequirementIn(complaint); !ok || got != r {
				t.Errorf("%q: %v, %v", complaint, got, ok)
			}
		}
	}
	if r, ok := RequirementIn("a.go:1: it requires example.com/lib v1.0.0"); ok {
		t.Error(r)
	}
}

// TestModuleOf checks whose code a complaint is about.
func TestModuleOf(t *testing.T) {
	for complaint, want := range map[string]string{
		"# example.com/Up/sub\n$GOMODCACHE/example.com/!up@v1.0.0/sub/a.go:1:2: undefined: b.C":   "example.com/Up@v1.0.0",
		"$GOMODCACHE\\example.com\\up@v2.0.0+incompatible\\a.go:1:2: undefined: b.C":              "example.com/up@v2.0.0+incompatible",
		"# example.com/lib\n../target/a.go:1:2: undefined: b.C":                                   "target",
		"# example.com/app\nsub/a.go:1:2: undefined: b.C\n$GOMODCACHE/example.com/up@v1.0.0/a.go": "reproduction",
		"./a.go:1:2: undefined: b.C":                              "reproduction",
		"build constraints exclude all Go files in $GOROOT/src/x": "",
	} {
		got := ""
		if m, ok := ModuleOf(complaint); ok {
			got = m.String()
		} else if InTarget(complaint) {
			got = "target"
		} else if InReproduction(complaint) {
			got = "reproduction"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", complaint, got, want)
		}
	}
}

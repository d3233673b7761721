package matrix_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestRowID(t *testing.T) {
	for text, want := range map[string]matrix.RowID{
		"v1.0.0":                         {Version: "v1.0.0"},
		"v1.0.0-rc.1+drop-a":             {Version: "v1.0.0-rc.1", Patches: []string{"drop-a"}},
		"v1.0.0+drop-a+drop-b":           {Version: "v1.0.0", Patches: []string{"drop-a", "drop-b"}},
		"v1.0.0+./patches/drop-a":        {Version: "v1.0.0", Patches: []string{"./patches/drop-a"}},
		"v2.0.0+incompatible":            {Version: "v2.0.0+incompatible"},
		"v2.0.0+incompatible+drop-a":     {Version: "v2.0.0+incompatible", Patches: []string{"drop-a"}},
		"v2.0.0+incompatible+a+b":        {Version: "v2.0.0+incompatible", Patches: []string{"a", "b"}},
		"v2.0.0+incompatible-with-tests": {Version: "v2.0.0", Patches: []string{"incompatible-with-tests"}},
		"v1.0.0@go1.21.13":               {Version: "v1.0.0@go1.21.13"},
		"v1.0.0@go1.21.13+a":             {Version: "v1.0.0@go1.21.13", Patches: []string{"a"}},
		"v2.0.0+incompatible@go1.20":     {Version: "v2.0.0+incompatible@go1.20"},
		"v2.0.0+incompatible@go1.20+a+b": {Version: "v2.0.0+incompatible@go1.20", Patches: []string{"a", "b"}},
		"":                               {},
	} {
		got := matrix.ParseRowID(text)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", text, diff)
		}
		if got.String() != text {
			t.Errorf("%q: written as %q", text, got)
		}
	}
}

func TestPatchNames(t *testing.T) {
	row := matrix.Row{Patches: []matrix.Variant{{Patch: "b"}, {Patch: "a"}}}
	result := matrix.RowResult{Patches: []matrix.Applied{{Name: "b"}, {Name: "a"}}}
	for _, got := range [][]string{row.PatchNames(), result.PatchNames()} {
		if diff := cmp.Diff([]string{"b", "a"}, got); diff != "" {
			t.Error(diff)
		}
	}
	if (&matrix.Row{}).PatchNames() == nil || (&matrix.RowResult{}).PatchNames() == nil {
		t.Error("the names of no patches are nil")
	}
}

// TestRowIDOfOthers checks that the names of forks, folders and commits are read as they
// were written, and are the names of no releases.
func TestRowIDOfOthers(t *testing.T) {
	for _, id := range []matrix.RowID{
		{Version: "example.com/fork@v1.2.3"},
		{Version: "example.com/fork@v2.0.0+incompatible", Patches: []string{"mend"}},
		{Version: "dir@0123456789ab", Patches: []string{"mend", "other"}},
		{Version: "release-1/x@0123456789ab"},
	} {
		got := matrix.ParseRowID(id.String())
		if got.Version != id.Version || !slices.Equal(got.Patches, id.Patches) || got.IsRelease() {
			t.Errorf("%s: got %+v", id, got)
		}
		if folder := matrix.RowFolder(id.String()); strings.Contains(folder, "/") {
			t.Errorf("%s: the folder is %s", id, folder)
		}
	}
	if !matrix.ParseRowID("v2.0.0+incompatible+mend").IsRelease() {
		t.Error("a release is not one")
	}
}

// TestRowIDToolchain reads the names that WithToolchain makes, and takes no others for one.
func TestRowIDToolchain(t *testing.T) {
	for text, want := range map[string][2]string{
		"v1.0.0@go1.21.13":                   {"v1.0.0", "go1.21.13"},
		"v2.0.0+incompatible@go1.20+a":       {"v2.0.0+incompatible", "go1.20"},
		"v1.0.0":                             {},
		"v1.0.0+a":                           {},
		"example.com/fork@v1.2.3":            {},
		"golang.example/go@v1.2.3":           {},
		"dir@0123456789ab":                   {},
		"v1.0.0@0123456789ab":                {}, // a commit that somebody has tagged
		"release/go1.21@fedcba9876":          {},
		"v1.0.0-20240102120000-0123456789ab": {},
	} {
		id := matrix.ParseRowID(text)
		version, toolchain, ok := id.Toolchain()
		if ok != (want[1] != "") || version != want[0] || toolchain != want[1] {
			t.Errorf("%s: got %q, %q, %v, want %q", text, version, toolchain, ok, want)
		}
		if ok && (matrix.WithToolchain(version, toolchain) != id.Version || id.IsRelease()) {
			t.Errorf("%s: it is taken for a release, or written as %s", text, matrix.WithToolchain(version, toolchain))
		}
	}
}

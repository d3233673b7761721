package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

const diffText = "diff --git a/x.go b/x.go\n--- a/x.go\n+++ b/x.go\n@@ -1 +1 @@\n-a\r\n+b\r\n"

const goodHeader = "Description: stop the leak\nReleases: >= 0.40\n"

func patchFolder(files ...string) fstest.MapFS {
	folder := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		folder[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return folder
}

func TestLoadPatch(t *testing.T) {
	head := "Description: stop the leak\r\n of old streams\r\n .\r\n\tand more\r\nOrigin: own\r\nLicense: MIT\r\nBUG: https://example.com/1\r\n" +
		"Bug-Debian: 2\r\n with more words\r\nApplied-Upstream: no\r\nReleases: >= 0.40,\r\n < 0.50\r\nFixes: after-*, late-both\r\n  retry\r\n\r\n"
	got, err := LoadPatch(patchFolder("b.patch", head+diffText, "a.diff", goodHeader+"\n"+diffText, "README.md", "no patch"), "patches/drop")
	if err != nil {
		t.Fatal(err)
	}
	want := matrix.Variant{
		Patch: "drop", File: "patches/drop/b.patch",
		Description: "stop the leak\nof old streams\n\nand more",
		Origin:      "own", License: "MIT", Bug: "https://example.com/1", Applied: "no",
		Releases: matrix.MustConstraint(">= 0.40, < 0.50"),
		Fixes:    []string{"after-*", "late-both", "retry"},
		Diff:     []byte(diffText), // with the line ends of the file that it changes
		SHA256:   strings.TrimPrefix(digest([]byte(head+diffText)), "sha256:"),

		ReleasesLine: 11, FixesLine: 13, DiffLine: 16,
	}
	if got.Name != "drop" || len(got.Variants) != 2 || got.Variants[0].File != "patches/drop/a.diff" {
		t.Fatalf("got %+v", got)
	}
	sameText := cmp.Comparer(func(a, b matrix.Constraint) bool { return a.String() == b.String() })
	if diff := cmp.Diff(want, got.Variants[1], sameText); diff != "" {
		t.Error(diff)
	}
	if v, ok := got.For("v0.47.0"); !ok || v.File != "patches/drop/a.diff" {
		t.Errorf("For(v0.47.0) = %v, %v", v.File, ok)
	}
}

// TestHeaderEnd checks that a header ends at the first line that starts a diff, whatever
// program wrote that.
func TestHeaderEnd(t *testing.T) {
	unified := "--- a/x.go\n+++ b/x.go\n@@ -1 +1 @@\n-a\n+b\n"
	tests := []struct{ name, after, diff string }{
		{"git", diffText, diffText},
		{"plain diff", unified, unified},
		{"svn", "Index: x.go\n" + unified, "Index: x.go\n" + unified},
		{"dashes alone", "---\n x.go | 2 +-\n\n" + diffText, " x.go | 2 +-\n\n" + diffText},
		{"dashes and CR", "---\r\n" + diffText, diffText},
		{"no final newline", strings.TrimSuffix(unified, "\n"), strings.TrimSuffix(unified, "\n")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := LoadPatch(patchFolder("a.patch", goodHeader+test.after), "p")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.diff, string(got.Variants[0].Diff)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLoadPatchMistakes(t *testing.T) {
	tests := []struct {
		name, data string
		want       []string
	}{
		{"unknown field", "Relases: > 1\nZzz: 1\n" + goodHeader + diffText, []string{
			`p/a.patch:1: unknown field "Relases": did you mean "Releases"?`,
			`p/a.patch:2: unknown field "Zzz": want one of Description, Origin, License, Bug, Applied-Upstream, Releases, Fixes`}},
		{"field twice", goodHeader + "releases: < 1\n" + diffText, []string{"p/a.patch:3: Releases is already on line 2: remove one of the two"}},
		{"nothing required", "Origin: own\n" + diffText, []string{
			`p/a.patch: has no field Description: add "Description: one line on what it changes and why" to its header`,
			`p/a.patch: has no field Releases: add "Releases: >= 0.44, < 0.50" to its header`}},
		{"no header", diffText, []string{
			`p/a.patch: has no field Description: add "Description: one line on what it changes and why" to its header`,
			`p/a.patch: has no field Releases: add "Releases: >= 0.44, < 0.50" to its header`}},
		{"empty fields", "Description:\nReleases: \n" + diffText, []string{
			`p/a.patch:1: Description is empty: want a value such as "one line on what it changes and why"`,
			`p/a.patch:2: Releases is empty: want a value such as ">= 0.44, < 0.50"`}},
		{"bad constraint", "Description: x\nReleases: soon\n" + diffText, []string{
			`p/a.patch:2: Releases: "soon" is not a constraint on versions: want terms such as ">= 0.44, < 0.50"`}},
		{"bad glob", goodHeader + "Fixes: after-*, late-[\n" + diffText, []string{
			`p/a.patch:3: Fixes: "late-[" is not a glob: want a scenario's name, with * for any characters`}},
		{"no diff", goodHeader, []string{"p/a.patch: has no diff: want the output of git diff, git format-patch or diff -u"}},
		{"refused diff", goodHeader + "\n--- a/x.go\n+++ b/../x.go\n@@ -1 +1 @@\n-a\n+b\n", []string{
			`p/a.patch:4: the path "../x.go" has a ".." in it: name files relative to the module's root`}},
		{"words and no diff", goodHeader + "---\n x.go | 2 +-\n", []string{"p/a.patch: has no diff: want the output of git diff, git format-patch or diff -u"}},
		{"no field", goodHeader + "some words: here\n" + diffText, []string{
			`p/a.patch:3: "some words: here" is not a header field: want "Name: text", or a leading blank to continue the field above`}},
		{"continues nothing", " words\n" + goodHeader + diffText, []string{"p/a.patch:1: starts with a blank, but there is no field above to continue"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := LoadPatch(patchFolder("a.patch", test.data), "p")
			wantProblems(t, err, test.want)
		})
	}
}

func TestLoadPatchFolder(t *testing.T) {
	_, err := LoadPatch(patchFolder("README.md", "x"), "patches/none here")
	wantProblems(t, err, []string{
		`patches/none here: "none here" is not a valid name for a patch: want letters, digits, dots, dashes`,
		"patches/none here: has no patches: want unified diffs with a header, in files named *.patch or *.diff",
	})
	_, err = LoadPatch(os.DirFS(filepath.Join(t.TempDir(), "nowhere")), "patches/nowhere")
	wantProblems(t, err, []string{"patches/nowhere: there is no such folder"})
	_, err = LoadPatch(patchFolder("a.patch", goodHeader+diffText), "patches/incompatible")
	wantProblems(t, err, []string{
		"patches/incompatible: a patch cannot have the name incompatible, which ends versions such as v2.0.0+incompatible: rename the folder",
	})
	// The mistakes of all files are returned together.
	_, err = LoadPatch(patchFolder("a.patch", goodHeader, "b.patch", goodHeader), "p")
	wantProblems(t, err, []string{
		"p/a.patch: has no diff: want the output of git diff, git format-patch or diff -u",
		"p/b.patch: has no diff: want the output of git diff, git format-patch or diff -u",
	})
}

func TestCheckPatch(t *testing.T) {
	releases := []matrix.Release{{Version: "v0.1.0"}, {Version: "v0.2.0"}, {Version: "v0.3.0"}, {Version: "v0.4.0"}}
	scenarios := []matrix.Scenario{{Name: "after-read"}, {Name: "late-both"}}
	variant := func(file, constraint string, fixes ...string) matrix.Variant {
		return matrix.Variant{File: file, Releases: matrix.MustConstraint(constraint), Fixes: fixes, ReleasesLine: 2, FixesLine: 3}
	}
	tests := []struct {
		name     string
		variants []matrix.Variant
		want     []string
	}{
		{"apart", []matrix.Variant{variant("a", "< 0.2", "after-*"), variant("b", ">= 0.2", "late-both")}, nil},
		// The two ranges overlap, but no existing release is in both.
		{"apart in fact", []matrix.Variant{variant("a", "<= 0.2.5"), variant("b", "> 0.2.0")}, nil},
		{"overlap", []matrix.Variant{variant("a", "<= 0.2"), variant("b", ">= 0.1"), variant("c", "0.4.0")}, []string{
			`b:2: Releases ">= 0.1" names v0.1.0 and 1 more, as a does with "<= 0.2": at most one variant of a patch may name a release`,
			`c:2: Releases "0.4.0" names v0.4.0, as b does with ">= 0.1": at most one variant of a patch may name a release`}},
		{"glob", []matrix.Variant{variant("a", "< 1", "after-*", "late-boht", "nope*")}, []string{
			`a:3: Fixes: "late-boht" matches no scenario: did you mean "late-both"?`,
			`a:3: Fixes: "nope*" matches no scenario: want one of after-read, late-both`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := CheckPatch(&matrix.Patch{Name: "p", Variants: test.variants}, releases, scenarios)
			if test.want != nil {
				wantProblems(t, err, test.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func ExampleLoadPatch() {
	_, err := LoadPatch(patchFolder("a.patch", "Relases: < 1\n"), "patches/mine")
	fmt.Println(strings.Split(err.Error(), "\n")[0])
	// Output: patches/mine/a.patch:1: unknown field "Relases": did you mean "Releases"?
}

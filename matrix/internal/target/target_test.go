package target

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

type files = modtest.Files

// release makes the module zip of a release.
func release(t *testing.T, version string, tree files) matrix.Source {
	t.Helper()
	const lib = "example.com/lib"
	return matrix.Source{Release: matrix.Release{Version: version, Module: lib}, Zip: modtest.Zip(t, lib, version, tree)}
}

// patch returns a patch that replaces a whole file. The file is new if before is empty,
// and removed if after is.
func patch(name, before, after string) matrix.Variant {
	var b strings.Builder
	b.WriteString("diff --git a/" + name + " b/" + name + "\n")
	old, latest := "a/"+name, "b/"+name
	if before == "" {
		old = "/dev/null"
		b.WriteString("new file mode 100644\n")
	}
	if after == "" {
		latest = "/dev/null"
		b.WriteString("deleted file mode 100644\n")
	}
	b.WriteString("--- " + old + "\n+++ " + latest + "\n")
	b.WriteString("@@ -" + length(before) + " +" + length(after) + " @@\n")
	for line := range strings.Lines(before) {
		b.WriteString("-" + line)
	}
	for line := range strings.Lines(after) {
		b.WriteString("+" + line)
	}
	return matrix.Variant{Patch: "fix", File: "fix.patch", Diff: []byte(b.String())}
}

// length returns the part of a hunk header for one side.
func length(text string) string {
	if text == "" {
		return "0,0"
	}
	return fmt.Sprintf("1,%d", strings.Count(text, "\n"))
}

const (
	plainMod = "module example.com/lib\n\ngo 1.20\n\nrequire example.com/dep v1.0.0\n"
	fullMod  = plainMod + "\nreplace example.com/a => ./a\n\ntool example.com/dep\n"
)

// TestGoMod checks what is kept of a patch to go.mod: its requirements and the version
// of Go, and nothing that counts only in the main module.
func TestGoMod(t *testing.T) {
	tests := []struct {
		name, before, after string
		want                string // the go.mod
		leftOut             []string
	}{
		{"requirements", plainMod, strings.Replace(plainMod, "v1.0.0", "v1.1.0", 1), strings.Replace(plainMod, "v1.0.0", "v1.1.0", 1), nil},
		{"version of Go", plainMod, strings.Replace(plainMod, "1.20", "1.21", 1), strings.Replace(plainMod, "1.20", "1.21", 1), nil},
		{"new", "", plainMod, plainMod, nil},
		{"replace", plainMod, plainMod + "replace example.com/dep => ../../secret\n", plainMod, []string{"go.mod: replace example.com/dep => ../../secret"}},
		{"replace in a block", plainMod, plainMod + "replace (\n\texample.com/b v1.0.0 => example.com/c v1.2.0\n)\n", plainMod,
			[]string{"go.mod: replace example.com/b v1.0.0 => example.com/c v1.2.0"}},
		{"all of them", plainMod, plainMod + "toolchain go1.99.0\ntool example.com/dep/evil\nexclude example.com/dep v1.0.1\ngodebug x=1\nignore ./sub\n", plainMod,
			[]string{"go.mod: exclude example.com/dep v1.0.1", "go.mod: tool example.com/dep/evil", "go.mod: ignore ./sub", "go.mod: godebug x=1", "go.mod: toolchain go1.99.0"}},
		{"removed", fullMod, plainMod, fullMod, []string{"go.mod: removal of replace example.com/a => ./a", "go.mod: removal of tool example.com/dep"}},
		{"changed, with a requirement", fullMod, strings.NewReplacer("=> ./a", "=> ./b", "v1.0.0", "v1.1.0").Replace(fullMod),
			strings.Replace(fullMod, "v1.0.0", "v1.1.0", 1), []string{"go.mod: replace example.com/a => ./b", "go.mod: removal of replace example.com/a => ./a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := files{"lib.go": "package lib\n"}
			if test.before != "" {
				tree["go.mod"] = test.before
			}
			dir := t.TempDir()
			applied, conflict, err := Lay(t.Context(), dir, release(t, "v1.0.0", tree), []matrix.Variant{patch("go.mod", test.before, test.after)}, "go1.26.8 X:some")
			if err != nil || conflict != "" {
				t.Fatal(conflict, err)
			}
			if diff := cmp.Diff(test.want, modtest.Read(t, dir)["go.mod"]); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.leftOut, applied[0].LeftOut); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNoModule checks that a patch that leaves a tree that is not a module conflicts. A
// patch is at fault then, and the machine is not.
func TestNoModule(t *testing.T) {
	tree := files{"go.mod": plainMod, "lib.go": "package lib\n"}
	tests := []struct {
		name    string
		patch   matrix.Variant
		version string
		want    string
	}{
		{"syntax", patch("go.mod", plainMod, "module example.com/lib\n\nrequire (\n"), "v1.0.0", "with the patch, go.mod cannot be read: go.mod:4: syntax error"},
		{"unknown line", patch("go.mod", plainMod, plainMod+"nonsense x\n"), "v1.0.0", "with the patch, go.mod cannot be read: go.mod:6: unknown directive: nonsense"},
		{"bad version", patch("go.mod", plainMod, strings.Replace(plainMod, "v1.0.0", "latest", 1)), "v1.0.0", "with the patch, go.mod cannot be read: go.mod:5: "},
		{"other module", patch("go.mod", plainMod, strings.Replace(plainMod, "/lib", "/bil", 1)), "v1.0.0", "go.mod: calls the module example.com/bil, which is example.com/lib"},
		{"no module", patch("go.mod", plainMod, "go 1.20\n"), "v1.0.0", "go.mod: loses its module line"},
		{"removed", patch("go.mod", plainMod, ""), "v1.0.0", "go.mod: is removed, and a module needs one"},
		{"made", patch("go.mod", "", "module example.com/lib\n"), "v2.0.0+incompatible", "go.mod: is made, and a version with +incompatible must not have one"},
		{"newer Go", patch("go.mod", plainMod, strings.Replace(plainMod, "1.20", "1.99", 1)), "v1.0.0", "go.mod: needs Go 1.99, and the release is built with go1.26.8"},
		{"itself", patch("go.mod", plainMod, plainMod+"require example.com/lib v1.9.0\n"), "v1.0.0", "go.mod: requires the module itself, in version v1.9.0"},
		{"sums", patch("go.sum", "", "example.com/dep v1.0.0 h1:x=\n\nnonsense\n"), "v1.0.0", "with the patch, go.sum cannot be read: go.sum:3:"},
		{"letter case", patch("LIB.go", "", "package lib\n"), "v1.0.0", "a module can't have this file: case-insensitive file name collision"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := tree
			if test.name == "made" {
				before = files{"lib.go": "package lib\n"}
			}
			applied, conflict, err := Lay(t.Context(), t.TempDir(), release(t, test.version, before), []matrix.Variant{test.patch}, "go1.26.8")
			if err != nil {
				t.Fatal(err)
			}
			if want := "fix.patch does not go on " + test.version + ":\n"; !strings.HasPrefix(conflict, want) || !strings.Contains(conflict, test.want) {
				t.Errorf("got %q, want %q", conflict, want+test.want)
			}
			if len(applied) != 1 || applied[0].Apply != matrix.ApplyConflict {
				t.Errorf("got %+v", applied)
			}
		})
	}
}

// TestLeftOut checks that nothing of a control file is written, and that those of the
// release are kept.
func TestLeftOut(t *testing.T) {
	tree := files{"go.mod": plainMod, "lib.go": "package lib\n", ".github/ci.yml": "on: push\n"}
	both := patch("lib.go", tree["lib.go"], "package lib // patched\n")
	both.Diff = append(both.Diff, patch(".github/ci.yml", tree[".github/ci.yml"], "on: pull_request_target\n").Diff...)
	both.Diff = append(both.Diff, patch("go.work", "", "go 1.20\n").Diff...)
	dir := t.TempDir()
	applied, conflict, err := Lay(t.Context(), dir, release(t, "v1.0.0", tree), []matrix.Variant{both}, "")
	if err != nil || conflict != "" {
		t.Fatal(conflict, err)
	}
	tree["lib.go"] = "package lib // patched\n"
	if diff := cmp.Diff(tree, modtest.Read(t, dir)); diff != "" {
		t.Error(diff)
	}
	want := []matrix.Applied{{Name: "fix", Apply: matrix.ApplyExact, LeftOut: []string{".github/ci.yml", "go.work"}}}
	if diff := cmp.Diff(want, applied); diff != "" {
		t.Error(diff)
	}
}

// TestLayHeedsCancellation checks that a zip is not unpacked to its end.
func TestLayHeedsCancellation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	_, _, err := Lay(ctx, dir, release(t, "v1.0.0", files{"go.mod": plainMod, "data": strings.Repeat("x", 1<<20)}), nil, "")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	for name, data := range modtest.Read(t, dir) {
		if data != "" {
			t.Errorf("%s was unpacked", name)
		}
	}
}

package git

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHas checks how a history is found to have the change of a commit.
func TestHas(t *testing.T) {
	dir := clone(t)
	do := func(args ...string) { t.Helper(); command(t, dir, args...) }
	commit := func(subject, file, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		do("add", file)
		do("commit", "-qm", subject)
	}
	do("branch", "-M", "main")
	commit("begin", "x.go", "1\n2\n3\n4\n5\n6\n")
	do("tag", "begin")
	commit("x: mend the first line (#1)", "x.go", "one\n2\n3\n4\n5\n6\n")
	do("tag", "fix")
	do("tag", "v2")
	do("revert", "--no-edit", "HEAD")
	do("tag", "v3")

	do("switch", "-qc", "release", "begin")
	do("tag", "v1.0")
	do("cherry-pick", "fix")
	do("commit", "-q", "--amend", "-m", "another title")
	do("tag", "v1.1")
	do("switch", "-qc", "trailer", "begin")
	commit("mended by hand\n\n(cherry picked from commit "+hashOf(t, open(t, dir), "fix")+")", "x.go", "One\n2\n3\n4\n5\n6\n")
	do("tag", "v1.2")
	do("switch", "-qc", "title", "begin")
	commit("x: mend the first line (#1)", "x.go", "ONE\n2\n3\n4\n5\n6\n")
	do("tag", "v1.3")

	c := open(t, dir)
	fix, err := c.Commit(t.Context(), "fix")
	if err != nil {
		t.Fatal(err)
	}
	for tip, want := range map[string]Presence{
		"begin": Absent, "v2": InHistory, "v3": Absent, "v1.0": Absent, "v1.1": SamePatch, "v1.2": Named, "v1.3": SameTitle,
	} {
		how, by, err := c.Has(t.Context(), fix, hashOf(t, c, tip))
		if err != nil || how != want {
			t.Errorf("%s: got %q by %q, %v, want %q", tip, how, by, err, want)
		}
		if (how == Absent) != (by == "") || how == InHistory && by != fix.Hash || strings.HasPrefix(tip, "v1") && how != Absent && by != hashOf(t, c, tip) {
			t.Errorf("%s: %s by %s", tip, how, by)
		}
	}
}

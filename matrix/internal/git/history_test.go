package git

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// story makes a repository with this history, whose tags are in brackets. The tags
// nightly, v1 and v0.3.0-0.20240914044748-d22d57973359 are no versions.
//
//	one [v0.1.0] -- two -- merge -- four [v0.2.0, nightly, v1]
//	    \-- side [v0.1.1] --/
func story(t *testing.T) string {
	dir := clone(t)
	commit := func(subject string, tags ...string) {
		command(t, dir, "commit", "-q", "--allow-empty", "-m", subject)
		for _, tag := range tags {
			command(t, dir, "tag", tag)
		}
	}
	command(t, dir, "branch", "-M", "main")
	commit("one", "v0.1.0", "lib/v0.9.0")
	commit("two")
	command(t, dir, "switch", "-qc", "side", "HEAD~1")
	commit("side")
	command(t, dir, "tag", "-am", "an annotated one", "v0.1.1")
	command(t, dir, "switch", "-q", "main")
	command(t, dir, "merge", "-q", "--no-ff", "-m", "merge", "side")
	commit("four", "v0.2.0", "nightly", "v1", "v0.3.0-0.20240914044748-d22d57973359")
	return dir
}

func open(t *testing.T, dir string) *Clone {
	t.Helper()
	c, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func hashOf(t *testing.T, c *Clone, ref string) string {
	t.Helper()
	commit, err := c.Commit(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return commit.Hash
}

func subjects(commits []Commit) string {
	var all []string
	for _, c := range commits {
		all = append(all, c.Subject)
	}
	return strings.Join(all, " ")
}

func TestRange(t *testing.T) {
	c := open(t, story(t))
	commits, err := c.Range(t.Context(), hashOf(t, c, "v0.1.0"), hashOf(t, c, "main"))
	if err != nil {
		t.Fatal(err)
	}
	got := subjects(commits)
	if got != "two side merge four" && got != "side two merge four" {
		t.Errorf("got %q", got)
	}
	if merge := commits[2]; len(merge.Parents) != 2 || merge.Time.IsZero() || len(merge.Hash) != 40 {
		t.Errorf("got %+v", merge)
	}
}

func TestMergeBase(t *testing.T) {
	dir := story(t)
	command(t, dir, "switch", "-q", "--orphan", "island")
	command(t, dir, "commit", "-q", "--allow-empty", "-m", "island")
	c := open(t, dir)
	hash := func(ref string) string { return hashOf(t, c, ref) }
	if base, err := c.MergeBase(t.Context(), hash("side"), hash("main~2")); err != nil || base != hash("v0.1.0") {
		t.Errorf("got %s, %v, want that of v0.1.0", base, err)
	}
	var none *NoBaseError
	if _, err := c.MergeBase(t.Context(), hash("island"), hash("main")); !errors.As(err, &none) {
		t.Errorf("got %v, want a *NoBaseError", err)
	}
	for _, test := range []struct {
		a, b string
		want bool
	}{{"side", "main", true}, {"main", "side", false}, {"main", "main", true}, {"island", "main", false}} {
		if got, err := c.IsAncestor(t.Context(), hash(test.a), hash(test.b)); err != nil || got != test.want {
			t.Errorf("%s in %s: got %v, %v", test.a, test.b, got, err)
		}
	}
}

func TestVersions(t *testing.T) {
	dir := story(t)
	c := open(t, dir)
	for ref, want := range map[string]string{"v0.1.0": "v0.1.0", "side": "v0.1.1", "main~1": "v0.2.0"} {
		if got, err := c.FirstTag(t.Context(), hashOf(t, c, ref), "example.com/lib"); err != nil || got != want {
			t.Errorf("the first tag of %s: got %s, %v, want %s", ref, got, err, want)
		}
	}
	if got, err := c.Before(t.Context(), hashOf(t, c, "main~1"), "example.com/lib"); err != nil || strings.Join(got, " ") != "v0.1.0 v0.1.1" {
		t.Errorf("the versions before main~1: got %v, %v", got, err)
	}
	if got, err := c.FirstTag(t.Context(), hashOf(t, c, "main"), "example.com/lib/v2"); err != nil || got != "" {
		t.Errorf("got %s, %v, want no version of another major line", got, err)
	}
	nested := open(t, filepath.Join(dir, "lib"))
	for _, test := range []struct {
		c         *Clone
		ref, path string
		want      string // begins with it
	}{
		{c, "side", "example.com/lib", "v0.1.1"},
		{c, "main", "example.com/lib", "v0.2.0"},
		{c, "main~1", "example.com/lib", "v0.1.2-0."},
		{c, "v0.1.0~1", "example.com/lib", "v0.0.0-"},
		{c, "main", "example.com/lib/v3", "v3.0.0-"},
		{nested, "main", "example.com/lib/lib", "v0.9.1-0."},
		{nested, "v0.1.0", "example.com/lib/lib", "v0.9.0"},
	} {
		commit, err := test.c.Commit(t.Context(), test.ref)
		if err != nil {
			t.Fatal(err)
		}
		got, err := test.c.Version(t.Context(), commit, test.path)
		if err != nil || !strings.HasPrefix(got, test.want) {
			t.Errorf("%s of %s: got %s, %v, want %s", test.ref, test.path, got, err, test.want)
		}
	}
}

func TestRefs(t *testing.T) {
	c := open(t, story(t))
	for pattern, want := range map[string]string{
		"main": "main", "v0.1.*": "v0.1.0 v0.1.1", "*": "main side nightly v0.1.0 v0.1.1 v0.2.0 v0.3.0-0.20240914044748-d22d57973359 v1",
		"refs/tags/n*": "nightly", "lib/*": "lib/v0.9.0",
	} {
		refs, err := c.Refs(t.Context(), pattern)
		var got []string
		for _, r := range refs {
			got = append(got, r.Short())
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", pattern, err, diff)
		}
	}
	_, err := c.Refs(t.Context(), "mainn*")
	if want := `no branch or tag of the clone matches "mainn*": did you mean "main"?`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := c.Refs(t.Context(), "["); err == nil {
		t.Error("a malformed pattern is no mistake")
	}
}

// TestShallow reads a clone that has only the last commits.
func TestShallow(t *testing.T) {
	dir := t.TempDir()
	command(t, dir, "clone", "-q", "--depth=2", "file://"+filepath.ToSlash(story(t)), ".")
	c := open(t, dir)
	if !c.Shallow {
		t.Error("the clone is not known to be shallow")
	}
	var gap *GapError
	if _, err := c.Range(t.Context(), "", hashOf(t, c, "HEAD")); !errors.As(err, &gap) || !strings.Contains(err.Error(), "--unshallow") {
		t.Errorf("all commits: got %v", err)
	}
	if commits, err := c.Range(t.Context(), hashOf(t, c, "HEAD~1"), hashOf(t, c, "HEAD")); err != nil || subjects(commits) != "four" {
		t.Errorf("those that are there: got %s, %v", subjects(commits), err)
	}
	if _, err := c.Commit(t.Context(), "v0.1.0"); err == nil || !strings.Contains(err.Error(), "--unshallow") {
		t.Errorf("got %v", err)
	}
}

// TestNothingIsWritten reads all there is to read, and compares the clone's files.
func TestNothingIsWritten(t *testing.T) {
	dir := story(t)
	write(t, dir, "README", "not committed\n")
	before := snapshot(t, dir)
	c := open(t, dir)
	head, err := c.Commit(t.Context(), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	_, refsErr := c.Refs(t.Context(), "*")
	_, rangeErr := c.Range(t.Context(), "", head.Hash)
	_, fileErr := c.ReadFile(t.Context(), head.Hash, "README")
	_, filesErr := c.Files(t.Context(), hashOf(t, c, "v0.1.0"), head.Hash)
	_, _, zipErr := zipOf(t, c, head.Hash)
	if err := errors.Join(refsErr, rangeErr, fileErr, filesErr, zipErr); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
		t.Errorf("the clone changed:\n%s", diff)
	}
}

// snapshot returns the time and mode of each file below a folder.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(name string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		files[name] = info.ModTime().String() + " " + info.Mode().String()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

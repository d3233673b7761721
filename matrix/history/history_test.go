package history

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// suite is about releases of which v0.1.0 is the oldest.
var suite = &matrix.Spec{
	Target: matrix.Target{Module: "example.com/lib"},
	Lock:   []matrix.Release{{Version: "v0.1.0"}, {Version: "v0.2.0"}},
}

// clone makes a repository with this history; tags are in brackets.
//
//	zero -- one [v0.1.0] -- two -- merge [v0.1.5] -- four [v0.2.0]
//	           \-- side -- end --/
func clone(t *testing.T) *Commits {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	dir := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	commit := func(subject string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, subject), []byte(subject), 0o666); err != nil {
			t.Fatal(err)
		}
		git("add", ".")
		git("commit", "-qm", subject)
	}
	git("init", "-q", "-b", "main")
	commit("zero")
	commit("one")
	git("tag", "v0.1.0")
	git("switch", "-qc", "side")
	commit("side")
	commit("end")
	git("switch", "-q", "main")
	commit("two")
	git("merge", "-q", "--no-ff", "-m", "merge", "side")
	git("tag", "v0.1.5")
	commit("four")
	git("tag", "v0.2.0")
	c, err := Open(t.Context(), dir, suite)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func find(t *testing.T, c *Commits, name string) matrix.HistoryState {
	t.Helper()
	s, err := c.Find(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func subjects(states []matrix.HistoryState) string {
	var all []string
	for _, s := range states {
		all = append(all, s.Subject)
	}
	return strings.Join(all, " ")
}

// TestLine follows first parents back to the oldest release, or between two ends.
func TestLine(t *testing.T) {
	c := clone(t)
	for _, test := range []struct {
		good, bad string
		all       bool
		want      string
	}{
		{"", "", false, "one two merge four"},
		{"v0.1.0", "", false, "one two merge four"},
		{"", "side", false, "one two merge four"}, // main came after it
		{"main~1", "v0.1.0", true, "one two merge"},
		{"main", "v0.1.0", false, ""},
	} {
		var ends [2]*matrix.HistoryState
		for i, name := range []string{test.good, test.bad} {
			if name != "" {
				s := find(t, c, name)
				ends[i] = &s
			}
		}
		line, err := c.Line(t.Context(), ends[0], ends[1], test.all)
		if err != nil || subjects(line) != test.want {
			t.Errorf("%s, %s: got %q, %v, want %q", test.good, test.bad, subjects(line), err, test.want)
		}
	}
}

func TestBetween(t *testing.T) {
	c := clone(t)
	states, parents, err := c.Between(t.Context(), find(t, c, "v0.1.0"), find(t, c, "main"))
	if err != nil {
		t.Fatal(err)
	}
	at := make(map[string]int)
	for i, s := range states {
		at[s.Subject] = i
	}
	want := map[string][]int{"side": nil, "two": nil, "end": {at["side"]}, "merge": {at["two"], at["end"]}, "four": {at["merge"]}}
	got := make(map[string][]int)
	for subject, i := range at {
		got[subject] = parents[i]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	fork, err := c.Fork(t.Context(), find(t, c, "side"), find(t, c, "main~2"))
	if err != nil || fork.Subject != "one" {
		t.Errorf("side and two go apart at %q, %v", fork.Subject, err)
	}
	parent, ok, err := c.Parent(t.Context(), find(t, c, "main~1"))
	if err != nil || !ok || parent.Subject != "two" {
		t.Errorf("the parent of the merge is %q, %v, %v", parent.Subject, ok, err)
	}
	if _, ok, err := c.Parent(t.Context(), find(t, c, "v0.1.0~1")); ok || err != nil {
		t.Errorf("the first commit has a parent: %v, %v", ok, err)
	}
}

func TestDescribe(t *testing.T) {
	c := clone(t)
	turn := &matrix.Turn{After: matrix.Visit{HistoryState: find(t, c, "side~1")}}
	if err := c.Describe(t.Context(), turn); err != nil || turn.Tag != "v0.1.5" || strings.Join(turn.Files, " ") != "side" {
		t.Errorf("got %s, %v, %v", turn.Tag, turn.Files, err)
	}
}

// TestHas checks for what kinds of targets the history says whether they have a commit.
func TestHas(t *testing.T) {
	c := clone(t)
	side, zero := find(t, c, "side").Name, find(t, c, "v0.1.0~1").Name
	fork := func(state string) matrix.Release {
		version := "v0.1.1-0.20240102030405-" + find(t, c, state).Name[:12]
		return matrix.Release{Version: version, Origin: &matrix.Origin{Kind: matrix.SourceModule}}
	}
	ref := func(state string) matrix.Release {
		return matrix.Release{Version: state, Origin: &matrix.Origin{Kind: matrix.SourceRef, Ref: state + " " + find(t, c, state).Name}}
	}
	near := func(base string) matrix.Release {
		return matrix.Release{Version: "v0.2.0", Origin: &matrix.Origin{Kind: matrix.SourceModule, As: base}}
	}
	const yes = "the history has the commit"
	for _, test := range []struct {
		name    string
		commit  string
		release matrix.Release
		want    string
		may     string
	}{
		{"a release before it", side, matrix.Release{Version: "v0.1.0"}, "", ""},
		{"a release after it", side, matrix.Release{Version: "v0.2.0"}, yes, ""},
		{"a release without a tag", side, matrix.Release{Version: "v0.3.0"}, "", ""},
		{"a commit before it", side, ref("v0.1.0"), "", ""},
		{"a commit after it", side, ref("v0.1.5"), yes, ""},
		{"itself", side, ref("side"), yes, ""},
		{"a fork's commit before it", side, fork("v0.1.0"), "", ""},
		{"a fork's commit after it", side, fork("v0.1.5"), yes, ""},
		{"a fork's commit that is elsewhere", zero, matrix.Release{Version: "v0.1.1-0.20240102030405-0123456789ab", Origin: &matrix.Origin{Kind: matrix.SourceModule}}, "", ""},
		{"a fork's version that is called like a release", zero, matrix.Release{Version: "v0.2.0", Origin: &matrix.Origin{Kind: matrix.SourceModule}}, "", ""},
		{"a fork that is near a release before it", side, near("v0.1.0"), "", ""},
		{"a fork that is near a release after it", side, near("v0.2.0"), "", "v0.2.0, which it is nearest to, has it"},
		{"a folder", zero, matrix.Release{Version: "v0.2.0", Origin: &matrix.Origin{Kind: matrix.SourceDir}}, "", ""},
	} {
		in, may, err := c.Has(t.Context(), test.commit, test.release)
		if in != test.want || may != test.may || err != nil {
			t.Errorf("%s: got %q, %q, %v, want %q and %q", test.name, in, may, err, test.want, test.may)
		}
	}
}

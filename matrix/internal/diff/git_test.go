package diff

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestAgainstGit compares with git apply, which also requires all lines to match.
// What applies here must apply there with the same result. The converse does not
// hold: of several places, git takes the nearest.
func TestAgainstGit(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("needs git, to apply the same diffs")
	}
	// A fixed seed: these cases are the same in every run.
	random := rand.New(rand.NewPCG(1, 2))
	seen := map[matrix.Apply]int{}
	for range 80 {
		old := draw(random, 12)
		diff := gitDiff(t, git, old, mutate(random, old))
		// git binds each hunk at line 1 to the beginning of the file; this package
		// does so only if the context above is shorter than that below.
		if diff == "" || strings.Contains(diff, "@@ -1,") {
			continue
		}
		text := mutate(random, old)
		d, err := Parse("p", 1, []byte(diff))
		if err != nil {
			t.Fatalf("%v\n%s", err, diff)
		}
		root := lay(t, files{"x": text})
		result, err := d.Apply(t.Context(), root)
		if err != nil {
			t.Fatal(err)
		}
		seen[result.Apply]++
		if result.Apply != matrix.ApplyExact && result.Apply != matrix.ApplyOffset {
			continue
		}
		theirs, ok := gitApply(t, git, text, diff)
		if ours := read(t, root)["x"]; !ok || ours != theirs {
			t.Errorf("%s at offset %d, git: %v\n%s\non:\n%s\nours:\n%s\ngit's:\n%s", result.Apply, result.Offset, ok, diff, text, ours, theirs)
		}
	}
	for _, apply := range []matrix.Apply{matrix.ApplyExact, matrix.ApplyOffset, matrix.ApplyConflict} {
		if seen[apply] < 5 {
			t.Errorf("only %d cases went on as %s: %v", seen[apply], apply, seen)
		}
	}
}

// draw returns a text with few different lines. Sometimes the last has no newline.
func draw(random *rand.Rand, kinds int) string {
	var b strings.Builder
	for range 10 + random.IntN(20) {
		b.WriteString(string(rune('a'+random.IntN(kinds))) + "\n")
	}
	if random.IntN(4) == 0 {
		b.WriteString("open")
	}
	return b.String()
}

// mutate replaces, adds and removes lines at one or two places.
func mutate(random *rand.Rand, text string) string {
	lines := split(text)
	for range 1 + random.IntN(2) {
		at := random.IntN(len(lines) - 4)
		lines = slices.Replace(lines, at, at+random.IntN(3), slices.Repeat([]string{"new\n"}, random.IntN(3))...)
	}
	return strings.Join(lines, "")
}

// gitDiff returns the diff of two texts, made by git, as the files a/x and b/x.
func gitDiff(t *testing.T, git, before, after string) string {
	root := lay(t, files{"a/x": before, "b/x": after})
	out, _ := gitCommand(git, root, "diff", "--no-index", "--no-prefix", "a/x", "b/x").Output() // exit code 1: they differ
	return string(out)
}

func gitApply(t *testing.T, git, text, diff string) (string, bool) {
	root := lay(t, files{"x": text})
	if err := os.Chmod(filepath.Join(root, "x"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := gitCommand(git, root, "apply", "--whitespace=nowarn", "-")
	cmd.Stdin = strings.NewReader(diff)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), false
	}
	return read(t, root)["x"], true
}

// gitCommand returns a git command that ignores the user's configuration and any
// repository around the temporary folder.
func gitCommand(git, dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(git, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	return cmd
}

package scratch_test

import (
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// openStage opens a stage in a folder until the test ends.
func openStage(t *testing.T, dir string) *scratch.Stage {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	s, err := scratch.OpenStage(root)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// names returns the names in a folder.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestStageWrite(t *testing.T) {
	dir := t.TempDir()
	private := filepath.Join(dir, "private")
	for _, name := range []string{private, filepath.Join(dir, "plain")} {
		if err := os.WriteFile(name, []byte("old"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(private, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	s := openStage(t, dir)
	for _, name := range []string{"private", "new", filepath.Join("sub", "new")} {
		if err := s.Write(name, []byte("text")); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(filepath.Join(dir, name)); string(data) != "text" {
			t.Errorf("%s has %q, %v", name, data, err)
		}
	}
	for _, name := range []string{filepath.Join("none", "new"), filepath.Join("..", "new"), "sub"} {
		if err := s.Write(name, nil); err == nil {
			t.Errorf("%s is written", name)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	mode := func(name string) os.FileMode {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	if mode("private") != 0o600 || mode("new") != mode("plain") {
		t.Errorf("private has %v, new %v, want 0600 and %v", mode("private"), mode("new"), mode("plain"))
	}
	if got := names(t, dir); len(got) != 4 {
		t.Errorf("there are %q", got)
	}
}

// TestStageOfADeadProcess kills one of two processes that have a stage in a folder. The
// next stage removes what it left, and nothing else.
func TestStageOfADeadProcess(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".matrixrun-new-results", ".matrixrun-new-12", "matrixrun-new-3"} {
		if err := os.MkdirAll(filepath.Join(dir, name, "mine"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(staged, dir)
	process, dead := hold(t)
	_, live := hold(t)
	kill(process)
	if !exists(t, dead) || filepath.Dir(dead) != dir {
		t.Fatalf("the killed process left nothing in %s", dead)
	}
	if err := scratch.WriteFile(filepath.Join(dir, "out"), nil); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); exists(t, dead) || !exists(t, live) || len(got) != 5 {
		t.Errorf("the dead process's files exist: %v, the live one's: %v, and there are %q", exists(t, dead), exists(t, live), got)
	}
}

// TestStagesAtOnce opens stages at the same time. Each first removes those of processes
// that have ended, and must not be disturbed by one that is just being made.
func TestStagesAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 100 {
				if err := scratch.WriteFile(filepath.Join(dir, strconv.Itoa(i)), nil); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if got := names(t, dir); len(got) != 8 {
		t.Errorf("there are %q", got)
	}
}

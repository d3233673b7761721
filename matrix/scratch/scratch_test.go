package scratch_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// holder is the variable that makes the test binary a process that holds a folder
// until it is killed.
const holder = "SCRATCH_TEST_HOLDER"

// staged is the variable that names the folder in which it holds a stage instead.
const staged = "SCRATCH_TEST_STAGED"

func TestMain(m *testing.M) {
	if os.Getenv(holder) == "" {
		os.Exit(m.Run())
	}
	dir, err := holdFolder(os.Getenv(staged))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "file"), []byte("12345"), 0o600)
	}
	if err == nil {
		err = os.Chmod(dir, 0o500) //nolint:gosec // a folder that others have to make writable
	}
	if err != nil {
		panic(err)
	}
	fmt.Println(dir)
	time.Sleep(time.Hour)
}

// holdFolder makes a temporary folder, or a stage in a folder.
func holdFolder(in string) (dir string, err error) {
	if in == "" {
		return scratch.Dir("row-")
	}
	root, err := os.OpenRoot(in)
	if err != nil {
		return "", err
	}
	s, err := scratch.OpenStage(root)
	if err != nil {
		return "", err
	}
	return s.Dir, nil
}

// hold starts a process that holds a folder, and returns the folder.
func hold(t *testing.T) (process *exec.Cmd, dir string) {
	t.Helper()
	process = exec.Command(os.Args[0])
	process.Env = append(os.Environ(), holder+"=1")
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(process) })
	line := bufio.NewScanner(out)
	if !line.Scan() {
		t.Fatal("the process ended early")
	}
	return process, line.Text()
}

func kill(process *exec.Cmd) {
	_ = process.Process.Kill()
	_ = process.Wait()
}

// useTemp makes a folder for temporary files for this test.
func useTemp(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, dir)
	}
	t.Cleanup(scratch.Close)
	return dir
}

func exists(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}

// TestOnlyDeadProcessesLoseTheirFiles kills one of two processes. The first use of
// the package by a third one removes what the killed process left.
func TestOnlyDeadProcessesLoseTheirFiles(t *testing.T) {
	useTemp(t)
	process, dead := hold(t)
	_, live := hold(t)
	kill(process)

	for _, dryRun := range []bool{true, true, false} {
		got, err := scratch.RemoveDead(t.Context(), dryRun)
		if want := (scratch.Dead{Folders: 1, Bytes: 5}); err != nil || got != want {
			t.Errorf("RemoveDead(%v) = %+v, %v, want %+v", dryRun, got, err, want)
		}
		if exists(t, filepath.Dir(dead)) != dryRun || !exists(t, filepath.Join(live, "file")) {
			t.Errorf("dry run %v: the dead process's files exist: %v, the live one's: %v", dryRun, exists(t, dead), exists(t, live))
		}
	}
}

// TestNextProcessRemovesFiles checks that it takes no more than the first use of the
// package.
func TestNextProcessRemovesFiles(t *testing.T) {
	useTemp(t)
	process, dead := hold(t)
	kill(process)
	_, next := hold(t)
	if exists(t, filepath.Dir(dead)) || !exists(t, next) {
		t.Errorf("the dead process's files exist: %v, the live one's: %v", exists(t, dead), exists(t, next))
	}
}

// TestForeignFilesStay checks folders with names like those of this package.
func TestForeignFilesStay(t *testing.T) {
	temp := useTemp(t)
	for _, name := range []string{"matrixrun-run-123", "matrixrun-run-results", "matrixrun-run-4"} {
		if err := os.Mkdir(filepath.Join(temp, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	files := []string{filepath.Join("matrixrun-run-123", "notes"), filepath.Join("matrixrun-run-results", ".lock")}
	for _, name := range files {
		if err := os.WriteFile(filepath.Join(temp, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := scratch.RemoveDead(t.Context(), false); err != nil || got.Folders != 0 {
		t.Errorf("RemoveDead = %+v, %v", got, err)
	}
	for _, name := range files {
		if !exists(t, filepath.Join(temp, name)) {
			t.Errorf("%s was removed", name)
		}
	}
	if exists(t, filepath.Join(temp, "matrixrun-run-4")) {
		t.Error("the empty folder of a process that was killed before it made a lock is still there")
	}
}

// TestLinkStays checks that a link is not followed.
func TestLinkStays(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs symbolic links")
	}
	temp, target := useTemp(t), t.TempDir()
	if err := os.WriteFile(filepath.Join(target, ".lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, filepath.Join(temp, "matrixrun-run-1")); err != nil {
		t.Fatal(err)
	}
	if got, err := scratch.RemoveDead(t.Context(), false); err != nil || got.Folders != 0 || !exists(t, filepath.Join(target, ".lock")) {
		t.Errorf("RemoveDead = %+v, %v", got, err)
	}
}

func TestClose(t *testing.T) {
	temp := useTemp(t)
	dir, err := scratch.Dir("row-")
	if err != nil {
		t.Fatal(err)
	}
	if got := filepath.Dir(filepath.Dir(dir)); got != temp {
		t.Errorf("%s is not in %s", dir, temp)
	}
	scratch.Close()
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

// TestRemovedFolder checks that a process goes on after somebody emptied the folder
// for temporary files.
func TestRemovedFolder(t *testing.T) {
	temp := useTemp(t)
	for range 2 {
		dir, err := scratch.Dir("row-")
		if err != nil {
			t.Fatal(err)
		}
		if !exists(t, dir) {
			t.Errorf("%s does not exist", dir)
		}
		if err := os.RemoveAll(filepath.Dir(dir)); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

//go:build unix

package scratch_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// full is set in the environment of a test that runs as a process of its own, which can
// open no more files.
const full = "SCRATCH_TEST_FULL"

// TestNoFileLeft makes a folder when no lock file can be opened. Without a lock, nobody
// could tell later that its process has ended, so nothing may be left.
func TestNoFileLeft(t *testing.T) {
	if os.Getenv(full) != "" {
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 0, Max: 0}); err != nil {
			t.Fatal(err)
		}
		_, err := scratch.Dir("row-")
		fmt.Println(err) // and no Close: another process would not do that if this one was killed
		return
	}
	temp := useTemp(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestNoFileLeft$")
	cmd.Env = append(os.Environ(), full+"=yes")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "too many open files (raise the limit of open files") {
		t.Errorf("%v: %s", err, out)
	}
	if got := names(t, temp); len(got) > 0 {
		t.Errorf("left %q", got)
	}
}

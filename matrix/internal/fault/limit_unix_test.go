//go:build unix

package fault_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/internal/fault"
)

// limited is set in the environment of a test that runs with a limit.
const limited = "FAULT_TEST_LIMITED"

// TestFullCache checks the advice for a build cache that takes no more, of which the go
// command may say that a package of the standard library does not exist.
func TestFullCache(t *testing.T) {
	if dir := os.Getenv(limited); dir != "" {
		t.Log(fault.CacheAdvice(dir))
		return
	}
	cmd := exec.Command("sh", "-c", `ulimit -f 0 && exec "$0" -test.run='^TestFullCache$' -test.v`, os.Args[0])
	cmd.Env = append(os.Environ(), limited+"="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "ulimit -f") {
		t.Errorf("%v: %s", err, out)
	}
	if got := fault.CacheAdvice(t.TempDir()); got != "" {
		t.Errorf("an empty cache: %q", got)
	}
}

// TestKilled checks that the advice names the limit of CPU time if there is one.
func TestKilled(t *testing.T) {
	if os.Getenv(limited) != "" {
		t.Log(fault.Killed())
		return
	}
	cmd := exec.Command("sh", "-c", `ulimit -t 600 && exec "$0" -test.run='^TestKilled$' -test.v`, os.Args[0])
	cmd.Env = append(os.Environ(), limited+"=yes")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "ulimit -t") {
		t.Errorf("%v: %s", err, out)
	}
	if got := fault.GoAdvice("compile: signal: killed", os.Getenv); got != fault.Killed() {
		t.Errorf("GoAdvice = %q", got)
	}
}

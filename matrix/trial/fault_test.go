package trial_test

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// TestFaults checks that a process which fails because of the machine is an error, and
// not a failure in the trace. What was reported before is kept.
func TestFaults(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /dev/full and signals")
	}
	tests := []struct{ scenario, want string }{
		{"kill", "signal: killed (something killed it, most likely the system for want of memory"},
		{"full", "no space left on device (the disk is full"},
	}
	for _, test := range tests {
		t.Run(test.scenario, func(t *testing.T) {
			t.Parallel()
			trace, err := trial.Run(t.Context(), program(t), matrix.Scenario{Name: test.scenario}, asked, limits)
			if err == nil || !strings.Contains(err.Error(), test.want) || len(trace.Failures) > 0 {
				t.Errorf("Run: %v, failures %+v; want an error with %q", err, trace.Failures, test.want)
			}
			checkTrials(t, trace, test.scenario, 2)
		})
	}
}

// onTinyDisk is set in the environment of a test that runs on a tiny disk.
const onTinyDisk = "TRIAL_TEST_TINY_DISK"

// TestFullDisk fills a disk: a reproduction that then fails without a word, or leaves
// half a file, is not to blame. It runs again in namespaces of its own, in which any
// user may mount a disk.
func TestFullDisk(t *testing.T) {
	if os.Getenv(onTinyDisk) == "" {
		runOnTinyDisk(t)
		return
	}
	trace, err := trial.Run(t.Context(), program(t), matrix.Scenario{Name: "fill"}, asked, limits)
	if err == nil || !strings.Contains(err.Error(), "nothing more can be written into its folder: no space left on device") || len(trace.Failures) > 0 {
		t.Errorf("Run: %v, failures %+v", err, trace.Failures)
	}
	always := func(*matrix.Trial) bool { return true }
	_, e, err := trial.Capture(t.Context(), program(t), "fill", 1, limits, always)
	if err == nil || !strings.Contains(err.Error(), "no space left on device") || e.None != "" {
		t.Errorf("Capture: %v, evidence %+v", err, e)
	}
}

// runOnTinyDisk runs the test again with a temporary folder on a disk of a megabyte.
func runOnTinyDisk(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("needs namespaces")
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "--map-root-user", "--mount", "sh", "-c",
		`mount -t tmpfs -o size=1m tmpfs "$TMPDIR" || exit 77; exec "$0" -test.run='^TestFullDisk$' -test.v`, os.Args[0])
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir(), onTinyDisk+"=yes")
	out, err := cmd.CombinedOutput()
	if err == nil {
		return
	}
	if !strings.Contains(string(out), "=== RUN") { // a container may forbid it even to root
		t.Skipf("needs permission to mount: %v: %s", err, out)
	}
	t.Errorf("on a tiny disk: %v\n%s", err, out)
}

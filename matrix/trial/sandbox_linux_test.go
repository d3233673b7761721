package trial_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox/warden"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// TestRefusals checks that what a sandbox refuses makes no verdict: a program that fails
// because of it, or that proves nothing, is an error, and the trials before it are kept.
// Without a sandbox the same program is judged.
func TestRefusals(t *testing.T) {
	for scenario, want := range map[string]string{
		"curious": `the reproduction failed: exit status 2: panic: open /home: no such file or directory (the sandbox may have refused something`,
		"lost":    `the reproduction failed: a trial proves nothing: no answer: dial udp 192.0.2.1:9: connect: network is unreachable (the sandbox may have refused something`,
	} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			p := program(t)
			if c := p.Sandbox.Contains; !c.Files.Applies || !c.Network.Applies {
				t.Skip("needs a sandbox: this one ", c.Summary())
			}
			trace, err := trial.Run(t.Context(), p, matrix.Scenario{Name: scenario}, asked, limits)
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "--sandbox=off") || len(trace.Failures) > 0 {
				t.Errorf("Run: %v, failures %+v; want an error with %q", err, trace.Failures, want)
			}
			checkTrials(t, trace, scenario, 2)
			p.Sandbox = nil
			if _, err := trial.Run(t.Context(), p, matrix.Scenario{Name: scenario}, asked, limits); err != nil {
				t.Errorf("without a sandbox: %v", err)
			}
		})
	}
}

// TestTooMuchMemory checks that a program which wants more memory than the sandbox gives
// is to blame itself.
func TestTooMuchMemory(t *testing.T) {
	t.Parallel()
	p := program(t)
	if c := p.Sandbox.Contains; !c.Memory.Applies {
		t.Skip("needs a limit of memory: this sandbox ", c.Summary())
	}
	l := limits
	l.Failures = 1
	trace, err := trial.Run(t.Context(), p, matrix.Scenario{Name: "hungry"}, asked, l)
	if err != nil || len(trace.Failures) != 1 {
		t.Fatalf("Run: %v, failures %+v; want one", err, trace.Failures)
	}
	f := trace.Failures[0]
	if want := "it wanted more memory than the 4 GiB that a process in the sandbox gets"; f.Kind != matrix.FailureCrash || !strings.Contains(f.Reason, want) {
		t.Errorf("failure %q: %s, want %s", f.Kind, f.Reason, want)
	}
	checkTrials(t, trace, "hungry", 2)
}

// wardens returns the processes that watch boxes of this process.
func wardens(t *testing.T) (found []int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, _ := os.ReadFile(file)
		name, _, _ := bytes.Cut(data, []byte{0})
		if string(name) != fmt.Sprint(warden.Name, os.Getpid()) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			found = append(found, pid)
		}
	}
	return found
}

// TestBoxIsKept runs trials in a box that is kept. It kills the warden between two runs,
// which makes no difference, and during one, which is an error and no failure. So it is if
// the warden is suspended: the reproduction did not hang.
func TestBoxIsKept(t *testing.T) {
	p := program(t)
	if !p.Sandbox.Active() {
		t.Skip("needs a sandbox")
	}
	p.Boxes = new(trial.Boxes)
	defer p.Boxes.Close()
	run := func(scenario string) (*matrix.Trace, error) {
		return trial.Run(t.Context(), p, matrix.Scenario{Name: scenario}, asked, limits)
	}
	good := func() []int {
		t.Helper()
		trace, err := run("clean")
		if err != nil || len(trace.Trials) != asked || len(trace.Failures) > 0 {
			t.Fatalf("%+v, %v; want %d trials", trace, err, asked)
		}
		return wardens(t)
	}
	signal := func(sig syscall.Signal) {
		for _, pid := range wardens(t) {
			if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
				t.Error(err)
			}
		}
	}
	first := good()
	if again := good(); len(first) == 0 || !slices.Equal(first, again) {
		t.Errorf("the wardens %v, then %v: want the same", first, again)
	}
	signal(syscall.SIGKILL)
	time.Sleep(100 * time.Millisecond) // until this process has noticed
	if again := good(); len(again) == 0 || slices.Equal(first, again) {
		t.Errorf("the wardens %v, then %v: want others", first, again)
	}
	time.AfterFunc(300*time.Millisecond, func() { signal(syscall.SIGKILL) })
	if trace, err := run("hang"); err == nil || len(trace.Failures) > 0 {
		t.Errorf("the warden was killed: %v, failures %+v; want an error", err, trace.Failures)
	}
	good()
	signal(syscall.SIGSTOP)
	short := limits
	short.Trial = 300 * time.Millisecond
	if trace, err := trial.Run(t.Context(), p, matrix.Scenario{Name: "clean"}, asked, short); err == nil || len(trace.Failures) > 0 {
		t.Errorf("the warden was suspended: %v, failures %+v; want an error", err, trace.Failures)
	}
	good()
	p.Boxes.Close()
	if left := wardens(t); len(left) > 0 {
		t.Errorf("the wardens %v are left", left)
	}
}

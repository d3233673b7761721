package trial_test

import (
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// TestRefusals checks that what a sandbox refuses makes no verdict: a program that fails
// because of it, or that proves nothing, is an error, and the trials before it are kept.
// Without a sandbox the same program is judged.
func TestRefusals(t *testing.T) {
	for scenario, want := range map[string]string{
		"curious": `the reproduction failed: exit status 2: panic: open /home: no such file or directory (the sandbox may have refused something`,
		"lost":    `a trial proves nothing: no answer: dial udp 192.0.2.1:9: connect: network is unreachable (the sandbox may have refused something`,
	} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			p := program(t)
			if c := p.Sandbox.Contains; !c.Files.Applies || !c.Network.Applies {
				t.Skip("needs a sandbox: this one ", c.Summary())
			}
			trace, err := trial.Run(t.Context(), p, scenario, asked, limits)
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "--sandbox=off") || len(trace.Failures) > 0 {
				t.Errorf("Run: %v, failures %+v; want an error with %q", err, trace.Failures, want)
			}
			checkTrials(t, trace, scenario, 2)
			p.Sandbox = nil
			if _, err := trial.Run(t.Context(), p, scenario, asked, limits); err != nil {
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
	trace, err := trial.Run(t.Context(), p, "hungry", asked, l)
	if err != nil || len(trace.Failures) != 1 {
		t.Fatalf("Run: %v, failures %+v; want one", err, trace.Failures)
	}
	f := trace.Failures[0]
	if want := "it wanted more memory than the 4 GiB that a process in the sandbox gets"; f.Kind != matrix.FailureCrash || !strings.Contains(f.Reason, want) {
		t.Errorf("failure %q: %s, want %s", f.Kind, f.Reason, want)
	}
	checkTrials(t, trace, "hungry", 2)
}

package judge

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// wired returns a trial whose decoder read one frame, with the code n.
func wired(t matrix.Trial, n int, agrees bool, why string) matrix.Trial {
	t.Trial = n
	t.Wire = &matrix.Wire{Agrees: agrees, Why: why, Frames: []matrix.WireFrame{{From: "client", Type: "RESET", Code: uint64(n)}}}
	return t
}

func TestWire(t *testing.T) {
	tests := []struct {
		name    string
		trials  []matrix.Trial
		verdict matrix.Verdict
		reason  string
		frames  []uint64 // their codes
	}{
		{"none looks at the wire", []matrix.Trial{leak, leak}, matrix.VerdictLeak, "", nil},
		{"all agree", []matrix.Trial{wired(leak, 0, true, ""), wired(leak, 1, true, "")}, matrix.VerdictLeak, "", []uint64{0}},
		{"clean ones agree", []matrix.Trial{clean, wired(clean, 1, true, "")}, matrix.VerdictClean, "", []uint64{1}},
		{"the frames are those of the leak", []matrix.Trial{wired(clean, 0, true, ""), wired(leak, 1, true, "")}, matrix.VerdictFlaky, "", []uint64{1}},
		{"the leak has none", []matrix.Trial{wired(clean, 0, true, ""), leak}, matrix.VerdictFlaky, "", nil},
		{
			"a clean trial is contradicted", []matrix.Trial{wired(clean, 0, true, ""), wired(clean, 1, false, "a RESET\nleft")}, matrix.VerdictError,
			"the capture disagrees with trial 1, which reports clean: a RESET left", []uint64{1},
		},
		{
			"a leak is contradicted", []matrix.Trial{leak, wired(leak, 1, false, "")}, matrix.VerdictError,
			"the capture disagrees with trial 1, which reports leak: it does not say how", []uint64{1},
		},
		// An inconclusive trial cannot be contradicted.
		{"an unproven trial is contradicted", []matrix.Trial{leak, leak, wired(timeout, 2, false, "no")}, matrix.VerdictLeak, "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := Cell(probe, &matrix.Trace{Trials: test.trials}, Budget{Trials: 2})
			var codes []uint64
			for _, f := range c.Frames {
				codes = append(codes, f.Code)
			}
			if diff := cmp.Diff(test.frames, codes); c.Verdict != test.verdict || c.Reason != test.reason || diff != "" {
				t.Errorf("verdict %s: %s\nwant %s: %s\nframes (-want +got):\n%s", c.Verdict, c.Reason, test.verdict, test.reason, diff)
			}
		})
	}
}

// TestUnread has proven trials whose datagrams could not be read. The verdict does
// not change.
func TestUnread(t *testing.T) {
	silent := func(t matrix.Trial) matrix.Trial {
		t.Wire = &matrix.Wire{Unread: "no key\nfor it"}
		return t
	}
	tests := []struct {
		trials []matrix.Trial
		want   string
	}{
		{[]matrix.Trial{clean, wired(clean, 1, true, "")}, ""},
		{[]matrix.Trial{wired(clean, 0, true, ""), silent(clean)}, "no key for it"},
		{[]matrix.Trial{clean, clean, silent(timeout)}, ""},
	}
	for i, test := range tests {
		c := Cell(probe, &matrix.Trace{Trials: test.trials}, Budget{Trials: 2})
		if c.Unread != test.want || c.Verdict != matrix.VerdictClean {
			t.Errorf("case %d: %s, unread %q, want %q", i, c.Verdict, c.Unread, test.want)
		}
	}
}

// TestFailureOutranksWire has a failed process and a capture that contradicts a
// trial: the reason is the former.
func TestFailureOutranksWire(t *testing.T) {
	trace := &matrix.Trace{Trials: []matrix.Trial{wired(leak, 0, false, "no")}, Failures: []matrix.Failure{{Reason: "exit status 2"}}}
	if c := Cell(probe, trace, Budget{Trials: 2}); c.Verdict != matrix.VerdictError || c.Reason != "exit status 2" {
		t.Errorf("verdict %s: %s", c.Verdict, c.Reason)
	}
}

func TestOutcome(t *testing.T) {
	for want, trials := range map[matrix.Outcome][]matrix.Trial{
		matrix.OutcomeLeak: {leak, killing}, matrix.OutcomeClean: {clean}, matrix.OutcomeInconclusive: {claimed, timeout, strange, unused},
	} {
		for _, trial := range trials {
			if got := Outcome(probe, &trial); got != want {
				t.Errorf("%+v counts as %s, want %s", trial, got, want)
			}
		}
	}
}

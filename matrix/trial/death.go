package trial

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/traceback"
)

// Defects says which ends of a process show the defect, and in whose code.
type Defects struct {
	matrix.Defects
	Target string // the module path whose code must be at work
	Own    string // the module path of the reproduction, whose own code does not count
}

// A death is the end of a process that failed.
type death struct {
	matrix.Failure
	log string // more of it than the failure keeps; empty if it must not be read for stacks
}

// trial returns what a process that failed shows. It is nil if it does not show the
// defect. Then the failure may say why not.
func (d Defects) trial(scenario string, end *death) *matrix.Trial {
	stacks, ok := traceback.Parse(end.log)
	if !ok {
		return nil
	}
	t := &matrix.Trial{Scenario: scenario, Outcome: matrix.OutcomeLeak}
	what, goroutines := stacks.Message, stacks.Goroutines
	switch {
	case d.Hang && end.Kind == matrix.FailureTimeout:
		t.Observed, what = matrix.ObservedHang, end.Reason
	case d.Hang && end.Kind == matrix.FailureCrash && stacks.AllAsleep():
		t.Observed = matrix.ObservedHang
	case d.Panic && end.Kind == matrix.FailureCrash && stacks.Message != "" && !stacks.AllAsleep():
		t.Observed, goroutines = matrix.ObservedPanic, goroutines[:1] // that one panicked
	default:
		return nil
	}
	for _, g := range goroutines {
		calls := g.In(d.Target, d.Own)
		if calls == nil && t.Observed == matrix.ObservedPanic {
			calls = g.Started(d.Target, d.Own) // what runs on its own need not be why others wait
		}
		if calls != nil {
			t.Why = oneLine(what + ", " + traceback.Describe(calls))
			return t
		}
	}
	end.Reason = oneLine(fmt.Sprintf("%s, and not in a call of %s by the reproduction", end.Reason, d.Target))
	return nil
}

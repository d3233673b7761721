package trial

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/traceback"
)

// The exit codes of a program, as git bisect run has them. Others from 1 on mean that
// the defect is there, and above codeSkip that the program itself failed.
const (
	codeGood = 0
	codeSkip = 125 // this release cannot be asked
)

// An exit is the trial of a program whose exit code counts.
type exit struct {
	reported
	out    proc.Tail
	target string    // module path
	before *baseline // nil if the program does not count
}

func (e *exit) Write(p []byte) (int, error) { return e.out.Write(p) }

func (e *exit) onProgress(func()) {}

// finish takes the exit code for the outcome. A Go program that panics exits with 2. That
// is an end of its own, see Defects.
func (e *exit) finish(end ending) error {
	code := codeGood
	if end.err != nil {
		code = proc.Failed(end.err).ExitCode()
	}
	if _, died := traceback.Parse(end.log); code > codeSkip || code != codeGood && died {
		return end.err
	}
	t := matrix.Trial{Scenario: e.scenario, Outcome: matrix.OutcomeClean, Observed: matrix.ObservedExit}
	if code != codeGood {
		printed := end.cut(e.out.String()) + "\n" + end.log
		if err := end.fair(printed); err != nil {
			return err
		}
		t.Outcome, t.Why = matrix.OutcomeLeak, oneLine(withLast(end.err.Error(), printed))
	}
	if code == codeSkip {
		t.Outcome, t.Unsupported = matrix.OutcomeInconclusive, true
	} else if err := e.checkRan(end, code, &t); err != nil {
		return err
	}
	e.trials = append(e.trials, t)
	return nil
}

// checkRan makes a trial inconclusive in which no code of the target ran.
func (e *exit) checkRan(end ending, code int, t *matrix.Trial) error {
	if e.before == nil || end.ran == nil {
		return nil
	}
	after, err := end.ran()
	if err != nil {
		return err
	}
	if why := e.before.unproven(after, fmt.Sprintf("the program exited with %d", code), e.target); why != "" {
		t.Outcome, t.Why = matrix.OutcomeInconclusive, oneLine(why)
	}
	return nil
}

// Package trial is the fifth stage: it runs a scenario of one binary under limits and
// collects what its trials report.
//
// The reproduction is an untrusted program: it may crash, hang, print without end, or
// print nonsense. Each of these ends one process and becomes a failure in the trace.
// The remaining trials run in another process.
package trial

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// Limits bound the processes of a reproduction. They are part of the key of a trace,
// since other limits could give another trace.
type Limits struct {
	Trial    time.Duration // for each trial to be reported; 0 for no bound
	Output   int64         // bytes on each of stdout and stderr of a process; 0 for no bound
	Failures int           // failed processes after which the remaining trials are given up; 0 for no bound
}

// Run executes n trials of a scenario and returns what they reported, numbered from 0
// in the order of the reports. A process that fails counts as the trial that it did
// not report.
//
// An error means that not all trials could be executed: the context ended, or the
// binary cannot be started. The trace has what was reported until then.
func Run(ctx context.Context, p Program, scenario matrix.Scenario, n int, limits Limits) (*matrix.Trace, error) {
	trace := &matrix.Trace{Scenario: scenario.Name}
	before, err := p.idle(ctx, limits)
	if err != nil {
		return trace, fmt.Errorf("running scenario %s: %w", scenario.Name, err)
	}
	for left := n; left > 0; {
		args, read := p.ask(scenario, left, before)
		failure, err := p.run(ctx, args, limits, read)
		out := read.base()
		for _, t := range out.trials {
			t.Trial = len(trace.Trials)
			trace.Trials = append(trace.Trials, t)
		}
		trace.CPU += matrix.Seconds(out.cpu)
		if err != nil {
			return trace, fmt.Errorf("running scenario %s: %w", scenario.Name, err)
		}
		left -= len(out.trials)
		if failure == nil && len(out.trials) < out.want {
			failure = &death{Failure: matrix.Failure{Kind: matrix.FailureOutput, Reason: "exit status 0 before all trials were reported"}}
		}
		if failure == nil {
			continue
		}
		left--
		if t := p.Defects.trial(scenario.Name, failure); t != nil {
			t.Trial = len(trace.Trials)
			trace.Trials = append(trace.Trials, *t)
			continue
		}
		if p.Speaks.Reports() {
			failure.Reason = fmt.Sprintf("after %d of %d trials: %s", len(out.trials), out.want, failure.Reason)
		}
		trace.Failures = append(trace.Failures, failure.Failure)
		if limits.Failures > 0 && len(trace.Failures) >= limits.Failures {
			break
		}
	}
	return trace, nil
}

// ask returns the arguments of a process that runs up to n trials of a scenario, and what
// reads its report. Before is nil if it does not count how often code of the target runs.
func (p Program) ask(scenario matrix.Scenario, n int, before *baseline) ([]string, report) {
	switch p.Speaks {
	case matrix.SpeechTest:
		t := &tested{reported: reported{scenario: scenario.Name, want: 1}, name: testName(scenario.Test), marked: p.Tests.Marked, target: p.Defects.Target, before: before}
		return p.Tests.args(Pattern(t.name)), t
	case matrix.SpeechExit:
		return scenario.Args, &exit{reported: reported{scenario: scenario.Name, want: 1}, out: proc.Tail{Max: maxLog}, target: p.Defects.Target, before: before}
	default:
		args := []string{"run", "-scenario", scenario.Name, "-trials", strconv.Itoa(n)}
		return args, &lines{reported: reported{scenario: scenario.Name, want: n}}
	}
}

package zerortt

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// A soakCount counts the trials of one scenario.
type soakCount struct {
	name                string
	trials, leak, clean int
	inconclusive        int
	misjudged           int // trials that differ from the cell's expected verdict, or that the wire contradicts
	failed              int // trials whose process failed
	elapsed             []time.Duration
}

// A soak counts all trials of make soak.
type soak struct {
	scenarios []soakCount
	wrong     []string // cells and rows that are not as expected
	trials    []string // trials that are not as expected
}

// cell counts the trials of a cell whose expected verdict is want.
func (a *soak) cell(row string, sum *soakCount, c matrix.Cell, want matrix.Verdict, r *sweep.Recalled) {
	if c.Verdict != want {
		a.wrong = append(a.wrong, fmt.Sprintf("%s/%s is %s, want %s: %s", row, sum.name, c.Verdict, want, c.Reason))
	}
	i := 0
	for _, trace := range []*matrix.Trace{r.Trace, r.Apart} {
		if trace == nil {
			continue
		}
		sum.failed += len(trace.Failures)
		for _, trial := range trace.Trials {
			if !sum.add(trial, r.Count[i], want) {
				a.trials = append(a.trials, fmt.Sprintf("%s/%s: trial %d counts as %s: %s", row, sum.name, trial.Trial, r.Count[i], trial.Why))
			}
			i++
		}
	}
}

// add counts a trial, and reports whether it is as the verdict of its cell says.
func (c *soakCount) add(trial matrix.Trial, outcome matrix.Outcome, want matrix.Verdict) bool {
	c.trials++
	c.elapsed = append(c.elapsed, time.Duration(trial.ElapsedUS)*time.Microsecond)
	switch outcome {
	case matrix.OutcomeLeak:
		c.leak++
	case matrix.OutcomeClean:
		c.clean++
	default:
		c.inconclusive++
		return false
	}
	contradicted := trial.Wire != nil && trial.Wire.Unread == "" && !trial.Wire.Agrees
	if string(outcome) == string(want) && !contradicted {
		return true
	}
	c.misjudged++
	return false
}

// all returns the sum over all scenarios.
func (a *soak) all() soakCount {
	sum := soakCount{name: "all"}
	for _, c := range a.scenarios {
		sum.trials += c.trials
		sum.leak += c.leak
		sum.clean += c.clean
		sum.inconclusive += c.inconclusive
		sum.misjudged += c.misjudged
		sum.failed += c.failed
		sum.elapsed = append(sum.elapsed, c.elapsed...)
	}
	return sum
}

// problems returns why the soak fails: a cell is not as expected, a trial was
// misjudged or its process failed, or one trial in a thousand or more was
// inconclusive.
func (a *soak) problems() []string {
	sum := a.all()
	problems := slices.Clone(a.wrong)
	if sum.trials == 0 {
		problems = append(problems, "no trial was run")
	}
	if sum.misjudged > 0 {
		problems = append(problems, fmt.Sprintf("%d trials were misjudged", sum.misjudged))
	}
	if sum.failed > 0 {
		problems = append(problems, fmt.Sprintf("the processes of %d trials failed", sum.failed))
	}
	if sum.inconclusive*1000 >= max(1, sum.trials) {
		problems = append(problems, fmt.Sprintf("%d of %d trials were inconclusive: want less than one in a thousand", sum.inconclusive, sum.trials))
	}
	if len(problems) > 0 {
		problems = append(problems, a.trials...)
	}
	return problems
}

// table returns a line for each scenario, and one for all of them.
func (a *soak) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-22s %7s %7s %7s %13s %10s %7s %10s\n", "scenario", "trials", "leak", "clean", "inconclusive", "misjudged", "failed", "median")
	for _, c := range append(slices.Clone(a.scenarios), a.all()) {
		fmt.Fprintf(&b, "%-22s %7d %7d %7d %13d %10d %7d %7.1f ms\n", c.name, c.trials, c.leak, c.clean, c.inconclusive, c.misjudged, c.failed,
			float64(c.median().Microseconds())/1000)
	}
	for _, line := range a.trials {
		fmt.Fprintln(&b, line)
	}
	return b.String()
}

// median returns the median time of the trials.
func (c *soakCount) median() time.Duration {
	if len(c.elapsed) == 0 {
		return 0
	}
	slices.Sort(c.elapsed)
	return c.elapsed[len(c.elapsed)/2]
}

// TestSoakFails checks that each of its limits can make the soak fail.
func TestSoakFails(t *testing.T) {
	leak, clean, none := matrix.OutcomeLeak, matrix.OutcomeClean, matrix.OutcomeInconclusive
	agrees, contradicts, unread := &matrix.Wire{Agrees: true}, &matrix.Wire{}, &matrix.Wire{Unread: "no key"}
	tests := []struct {
		name    string
		trials  int // clean ones, besides
		outcome matrix.Outcome
		wire    *matrix.Wire
		failed  int
		verdict matrix.Verdict
		want    string // part of a problem; empty for none
	}{
		{"all is clean", 1000, clean, agrees, 0, matrix.VerdictClean, ""},
		{"the wire cannot be read", 1000, clean, unread, 0, matrix.VerdictClean, ""},
		{"a trial leaks", 1000, leak, agrees, 0, matrix.VerdictClean, "1 trials were misjudged"},
		{"the wire contradicts a trial", 1000, clean, contradicts, 0, matrix.VerdictClean, "1 trials were misjudged"},
		{"a process fails", 1000, clean, agrees, 1, matrix.VerdictClean, "the processes of 1 trials failed"},
		{"a cell has another verdict", 1000, clean, agrees, 0, matrix.VerdictError, "v1/some is error, want clean: why"},
		{"one in a thousand is inconclusive", 999, none, nil, 0, matrix.VerdictClean, "1 of 1000 trials were inconclusive"},
		{"fewer are inconclusive", 1000, none, nil, 0, matrix.VerdictClean, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := &sweep.Recalled{Trace: &matrix.Trace{Trials: make([]matrix.Trial, test.trials), Failures: make([]matrix.Failure, test.failed)}}
			r.Count = slices.Repeat([]matrix.Outcome{clean}, test.trials)
			r.Apart = &matrix.Trace{Trials: []matrix.Trial{{Wire: test.wire}}}
			r.Count = append(r.Count, test.outcome)
			a := &soak{scenarios: []soakCount{{name: "some"}, {name: "another"}}}
			a.cell("v1", &a.scenarios[0], matrix.Cell{Verdict: test.verdict, Reason: "why"}, matrix.VerdictClean, r)
			got := strings.Join(a.problems(), "\n")
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("problems: %q, want %q", got, test.want)
			}
			if sum := a.all(); sum.trials != test.trials+1 || strings.Count(a.table(), "\n") < 4 {
				t.Errorf("%d trials were counted: %s", sum.trials, a.table())
			}
		})
	}
	if (&soak{}).problems() == nil {
		t.Error("a soak without trials does not fail")
	}
}

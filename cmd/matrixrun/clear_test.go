package main

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// Parts of the checks below: what results know of a release with the probes a and b, and
// what the program gets to.
var (
	clean  = matrix.Advice{State: matrix.StateOK, Clean: []string{"a", "b"}}
	leaks  = matrix.Advice{State: matrix.StateOK, Affected: true, Leaks: []string{"a"}, Clean: []string{"b"}}
	part   = matrix.Advice{State: matrix.StateOK, Clean: []string{"a"}, Unknown: []string{"b"}}
	moot   = matrix.Advice{State: matrix.StateOK, Clean: []string{"a"}, Untestable: []string{"b"}}
	older  = matrix.Advice{State: matrix.StateOK, Clean: []string{"a"}} // of results without the probe b
	broken = matrix.Advice{State: matrix.StateBuildFailed, Clean: []string{"a", "b"}}
	never  = []matrix.Reach{{Scenario: "a", State: matrix.NotReached}, {Scenario: "b", State: matrix.NotReached}}
	gets   = []matrix.Reach{{Scenario: "a", State: matrix.Reached}}
	maybe  = []matrix.Reach{{Scenario: "a", State: matrix.ReachUnknown, Why: "why"}}
	other  = []matrix.Reach{{Scenario: "b", State: matrix.NotReached}}
	gone   = []matrix.Unseen{{Module: "example.com/gone", Why: "why"}}
)

// used returns a use of a release.
func used(a matrix.Advice, reach ...matrix.Reach) matrix.Use {
	u := matrix.Use{Module: "example.com/lib", Version: "v1.0.0", Advice: &a, Reach: reach}
	for _, name := range a.Leaks {
		u.Cells = append(u.Cells, matrix.Cell{Scenario: name, Verdict: matrix.VerdictLeak, Trials: 1, Leaks: 1})
	}
	return u
}

// built returns the uses of a program.
func built(uses ...matrix.Use) []matrix.Use { return uses }

// cannot is a use of a release in which no scenario can happen, unmeasured one of code that
// was not measured. Its base would be clean, and is not reached.
var (
	cannot     = matrix.Use{Module: "example.com/lib", Version: "v0.1.0", Unaffected: "it has no Act"}
	unmeasured = matrix.Use{Module: "example.com/fork", Unknown: "why", Base: []matrix.Advice{clean}, Reach: never}
)

// answered lists all ways to an all-clear, and all near misses: checks that have most of a
// proof. None of these may be taken for one, in any format or by the action.
var answered = []struct {
	name  string
	check matrix.Check // with two probes and a module that was looked at, unless it is empty
	want  string
}{
	{"no code of the target", matrix.Check{}, "false"},
	{"measured and clean", matrix.Check{Uses: built(used(clean))}, "false"},
	{"clean, and nothing to test", matrix.Check{Uses: built(used(moot))}, "false"},
	{"cannot happen", matrix.Check{Uses: built(cannot)}, "false"},
	{"not reached", matrix.Check{Uses: built(used(leaks, never...))}, "false"},
	{"not measured where it is not reached", matrix.Check{Uses: built(used(part, never...))}, "false"},
	{"every use has a proof", matrix.Check{Uses: built(used(clean), cannot, used(leaks, never...))}, "false"},

	{"no code in what was looked at", matrix.Check{Unseen: gone}, "unknown"},
	{"no code, and modules may be missing", matrix.Check{Partial: "why"}, "unknown"},
	{"no module was looked at", matrix.Check{Looked: -1}, "unknown"},
	{"no code, and the results have no probe", matrix.Check{Probes: []string{}}, "unknown"},
	{"clean, and the results have no probe", matrix.Check{Probes: []string{}, Uses: built(used(clean))}, "unknown"},
	{"clean, and not all was looked at", matrix.Check{Uses: built(used(clean)), Unseen: gone}, "unknown"},
	{"clean, and modules may be missing", matrix.Check{Uses: built(used(clean)), Partial: "why"}, "unknown"},
	{"clean in a part", matrix.Check{Uses: built(used(part))}, "unknown"},
	{"clean in results without a probe", matrix.Check{Uses: built(used(older))}, "unknown"},
	{"clean in a row that was not built", matrix.Check{Uses: built(used(broken))}, "unknown"},
	{"clean, and a fork", matrix.Check{Uses: built(used(clean), unmeasured)}, "unknown"},
	{"a fork of what is clean and not reached", matrix.Check{Uses: built(unmeasured)}, "unknown"},
	{"a fork with the label of what cannot happen", matrix.Check{Uses: built(matrix.Use{Unaffected: "why", Unknown: "why"})}, "unknown"},
	{"nothing is said of a use", matrix.Check{Uses: built(matrix.Use{Module: "example.com/lib"})}, "unknown"},
	{"cannot happen, and not all was looked at", matrix.Check{Uses: built(cannot), Unseen: gone}, "unknown"},
	{"not reached, and not all was looked at", matrix.Check{Uses: built(used(leaks, never...)), Unseen: gone}, "unknown"},
	{"not reached, and modules may be missing", matrix.Check{Uses: built(used(leaks, never...)), Partial: "why"}, "unknown"},
	{"not measured where it is not reached, and all counts", matrix.Check{Uses: built(used(part, never...)), FailOn: matrix.FailOnBuilt}, "unknown"},
	{"leaks, and a fork", matrix.Check{Uses: built(used(leaks), unmeasured)}, "unknown"},

	{"leaks", matrix.Check{Uses: built(used(leaks))}, "true"},
	{"leaks where the program gets", matrix.Check{Uses: built(used(leaks, gets...))}, "true"},
	{"leaks where it may get", matrix.Check{Uses: built(used(leaks, maybe...))}, "true"},
	{"another probe is not reached", matrix.Check{Uses: built(used(leaks, other...))}, "true"},
	{"not reached, and all counts", matrix.Check{Uses: built(used(leaks, never...)), FailOn: matrix.FailOnBuilt}, "true"},
	{"one of two leaks", matrix.Check{Uses: built(used(clean), used(leaks))}, "true"},
	{"leaks, and not all was looked at", matrix.Check{Uses: built(used(leaks)), Unseen: gone, Partial: "why"}, "true"},
}

// TestAllClear checks what each format and the action say of these checks.
func TestAllClear(t *testing.T) {
	for _, test := range answered {
		t.Run(test.name, func(t *testing.T) {
			c := test.check
			c.Suite, c.Target, c.Looked = "sample", "example.com/lib", c.Looked+1
			if c.Probes == nil {
				c.Probes = []string{"a", "b"}
			}
			if c.FailOn == "" {
				c.FailOn = matrix.FailOnReached
			}
			c.Conclude()
			for _, f := range checkFormats {
				var out bytes.Buffer
				if err := f.write(&out, report.Checks{&c}, report.Screen{}); err != nil {
					t.Fatal(err)
				}
				got := said[f.name](out.String())
				switch single := f.name != "sarif" && f.name != "openvex" && f.name != annotations; {
				case got == test.want:
				case f.name == "openvex" && c.FailOn == matrix.FailOnBuilt: // a statement has no such choice
				case !single && got == "true" && len(c.Uses) > 1: // that one use leaks, and another one is not known
				default:
					t.Errorf("%s says %q, want %q:\n%s", f.name, got, test.want, out.String())
				}
			}
			if r := runVerdict(t, strconv.Itoa(c.Exit()), ""); !strings.Contains(r.outputs, "affected="+test.want+" ") {
				t.Errorf("exit code %d, and the action says %q, want %q", c.Exit(), r.outputs, test.want)
			}
		})
	}
}

// TestNothingConcluded checks that a check is unknown before anything is concluded.
func TestNothingConcluded(t *testing.T) {
	c := matrix.Check{Looked: 1, Probes: []string{"a"}, Uses: built(used(clean))}
	if c.Exit() != matrix.ExitUnknown || c.Uses[0].AnswerFor("a") != matrix.AnswerUnknown {
		t.Errorf("exit code %d, answer %s", c.Exit(), c.Uses[0].AnswerFor("a"))
	}
}

// said has for each format what a reader of it takes a result for.
var said = map[string]func(out string) string{
	"terminal":  reads(`Result: affected\.`, `Result: not known\.`),
	"markdown":  reads(`Result: affected\.`, `Result: not known\.`),
	"json":      reads(`(?m)^  "affected": "true"`, `(?m)^  "affected": "unknown"`),
	"sarif":     reads(`"level": "error"`, `"level": "warning"`),
	"openvex":   reads(`"status": "affected"`, `"status": "under_investigation"|"statements": (null|\[\])`),
	annotations: reads(`(?m)^::error `, `(?m)^::warning `),
}

// reads returns a reader that takes an output with these words for affected or for unknown,
// and any other one for an all-clear.
func reads(affected, unknown string) func(string) string {
	return func(out string) string {
		switch {
		case regexp.MustCompile(unknown).MatchString(out) && !regexp.MustCompile(affected).MatchString(out):
			return "unknown"
		case regexp.MustCompile(affected).MatchString(out):
			return "true"
		}
		return "false"
	}
}

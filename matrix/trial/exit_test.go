package trial_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// exitAs ends the test binary as the arguments say, after "exits".
func exitAs(args []string) {
	if args[0] == "panic" {
		panic("no good")
	}
	fmt.Println(strings.ReplaceAll(strings.Join(args[1:], " "), "HOME", os.Getenv("HOME")))
	code, err := strconv.Atoi(args[0])
	check(err)
	os.Exit(code)
}

// TestExitCodes checks what each exit code of a program counts as.
func TestExitCodes(t *testing.T) {
	tests := []struct {
		args    []string
		outcome matrix.Outcome // empty for a failure
		why     string
	}{
		{[]string{"0", "fine"}, matrix.OutcomeClean, ""},
		{[]string{"1", "got 1"}, matrix.OutcomeLeak, "exit status 1: got 1"},
		{[]string{"3", "see HOME/log"}, matrix.OutcomeLeak, "exit status 3: see $TMPDIR/log"},
		{[]string{"124"}, matrix.OutcomeLeak, "exit status 124"},
		{[]string{"125", "too old"}, matrix.OutcomeInconclusive, "exit status 125: too old"},
		{[]string{"126"}, "", "exit status 126"},
		{[]string{"255"}, "", "exit status 255"},
		{[]string{"panic"}, "", "exit status 2: panic: no good"},
	}
	for _, test := range tests {
		t.Run(test.args[0], func(t *testing.T) {
			t.Parallel()
			p := program(t)
			p.Speaks = matrix.SpeechExit
			trace, err := trial.Run(t.Context(), p, matrix.Scenario{Name: "s", Args: append([]string{"exits"}, test.args...)}, 2, limits)
			if err != nil {
				t.Fatal(err)
			}
			if test.outcome == "" {
				if len(trace.Trials) > 0 || len(trace.Failures) != 2 || trace.Failures[1].Reason != test.why {
					t.Errorf("%+v", trace)
				}
				return
			}
			want := matrix.Trial{Scenario: "s", Trial: 1, Outcome: test.outcome, Why: test.why, Observed: matrix.ObservedExit, Unsupported: test.args[0] == "125"}
			if len(trace.Failures) > 0 || len(trace.Trials) != 2 || fmt.Sprint(trace.Trials[1]) != fmt.Sprint(want) {
				t.Errorf("%+v\nwant %+v", trace, want)
			}
		})
	}
}

// TestExitOfMachine checks that a program that could not do its work here shows nothing:
// a full disk is no defect.
func TestExitOfMachine(t *testing.T) {
	t.Parallel()
	p := program(t)
	p.Speaks = matrix.SpeechExit
	trace, err := trial.Run(t.Context(), p, matrix.Scenario{Name: "s", Args: []string{"exits", "1", "write x: no space left on device"}}, 1, limits)
	if err == nil || len(trace.Trials)+len(trace.Failures) > 0 {
		t.Errorf("%+v, %v", trace, err)
	}
}

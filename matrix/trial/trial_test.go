package trial_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	_ "github.com/matrixrun/matrixrun/matrix/internal/exittest"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// TestMain makes the test binary the reproduction too: it plays the scenario on its
// command line. A variable could not tell it, since a reproduction gets none.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "run" {
		flags := flag.NewFlagSet("run", flag.ExitOnError)
		scenario := flags.String("scenario", "", "")
		n := flags.Int("trials", 0, "")
		folder := ""
		if os.Args[3] != "no-such-flag" {
			flags.StringVar(&folder, "evidence", "", "")
		}
		peer := flags.String("peer", "", "")
		_ = flags.Parse(os.Args[2:])
		if *peer != "" {
			talk(*scenario, *n, *peer)
			os.Exit(0)
		}
		if folder != "" {
			playWithEvidence(*scenario, *n, folder)
		} else {
			play(*scenario, *n)
		}
		os.Exit(0)
	}
	if len(os.Args) > 2 && os.Args[1] == "exits" {
		exitAs(os.Args[2:])
	}
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		playServer(filepath.Base(os.Args[0]))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// asked is the number of trials that the tests ask for. It tells a scenario whether
// its process is the first one.
const asked = 5

// play prints n trials and misbehaves after two of them, as the scenario's name says;
// in the first process only if the name begins with "first-".
func play(scenario string, n int) {
	role, isOnce := strings.CutPrefix(scenario, "first-")
	for i := range n {
		if i == 2 && (n == asked || !isOnce) {
			misbehave(role)
		}
		outcome := "clean"
		if role == "leak" {
			outcome = "leak"
		}
		fmt.Printf(`{"scenario":%q,"trial":%d,"outcome":%q,"proof":{"attempted":true},"elapsed_us":7}`+"\n", scenario, i, outcome)
		if role == "slow" {
			time.Sleep(slowTrial)
		}
	}
	switch role {
	case "too-many":
		fmt.Printf(`{"scenario":%q,"outcome":"clean"}`+"\n", scenario)
	case "crash-at-the-end":
		panic("too late")
	case "grandchild":
		grandchild := exec.Command(os.Args[0], "run", "-scenario", "hang", "-trials", "5")
		grandchild.Stdout, grandchild.Stderr = io.Discard, os.Stderr // keeps the pipe open
		if err := grandchild.Start(); err != nil {
			panic(err)
		}
	}
}

const (
	trialLimit = 4 * time.Second
	slowTrial  = trialLimit / 4
)

func misbehave(role string) {
	switch role {
	case "crash":
		fmt.Fprintln(os.Stderr, "about to crash in", os.Getenv("HOME"))
		panic("no\tgood")
	case "exit":
		fmt.Fprintf(os.Stderr, "%s: giving up\n", os.Args[0])
		os.Exit(3)
	case "kill":
		self, err := os.FindProcess(os.Getpid())
		check(err)
		check(self.Kill())
	case "full":
		_, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		check(err)
		check(os.WriteFile("/dev/full", []byte("x"), 0))
	case "fill":
		_ = os.WriteFile("junk", make([]byte, 64<<20), 0o666) // as far as it goes
		os.Exit(3)
	case "hungry":
		size := uint64(6) << 30
		runtime.KeepAlive(make([]byte, size))
		os.Exit(3)
	case "curious":
		_, err := os.ReadDir("/home")
		check(err)
	case "lost":
		_, err := net.Dial("udp", "192.0.2.1:9") // for documentation, RFC 5737
		fmt.Printf(`{"scenario":"lost","outcome":"inconclusive","why":%q}`+"\n", fmt.Sprint("no answer: ", err))
		os.Exit(0)
	case "cut":
		fmt.Print(`{"scenario":"first-cut","outcome":"cl`)
		os.Exit(4)
	case "hang":
		hangHere()
	case "busy":
		for busy := 0; ; busy++ {
			_ = busy
		}
	case "observed":
		fmt.Println(`{"scenario":"first-observed","outcome":"leak","observed":"panic"}`)
		os.Exit(1)
	case "quit":
		os.Exit(0)
	case "flood":
		flood(os.Stdout)
	case "flood-log":
		flood(os.Stderr)
	case "garbage":
		fmt.Println("listening on port 4711")
		hangHere()
	case "null":
		fmt.Println("null")
	case "outcome":
		fmt.Println(`{"scenario":"first-outcome","outcome":"fine"}`)
	case "severity":
		fmt.Println(`{"scenario":"first-severity","outcome":"leak","severity":"awful"}`)
	case "other":
		fmt.Println(`{"scenario":"another","outcome":"clean"}`)
	}
}

//go:noinline
func hangHere() { time.Sleep(time.Hour) }

func flood(w io.Writer) {
	for {
		if _, err := w.Write(bytes.Repeat([]byte("x"), 4096)); err != nil {
			os.Exit(5)
		}
	}
}

// program returns the test binary as a reproduction, in a sandbox.
func program(t *testing.T) trial.Program {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s, err := sandbox.Find(t.Context(), matrix.SandboxAuto)
	if err != nil {
		t.Fatal(err)
	}
	return trial.Program{Binary: binary, Sandbox: s}
}

var limits = trial.Limits{Trial: time.Minute, Output: 1 << 20}

func TestRun(t *testing.T) {
	tests := []struct {
		scenario string
		trials   int
		kind     matrix.FailureKind // empty for no failure
		reason   string
		log      string // part of it
	}{
		{"leak", 5, "", "", ""},
		{"clean", 5, "", "", ""},
		{"grandchild", 5, "", "", ""},
		{"first-crash", 4, matrix.FailureCrash, "after 2 of 5 trials: exit status 2: panic: no good", "about to crash in $TMPDIR\npanic: no\tgood"},
		{"first-exit", 4, matrix.FailureCrash, "after 2 of 5 trials: exit status 3: repro: giving up", "repro: giving up"},
		{"first-cut", 4, matrix.FailureCrash, "after 2 of 5 trials: exit status 4", ""},
		{"first-quit", 4, matrix.FailureOutput, "after 2 of 5 trials: exit status 0 before all trials were reported", ""},
		{"first-flood", 4, matrix.FailureOutput, "after 2 of 5 trials: more than 1048576 bytes on stdout", ""},
		{"first-flood-log", 4, matrix.FailureOutput, "after 2 of 5 trials: more than 1048576 bytes on stderr", "xxxx"},
		{"first-garbage", 4, matrix.FailureOutput, "after 2 of 5 trials: a line that is no trial (invalid character 'l' looking for beginning of value): \"listening on port 4711\"", ""},
		{"first-null", 4, matrix.FailureOutput, "after 2 of 5 trials: a trial with the outcome \"\": want leak, clean or inconclusive: \"null\"", ""},
		{"first-outcome", 4, matrix.FailureOutput, "after 2 of 5 trials: a trial with the outcome \"fine\": want leak, clean or inconclusive: " + `"{\"scenario\":\"first-outcome\",\"outcome\":\"fine\"}"`, ""},
		{"first-severity", 4, matrix.FailureOutput, "after 2 of 5 trials: a trial with the severity \"awful\": want mild or severe: " + `"{\"scenario\":\"first-severity\",\"outcome\":\"leak\",\"severity\":\"awful\"}"`, ""},
		{"first-other", 4, matrix.FailureOutput, "after 2 of 5 trials: a trial of the scenario \"another\", which was not asked for: " + `"{\"scenario\":\"another\",\"outcome\":\"clean\"}"`, ""},
		{"too-many", 5, matrix.FailureOutput, "after 5 of 5 trials: more trials than were asked for: " + `"{\"scenario\":\"too-many\",\"outcome\":\"clean\"}"`, ""},
		{"crash-at-the-end", 5, matrix.FailureCrash, "after 5 of 5 trials: exit status 2: panic: too late", "too late"},
	}
	for _, test := range tests {
		t.Run(test.scenario, func(t *testing.T) {
			t.Parallel()
			trace, err := trial.Run(t.Context(), program(t), matrix.Scenario{Name: test.scenario}, asked, limits)
			if err != nil {
				t.Fatal(err)
			}
			checkTrials(t, trace, test.scenario, test.trials)
			if test.kind == "" {
				if len(trace.Failures) != 0 {
					t.Errorf("failures %+v", trace.Failures)
				}
				return
			}
			if len(trace.Failures) != 1 {
				t.Fatalf("%d failures, want one: %+v", len(trace.Failures), trace.Failures)
			}
			failure := trace.Failures[0]
			if failure.Kind != test.kind || failure.Reason != test.reason {
				t.Errorf("failure %q: %s\nwant    %q: %s", failure.Kind, failure.Reason, test.kind, test.reason)
			}
			// A panic of this binary shows where its source is, maybe in a temporary
			// folder: only the process's own folder must be gone.
			if !strings.Contains(failure.Log, test.log) || strings.Contains(failure.Log, "matrixrun-run-") || len(failure.Log) > 40<<10 {
				t.Errorf("log of %d bytes, want one with %q and no path of this machine:\n%.2000s", len(failure.Log), test.log, failure.Log)
			}
		})
	}
}

// checkTrials checks that a trace has n trials, numbered from 0.
func checkTrials(t *testing.T, trace *matrix.Trace, scenario string, n int) {
	t.Helper()
	outcome := matrix.OutcomeClean
	if scenario == "leak" {
		outcome = matrix.OutcomeLeak
	}
	var want []matrix.Trial
	for i := range n {
		want = append(want, matrix.Trial{Scenario: scenario, Trial: i, Outcome: outcome, Proof: map[string]any{"attempted": true}, ElapsedUS: 7})
	}
	if diff := cmp.Diff(want, trace.Trials); diff != "" || trace.Scenario != scenario {
		t.Errorf("trials of %q (-want +got):\n%s", trace.Scenario, diff)
	}
}

func TestHang(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it waits for seconds")
	}
	t.Parallel()
	l := limits
	l.Trial = trialLimit
	trace, err := trial.Run(t.Context(), program(t), matrix.Scenario{Name: "first-hang"}, asked, l)
	if err != nil {
		t.Fatal(err)
	}
	checkTrials(t, trace, "first-hang", 4)
	if len(trace.Failures) != 1 {
		t.Fatalf("failures %+v, want one", trace.Failures)
	}
	failure := trace.Failures[0]
	if want := "after 2 of 5 trials: nothing was reported for 4s"; failure.Kind != matrix.FailureTimeout || failure.Reason != want {
		t.Errorf("failure %q: %s, want %s", failure.Kind, failure.Reason, want)
	}
	if runtime.GOOS != "windows" && !strings.Contains(failure.Log, "hangHere") {
		t.Errorf("the log does not show where it hung:\n%s", failure.Log)
	}
}

// TestSlowTrialsAreNoHang checks that the limit is for one trial, not for all of them.
func TestSlowTrialsAreNoHang(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it waits for seconds")
	}
	t.Parallel()
	l := limits
	l.Trial = trialLimit
	trace, err := trial.Run(t.Context(), program(t), matrix.Scenario{Name: "slow"}, asked, l)
	if err != nil || len(trace.Failures) > 0 {
		t.Fatalf("Run: %v, failures %+v", err, trace.Failures)
	}
	checkTrials(t, trace, "slow", asked)
}

// here is the code of this package, in which the test binary dies when it is the target.
var here = trial.Defects{Target: "github.com/matrixrun/matrixrun/matrix/trial_test", Own: "example.com/nobody"}

// TestPanicIsDefect checks that a panic in the target is a leak, but not a panic in the
// reproduction, or if nobody asked for it.
func TestPanicIsDefect(t *testing.T) {
	asks, own := here, here
	asks.Panic, own.Panic, own.Target, own.Own = true, true, own.Own, own.Target
	tests := []struct {
		name    string
		defects trial.Defects
		leaks   bool
	}{{"asked for", asks, true}, {"not asked for", here, false}, {"in its own code", own, false}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := program(t)
			p.Defects = test.defects
			trace, err := trial.Run(t.Context(), p, matrix.Scenario{Name: "first-crash"}, asked, limits)
			if err != nil {
				t.Fatal(err)
			}
			if !test.leaks {
				if len(trace.Failures) != 1 || len(trace.Trials) != 4 {
					t.Errorf("%+v", trace)
				}
				return
			}
			if len(trace.Failures) > 0 || len(trace.Trials) != 5 {
				t.Fatalf("%+v", trace)
			}
			third := trace.Trials[2]
			want := "panic: no good, in github.com/matrixrun/matrixrun/matrix/trial_test.misbehave ("
			if third.Trial != 2 || third.Outcome != matrix.OutcomeLeak || third.Observed != matrix.ObservedPanic || !strings.HasPrefix(third.Why, want) {
				t.Errorf("%+v", third)
			}
		})
	}
}

// TestHangIsDefect checks that a call of the target that does not return is a leak.
func TestHangIsDefect(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it waits for seconds")
	}
	if runtime.GOOS == "windows" {
		t.Skip("a process that is ended there prints no stacks")
	}
	t.Parallel()
	p, l := program(t), limits
	p.Defects, l.Trial = here, trialLimit
	p.Defects.Hang = true
	for _, scenario := range []string{"first-hang", "first-busy"} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			trace, err := trial.Run(t.Context(), p, matrix.Scenario{Name: scenario}, asked, l)
			if err != nil || len(trace.Failures) > 0 || len(trace.Trials) != 5 {
				t.Fatalf("%+v, %v", trace, err)
			}
			if third := trace.Trials[2]; third.Observed != matrix.ObservedHang || !strings.HasPrefix(third.Why, "nothing was reported for 4s, in github.com/") {
				t.Errorf("%+v", third)
			}
		})
	}
}

// TestObservedIsNotReported checks that a reproduction cannot spare itself the proof.
func TestObservedIsNotReported(t *testing.T) {
	t.Parallel()
	trace, err := trial.Run(t.Context(), program(t), matrix.Scenario{Name: "first-observed"}, asked, limits)
	if err != nil || len(trace.Trials) < 3 || trace.Trials[2].Observed != "" {
		t.Errorf("%+v, %v", trace, err)
	}
}

func TestGivingUp(t *testing.T) {
	tests := []struct{ most, trials, failures int }{
		{0, 7, 3}, // 2 of 10, 2 of 7, 2 of 4, and then the last one
		{1, 2, 1},
		{2, 4, 2},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.most), func(t *testing.T) {
			t.Parallel()
			l := limits
			l.Failures = test.most
			trace, err := trial.Run(t.Context(), program(t), matrix.Scenario{Name: "exit"}, 10, l)
			if err != nil {
				t.Fatal(err)
			}
			if len(trace.Failures) != test.failures {
				t.Errorf("%d failures, want %d: %+v", len(trace.Failures), test.failures, trace.Failures)
			}
			checkTrials(t, trace, "exit", test.trials)
		})
	}
}

func TestCancelKeepsWhatWasFoundOut(t *testing.T) {
	t.Parallel()
	reason := errors.New("the user had enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	// How many of the two trials before the hang are reported before the cancel
	// depends on the machine. Those must be kept, and nothing else.
	timer := time.AfterFunc(trialLimit/2, func() { cancel(reason) })
	defer timer.Stop()
	trace, err := trial.Run(ctx, program(t), matrix.Scenario{Name: "hang"}, asked, limits)
	if !errors.Is(err, reason) {
		t.Errorf("Run: %v, want %v", err, reason)
	}
	if trace == nil || len(trace.Failures) > 0 {
		t.Fatalf("trace %+v", trace)
	}
	checkTrials(t, trace, "hang", len(trace.Trials))
}

// TestBinaryThatCannotBeStarted checks that this is an error, which does not say where the
// binary is on this machine.
func TestBinaryThatCannotBeStarted(t *testing.T) {
	t.Parallel()
	s := program(t).Sandbox
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(broken, []byte("neither a binary nor a script"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range []trial.Program{{Binary: broken}, {Binary: broken + "-missing"}, {Binary: broken, Sandbox: s}, {Binary: broken + "-missing", Sandbox: s}} {
		trace, err := trial.Run(t.Context(), p, matrix.Scenario{Name: "clean"}, asked, limits)
		if err == nil || trace == nil || len(trace.Failures) > 0 || strings.Contains(err.Error(), filepath.Dir(broken)) {
			t.Errorf("Run = %+v, %v; want an error without a path", trace, err)
		}
	}
}

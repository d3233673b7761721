package upstream

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// names returns the names of failed tests.
func names(failed []matrix.FailedTest) (all []string) {
	for _, f := range failed {
		all = append(all, f.Name)
	}
	return all
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, text     string
		exit0          bool
		passed, failed []string
		specs          int
		output         string // part of that of the first failure
	}{
		{name: "passes", exit0: true, text: "=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n--- SKIP: TestB (0.00s)\nPASS\n", passed: []string{"TestA"}},
		{name: "subtests count for their parent", text: "=== RUN   TestA\n=== RUN   TestA/x\n    a_test.go:3: no\n=== RUN   TestA/y\n--- FAIL: TestA (0.00s)\n    --- FAIL: TestA/x (0.00s)\n    --- PASS: TestA/y (0.00s)\nFAIL\n",
			passed: []string{"TestA/y"}, failed: []string{"TestA/x"}, output: "a_test.go:3: no"},
		{name: "the parent alone fails", text: "=== RUN   TestA\n=== RUN   TestA/x\n--- FAIL: TestA (0.00s)\n    --- PASS: TestA/x (0.00s)\nFAIL\n",
			passed: []string{"TestA/x"}, failed: []string{"TestA"}},
		{name: "a result behind output without an end", text: "=== RUN   TestA\nwords--- FAIL: TestA (0.00s)\nFAIL\n", failed: []string{"TestA"}, output: "words"},
		{name: "marks of newer Go", exit0: true, text: "\x16=== RUN   TestA\n=== NAME  TestA\n--- PASS: TestA (0.00s)\nPASS\n", passed: []string{"TestA"}},
		{name: "a crash blames who was running", text: "=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n=== RUN   TestB/x\npanic: oh\n\ngoroutine 7 [running]:\n",
			passed: []string{"TestA"}, failed: []string{"TestB/x"}, output: "panic: oh\n\ngoroutine 7"},
		{name: "a test's own panic", text: "=== RUN   TestA\n--- FAIL: TestA (0.00s)\npanic: oh [recovered]\n", failed: []string{"TestA"}, output: "panic: oh"},
		{name: "nobody to blame", text: "cannot begin\nFAIL\n", failed: []string{""}, output: "cannot begin"},
		{name: "what a test prints is not a result", exit0: true, text: "=== RUN   TestA\n--- FAIL: TestZ (1.00s) they said\n--- PASS: TestA (0.00s)\nPASS\n", passed: []string{"TestA"}},
		{name: "specs", text: "=== RUN   TestSuite\nRunning Suite\n••••\n[FAILED] Expected\n    <int>: 1\nP [PENDING]\n•••\n\nSummarizing 2 Failures:\n  [FAIL] Stream [It] closes\n  a_test.go:7\n  [PANICKED] Conn [BeforeEach] opens\n\nRan 9 of 9 Specs\nFAIL! -- 7 Passed | 2 Failed | 0 Pending\n--- FAIL: TestSuite (1.00s)\nFAIL\n",
			failed: []string{"TestSuite: Conn [BeforeEach] opens", "TestSuite: Stream [It] closes"}, specs: 7, output: "[FAILED] Expected\n    <int>: 1"},
		{name: "specs of the first version", text: "=== RUN   TestSuite\n• Failure [0.1 seconds]\n\nSummarizing 1 Failure:\n\n[Fail] Stream [It] closes \na_test.go:7\n\nFAIL! -- 8 Passed | 1 Failed | 0 Pending | 0 Skipped\n--- FAIL: TestSuite (1.00s)\nFAIL\n",
			failed: []string{"TestSuite: Stream [It] closes"}, specs: 8},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			run := parse(test.text, test.exit0)
			if diff := cmp.Diff([]any{test.passed, test.failed, test.specs}, []any{run.Passed, names(run.Failed), run.Specs}); diff != "" {
				t.Error(diff)
			}
			if len(run.Failed) > 0 && !strings.Contains(run.Failed[0].Output, test.output) {
				t.Errorf("got the output %q", run.Failed[0].Output)
			}
		})
	}
}

func TestExcerptIsBounded(t *testing.T) {
	lines := strings.Split(strings.Repeat(strings.Repeat("x", 1000)+"\n", 100), "\n")
	if n := len(excerpt(lines)); n > excerptBytes {
		t.Errorf("it has %d bytes", n)
	}
}

func TestCompare(t *testing.T) {
	ran := func(passed string, failed ...string) *matrix.TestRun {
		run := &matrix.TestRun{State: matrix.TestsRan, Passed: strings.Fields(passed)}
		for _, name := range failed {
			run.Failed = append(run.Failed, matrix.FailedTest{Name: name})
		}
		return run
	}
	late := func(run *matrix.TestRun) *matrix.TestRun { run.State = matrix.TestsTimedOut; return run }
	broken := &matrix.TestRun{State: matrix.TestsUncompiled, Complaint: "# example.com/lib\n./a_test.go:1:2: no"}
	none := &matrix.TestRun{State: matrix.TestsNone}
	tests := []struct {
		name                 string
		without, with        *matrix.TestRun
		passed               int
		breaks, mends, fails []string
		note                 string
		aside                bool
	}{
		{name: "the same", without: ran("A B"), with: ran("A B"), passed: 2},
		{name: "all kinds", without: ran("A B", "C", "D"), with: ran("A C", "B", "D", "New"), passed: 1,
			breaks: []string{"B", "New"}, mends: []string{"C"}, fails: []string{"D"}},
		{name: "neither compiles", without: broken, with: broken, note: "its tests do not compile without the patch either: ./a_test.go:1:2: no"},
		{name: "compiles with it", without: broken, with: ran("A"), note: "its tests do not compile without the patch, so there is nothing to compare with: ./a_test.go:1:2: no"},
		{name: "compiles without it", without: ran("A"), with: broken, breaks: []string{""}},
		{name: "compiles without it, and its own changes conflict", without: ran("A"), with: broken, aside: true,
			note: "its tests do not compile with the patch, whose own changes of them conflict: ./a_test.go:1:2: no"},
		{name: "fails with it, and its own changes conflict", without: ran("A"), with: ran("", "A"), aside: true, breaks: []string{"A"}},
		{name: "no tests", without: none, with: none, note: "it has no tests"},
		{name: "new tests fail", without: none, with: ran("", "A"), breaks: []string{"A"}},
		{name: "late without", without: late(ran("A", "B")), with: ran("B", "A", "C"), breaks: []string{"A"}, mends: []string{"B"},
			note: "its tests ran out of time without the patch: those that had not run by then could not be compared"},
		{name: "late with", without: ran("A B", "C"), with: late(ran("A", "B")), passed: 1, breaks: []string{"B"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := Compare(test.without, test.with, test.aside)
			want := []any{test.passed, test.breaks, test.mends, test.fails, test.note}
			if diff := cmp.Diff(want, []any{d.Passed, names(d.Breaks), names(d.Mends), names(d.Fails), d.Note}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

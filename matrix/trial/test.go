package trial

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/traceback"
)

// Tests is what the binary of a package's tests needs to run. The zero value is for
// programs.
type Tests struct {
	Dir     string // with the files that the tests may read: an absolute path
	Package string // the folder of the package in it, with slashes
	Marked  bool   // the binary can mark what package testing prints, as it can since Go 1.20
	Counted bool   // the binary counts how often code of the target runs
}

// work returns the folder in which the tests run: that of their package, as for go test.
func (t Tests) work() string {
	if t.Dir == "" {
		return ""
	}
	return filepath.Join(t.Dir, filepath.FromSlash(t.Package))
}

// args returns the arguments with which a binary runs the tests that a pattern matches.
func (t Tests) args(pattern string) []string {
	verbose := "-test.v"
	if t.Marked {
		verbose = "-test.v=test2json"
	}
	return []string{verbose, "-test.count=1", "-test.run=" + pattern}
}

// testName returns the name that package testing gives to a test or subtest.
func testName(name string) string { return strings.ReplaceAll(name, " ", "_") }

// Pattern returns the pattern that selects one test, such as TestParse, or a subtest of it,
// such as TestParse/empty.
func Pattern(name string) string {
	parts := strings.Split(testName(name), "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

// A tested is the trial of a test.
type tested struct {
	reported
	name   string
	marked bool
	target string       // module path
	before *baseline    // nil if the tests do not count
	out    bytes.Buffer // bounded by the limits of the process
}

func (t *tested) Write(p []byte) (int, error) { return t.out.Write(p) }

func (t *tested) onProgress(func()) {}

// finish takes the result of the test for the outcome. A panic is an end of its own, see
// Defects.
func (t *tested) finish(end ending) error {
	if _, died := traceback.Parse(end.log); end.err != nil && died {
		return end.err
	}
	printed := end.cut(t.out.String())
	read := readLog(printed, t.name, t.marked)
	trial := matrix.Trial{Scenario: t.scenario, Observed: matrix.ObservedTest, Outcome: matrix.OutcomeClean}
	switch {
	case read.result == "" || read.result == passed && end.err != nil:
		return t.unfinished(read, end)
	case read.result == skipped || read.result == absent:
		trial.Outcome, trial.Unsupported, trial.Why = matrix.OutcomeInconclusive, true, oneLine(read.why)
	case read.result == failed:
		if err := end.fair(oneLine(read.why) + "\n" + withTail(printed) + "\n" + end.log); err != nil {
			return err
		}
		trial.Outcome, trial.Why = matrix.OutcomeLeak, oneLine(read.why)
	}
	if trial.Unsupported || t.before == nil {
		t.trials = append(t.trials, trial)
		return nil
	}
	after, err := readCounts(end.dir)
	if err != nil {
		return err
	}
	if why := t.before.unproven(after, "the test "+map[string]string{passed: "passed", failed: "failed"}[read.result], t.target); why != "" {
		if read.result == failed {
			why += ": " + read.why
		}
		trial.Outcome, trial.Why = matrix.OutcomeInconclusive, oneLine(why)
	}
	t.trials = append(t.trials, trial)
	return nil
}

// unfinished returns why there is no result of the test.
func (t *tested) unfinished(read testLog, end ending) error {
	status := "exit status 0"
	if end.err != nil {
		status = proc.Failed(end.err).Error()
	}
	said := withLast(status, read.why+"\n"+end.log)
	switch {
	case read.result == passed:
		return wrongf("%s passed, and then the tests ended with %s", t.name, said)
	case read.parent == passed:
		return wrongf("there is no subtest %s: the test passed without it", t.name)
	case read.parent != "":
		return wrongf("the test ended before its subtest %s: %s", t.name, read.why)
	default:
		return wrongf("the tests ended before %s did: %s", t.name, said)
	}
}

// withTail returns the end of what a process printed.
func withTail(printed string) string {
	kept := proc.Tail{Max: maxLog}
	_, _ = kept.Write([]byte(printed))
	return kept.String()
}

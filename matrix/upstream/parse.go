package upstream

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/matrixrun/matrixrun/matrix"
)

// The output of a test binary with -test.v has been the same since before the
// oldest toolchain here, so it is parsed directly. The alternative, the JSON of old
// go commands, misses a result that follows output without a newline.
var (
	// marker matches a line after which the output of a test begins or continues.
	marker = regexp.MustCompile(`^\x16?=== (RUN|PAUSE|CONT|NAME) +(\S+)$`)
	// verdict matches the result of a test. Output of the test may precede it.
	verdict = regexp.MustCompile(`--- (PASS|FAIL|SKIP): ((?:Test|Example|Fuzz)\S*) \([0-9.]+s\)$`)
	// escapes matches terminal escapes such as colours.
	escapes = regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]`)
)

// parse parses the output of a test binary, without escapes. passed says that the
// exit code was 0.
func parse(text string, passed bool) *matrix.TestRun {
	r := reader{results: map[string]string{}, output: map[string][]string{}}
	for line := range strings.Lines(text) {
		r.line(strings.TrimRight(line, "\r\n"))
	}
	return r.run(passed)
}

// A reader walks over the lines of the output of a test binary.
type reader struct {
	order   []string            // tests, in the order of their start
	results map[string]string   // PASS, FAIL or SKIP by test; none if it did not end
	output  map[string][]string // lines by test; under "" those of all tests
	current string              // the test that the next line belongs to
}

// line parses one line.
func (r *reader) line(line string) {
	if m := marker.FindStringSubmatch(line); m != nil {
		r.current = m[2]
		if m[1] == "RUN" {
			r.order = append(r.order, m[2])
		}
		return
	}
	if m := verdict.FindStringSubmatch(line); m != nil {
		r.current = m[2]
		r.results[m[2]] = m[1]
		if !slices.Contains(r.order, m[2]) {
			r.order = append(r.order, m[2])
		}
		line = strings.TrimSpace(strings.TrimSuffix(line, m[0]))
		if line == "" {
			return
		}
	}
	r.output[r.current] = append(r.output[r.current], line)
	if r.current != "" {
		r.output[""] = append(r.output[""], line) // a crash may be reported after any test
	}
}

// run returns the result of the lines read.
func (r *reader) run(passed bool) *matrix.TestRun {
	run := &matrix.TestRun{State: matrix.TestsRan}
	var running []string
	for _, name := range r.order {
		if r.inner(name) {
			continue
		}
		run.Specs += specsPassed(r.output[name])
		switch r.results[name] {
		case "PASS":
			run.Passed = append(run.Passed, name)
		case "FAIL":
			run.Failed = append(run.Failed, r.failures(name)...)
		case "":
			running = append(running, name)
		}
	}
	if passed {
		run.Failed = nil // exit code 0 means no failures, whatever was printed
		return run
	}
	// After a crash or at the time limit, the tests that were running count as
	// failed, unless other tests failed.
	if len(run.Failed) == 0 {
		for _, name := range running {
			run.Failed = append(run.Failed, matrix.FailedTest{Name: name, Output: excerpt(r.output[""])})
		}
	}
	if len(run.Failed) == 0 {
		run.Failed = []matrix.FailedTest{{Output: excerpt(r.output[""])}}
	}
	return run
}

// inner reports whether the subtests of a test are reported instead of the test
// itself. A test that failed while all its subtests passed is reported itself.
func (r *reader) inner(name string) bool {
	below := func(other string) bool { return strings.HasPrefix(other, name+"/") }
	if r.results[name] != "FAIL" {
		return slices.ContainsFunc(r.order, below)
	}
	return slices.ContainsFunc(r.order, func(other string) bool { return below(other) && r.results[other] == "FAIL" })
}

// failures returns the failed specs of a test, or the test itself if it names none.
func (r *reader) failures(name string) []matrix.FailedTest {
	lines := r.output[name]
	var failed []matrix.FailedTest
	for _, spec := range specsFailed(lines) {
		failed = append(failed, matrix.FailedTest{Name: name + specMark + spec, Output: excerpt(firstFailure(lines))})
	}
	if len(failed) == 0 {
		failed = []matrix.FailedTest{{Name: name, Output: excerpt(lines)}}
	}
	return failed
}

// Ginkgo runs all specs of a package in one test, and lists those that failed in a
// summary at the end; see https://onsi.github.io/ginkgo. Versions 1 and 2 differ in
// spelling.
var (
	summary     = regexp.MustCompile(`^\s*Summarizing \d+ Failures?:`)
	failedSpec  = regexp.MustCompile(`^\s*\[(?:Fail|FAIL|Panic!|PANICKED|Timeout|TIMEDOUT|INTERRUPTED)\] (.+)$`)
	passedSpec  = regexp.MustCompile(`(\d+) Passed \| \d+ Failed`)
	failureLine = regexp.MustCompile(`\[FAILED\]|\[PANICKED\]|\[TIMEDOUT\]|• Failure|Panic!`)
)

// specMark separates a test and a spec in a name.
const specMark = ": "

// specsFailed returns the names of the failed specs, sorted.
func specsFailed(lines []string) (specs []string) {
	i := slices.IndexFunc(lines, summary.MatchString)
	if i < 0 {
		return nil
	}
	for _, line := range lines[i:] {
		if m := failedSpec.FindStringSubmatch(line); m != nil {
			specs = append(specs, strings.TrimSpace(m[1]))
		}
	}
	slices.Sort(specs)
	return slices.Compact(specs)
}

// firstFailure returns the lines about the first failed spec, without the progress
// dots of others.
func firstFailure(lines []string) []string {
	from := max(0, slices.IndexFunc(lines, failureLine.MatchString))
	var out []string
	for _, line := range lines[from:] {
		if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsLetter(r) && r != 'P' && r != 'S' }) {
			out = append(out, line)
		}
	}
	return out[:min(len(out), excerptLines)]
}

// specsPassed returns how many specs passed.
func specsPassed(lines []string) int {
	for _, line := range lines {
		if m := passedSpec.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[1])
			return n
		}
	}
	return 0
}

// Bounds of an excerpt.
const (
	excerptLines = 20
	excerptBytes = 4 << 10
)

// excerpt returns the end of the output of a test. After a crash it returns the
// message and the stack of the first goroutine.
func excerpt(lines []string) string {
	from := slices.IndexFunc(lines, func(line string) bool {
		return strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ")
	})
	if from >= 0 {
		lines = lines[from:min(len(lines), from+excerptLines)]
	} else {
		lines = lines[max(0, len(lines)-excerptLines):]
	}
	text := strings.TrimSpace(strings.Join(lines, "\n"))
	return strings.ToValidUTF8(text[max(0, len(text)-excerptBytes):], "")
}

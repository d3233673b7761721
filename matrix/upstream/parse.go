package upstream

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/matrixrun/matrixrun/matrix"
)

// What a test binary writes with -test.v has been the same since long before the
// oldest toolchain here, so that it is read as it is: old go commands, which
// would turn it into JSON, take a result for output where the line before it has
// no end.
var (
	// marker begins the output of a test, or goes on with it.
	marker = regexp.MustCompile(`^\x16?=== (RUN|PAUSE|CONT|NAME) +(\S+)$`)
	// verdict ends a test; what it wrote last may stand before it.
	verdict = regexp.MustCompile(`--- (PASS|FAIL|SKIP): ((?:Test|Example|Fuzz)\S*) \([0-9.]+s\)$`)
	// escapes are colours and their like.
	escapes = regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]`)
)

// parse reads what a test binary wrote, without escapes. passed says that it
// exited with 0.
func parse(text string, passed bool) *matrix.TestRun {
	r := reader{results: map[string]string{}, output: map[string][]string{}}
	for line := range strings.Lines(text) {
		r.line(strings.TrimRight(line, "\r\n"))
	}
	return r.run(passed)
}

// A reader walks over the lines of a test binary's output.
type reader struct {
	order   []string            // tests, as they began
	results map[string]string   // by test; none while it is running
	output  map[string][]string // by test, what it wrote; under "" what nobody did
	current string              // whose output this is
}

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
		r.output[""] = append(r.output[""], line) // a crash is told by whoever writes last
	}
}

// run sums up what was read.
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
		run.Failed = nil // a process that says so has no failures, whatever else it printed
		return run
	}
	// A crash, or the end of the time: who was running is to blame, where
	// nobody else is.
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

// inner reports whether a test has subtests that tell more than it does. One
// that failed by itself, with all of them well, is told.
func (r *reader) inner(name string) bool {
	below := func(other string) bool { return strings.HasPrefix(other, name+"/") }
	if r.results[name] != "FAIL" {
		return slices.ContainsFunc(r.order, below)
	}
	return slices.ContainsFunc(r.order, func(other string) bool { return below(other) && r.results[other] == "FAIL" })
}

// failures returns what failed in a test: the specs that it names, or itself.
func (r *reader) failures(name string) []matrix.FailedTest {
	lines := r.output[name]
	var failed []matrix.FailedTest
	for _, spec := range specsFailed(lines) {
		failed = append(failed, matrix.FailedTest{Name: name + specMark + spec, Output: excerpt(told(lines))})
	}
	if len(failed) == 0 {
		failed = []matrix.FailedTest{{Name: name, Output: excerpt(lines)}}
	}
	return failed
}

// Ginkgo runs all specs of a package in one test, and names those that failed in
// a summary at its end; see https://onsi.github.io/ginkgo. Its first version and
// its second differ in letters.
var (
	summary    = regexp.MustCompile(`^\s*Summarizing \d+ Failures?:`)
	failedSpec = regexp.MustCompile(`^\s*\[(?:Fail|FAIL|Panic!|PANICKED|Timeout|TIMEDOUT|INTERRUPTED)\] (.+)$`)
	passedSpec = regexp.MustCompile(`(\d+) Passed \| \d+ Failed`)
	tellsSpec  = regexp.MustCompile(`\[FAILED\]|\[PANICKED\]|\[TIMEDOUT\]|• Failure|Panic!`)
)

// specMark stands between a test and the spec in it.
const specMark = ": "

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

// told returns the lines of a test that tell of the first spec that failed,
// without those that only show how far the others came.
func told(lines []string) []string {
	from := max(0, slices.IndexFunc(lines, tellsSpec.MatchString))
	var out []string
	for _, line := range lines[from:] {
		if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsLetter(r) && r != 'P' && r != 'S' }) {
			out = append(out, line)
		}
	}
	return out[:min(len(out), excerptLines)]
}

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

// excerpt returns the end of what a test wrote. Of a crash that is the message,
// with the first goroutine's stack: what follows it tells nothing more.
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

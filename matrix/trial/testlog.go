package trial

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// The results of a test.
const (
	passed  = "PASS"
	failed  = "FAIL"
	skipped = "SKIP"
	absent  = "NONE" // the binary has no such test
)

// A testLog is what the output of tests says about one of them.
type testLog struct {
	result string // empty if there is none
	parent string // the result of the nearest test that it is part of, if it has none itself
	why    string // the reason that the test gave
}

// marker begins a line of package testing, if it is asked to mark them.
const marker = "\x16"

var (
	// resultLine matches the end of a line with a result. Output without a line end may
	// come before it.
	resultLine = regexp.MustCompile(`^(.*?)--- (PASS|FAIL|SKIP): (\S.*) \(\d+(?:\.\d+)?s\)$`)
	// stepLine matches a line that says which test runs.
	stepLine = regexp.MustCompile(`^=== (?:RUN|PAUSE|CONT|NAME)\b`)
	// logged matches the first line of what a test logs.
	logged = regexp.MustCompile(`^\s+([^\s:]+\.go:\d+: .*)$`)
)

// mostContinued is how many lines of a message count, after the first.
const mostContinued = 3

// A logReader reads the output of tests.
type logReader struct {
	name    string
	log     testLog
	message string // the last one that was logged
	more    int    // lines that may still belong to it
	printed string // the last other line
	depth   int    // length of the name of the nearest parent with a result

	passing, skipping, failing []string // subtests
	skips                      string   // why the first one was skipped
	reasons                    []string // why those fail that do
}

// readLog reads the output of tests. With marked, only lines with a marker are package
// testing's: a test can print what looks like one.
func readLog(output, name string, marked bool) testLog {
	r := &logReader{name: name}
	if marked {
		output = strings.ReplaceAll(output, marker, "\n"+marker)
	}
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		own, isOwn := strings.CutPrefix(line, marker)
		if !marked {
			own, isOwn = strings.TrimLeft(line, " "), true
		}
		m := resultLine.FindStringSubmatch(own)
		switch {
		case isOwn && m != nil && (!marked || m[1] == ""):
			if m[1] != "" {
				r.output(m[1])
			}
			r.ended(m[3], m[2])
		case isOwn && stepLine.MatchString(own):
			r.more = 0
		case isOwn && (own == failed || own == passed):
		default:
			r.output(line)
		}
	}
	return r.done(output)
}

// output reads a line that a test printed or logged.
func (r *logReader) output(line string) {
	switch m := logged.FindStringSubmatch(line); {
	case m != nil:
		r.message, r.more = m[1], mostContinued
	case r.more > 0 && strings.HasPrefix(line, "        "):
		r.message, r.more = r.message+"\n"+line, r.more-1
	case strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "coverage: "):
		r.printed, r.more = line, 0
	}
}

// ended reads the result of a test.
func (r *logReader) ended(name, result string) {
	r.more = 0
	switch {
	case name == r.name:
		r.log.result, r.log.why = result, r.message
	case strings.HasPrefix(name, r.name+"/"):
		switch result {
		case passed:
			r.passing = append(r.passing, name)
		case skipped:
			r.skips = cmp.Or(r.skips, r.message, "all subtests were skipped")
			r.skipping = append(r.skipping, name)
		case failed:
			r.failing, r.reasons = append(r.failing, name), append(r.reasons, r.message)
		}
	case strings.HasPrefix(r.name, name+"/") && len(name) > r.depth:
		r.depth, r.log.parent = len(name), result
	}
}

// done returns what was read.
func (r *logReader) done(output string) testLog {
	switch {
	case r.log.result == "" && r.log.parent == skipped:
		r.log.result, r.log.why = skipped, r.message
	case r.log.result == "" && r.log.parent == "" && strings.Contains(output, "testing: warning: no tests to run"):
		return testLog{result: absent, why: "there is no " + r.name + " among the tests that are built for this row"}
	}
	if r.log.result == passed && r.onlySkips() {
		r.log.result, r.log.why = skipped, r.skips
	}
	if r.log.result == failed {
		r.subtest()
	}
	if r.log.why == "" {
		r.log.why = r.message
	}
	if r.log.why == "" {
		r.log.why = r.printed
	}
	if r.log.why == "" && r.log.result == failed {
		r.log.why = "the test failed and printed nothing"
	}
	return r.log
}

// onlySkips reports whether all subtests were skipped, and there are some. A test passes then,
// and has asked nothing.
func (r *logReader) onlySkips() bool {
	return len(r.skipping) > 0 && !slices.ContainsFunc(r.passing, func(name string) bool {
		return !slices.ContainsFunc(r.skipping, func(part string) bool { return strings.HasPrefix(part, name+"/") })
	})
}

// subtest puts the first subtest that fails before its reason. Of a subtest with subtests
// that fail, those count.
func (r *logReader) subtest() {
	var first, count = -1, 0
	for i, name := range r.failing {
		if slices.ContainsFunc(r.failing, func(other string) bool { return strings.HasPrefix(other, name+"/") }) {
			continue
		}
		if count++; first < 0 {
			first = i
		}
	}
	if first < 0 {
		return
	}
	r.log.why = strings.TrimPrefix(r.failing[first], r.name+"/") + ": " + r.reasons[first]
	if r.reasons[first] == "" {
		r.log.why = strings.TrimPrefix(r.failing[first], r.name+"/") + " fails"
	}
	if count > 1 {
		r.log.why += " (and " + text.Count(count-1, "more subtest") + ")"
	}
}

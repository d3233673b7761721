package matrix

import "time"

// An Upstream is what the tests that a release ships say of a row's patches,
// against the same release without them. It is part of results.json.
type Upstream struct {
	Packages []string       `json:"packages"` // whose tests were looked at: folders below the module's root, "." for that itself
	Passed   int            `json:"passed"`   // tests that pass either way
	Breaks   []UpstreamTest `json:"breaks"`   // pass without the patches, fail with them
	Mends    []UpstreamTest `json:"mends"`    // fail without them, pass with them
	Fails    []UpstreamTest `json:"fails"`    // fail either way, which is not held against the patches
	Flaky    []UpstreamTest `json:"flaky"`    // failed on one side, and not always
	Notes    []string       `json:"notes"`    // what could not be compared, a sentence each

	Unknown string `json:"unknown,omitempty"` // why nothing could be found out; all else is empty then
}

// An UpstreamTest is one test that a release ships.
type UpstreamTest struct {
	Package string `json:"package"`          // as in Upstream
	Test    string `json:"test"`             // empty where the package fails as a whole
	Output  string `json:"output,omitempty"` // the end of what it wrote
}

// Name is what messages call the test.
func (t UpstreamTest) Name() string {
	switch {
	case t.Test == "":
		return "the tests of " + t.Package
	case t.Package == ".":
		return t.Test
	default:
		return t.Package + ": " + t.Test
	}
}

// A TestRun is what the tests of one package of one tree came to. Tests are
// leaves: one that has subtests counts by those.
type TestRun struct {
	State     TestState     `json:"state"`
	Complaint string        `json:"complaint,omitempty"` // the compiler's words
	Passed    []string      `json:"passed,omitempty"`
	Specs     int           `json:"specs,omitempty"` // that passed within tests of Passed, where a test says so
	Failed    []FailedTest  `json:"failed,omitempty"`
	Elapsed   time.Duration `json:"elapsed"`
}

// A FailedTest is a leaf that failed, or was running when its process ended.
type FailedTest struct {
	Name   string `json:"name"` // empty where no test can be blamed
	Output string `json:"output"`
}

// A TestState says how far the tests of a package came.
type TestState string

// The states of a package's tests.
const (
	TestsRan        TestState = "ran"
	TestsNone       TestState = "none"       // it has no tests, or there is no such package
	TestsUncompiled TestState = "uncompiled" // they do not compile
	TestsTimedOut   TestState = "timeout"    // they took longer than they may
)

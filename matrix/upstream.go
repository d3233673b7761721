package matrix

import "time"

// An Upstream compares the results of a release's own tests with and without a
// row's patches. It is part of results.json.
type Upstream struct {
	Packages []string       `json:"packages"` // whose tests ran: folders below the module's root, "." for the root
	Passed   int            `json:"passed"`   // tests that pass on both sides
	Breaks   []UpstreamTest `json:"breaks"`   // pass without the patches, fail with them
	Mends    []UpstreamTest `json:"mends"`    // fail without them, pass with them
	Fails    []UpstreamTest `json:"fails"`    // fail on both sides, which is not the patches' fault
	Flaky    []UpstreamTest `json:"flaky"`    // failed on one side, but not every time
	Notes    []string       `json:"notes"`    // sentences on what could not be compared

	Unknown string `json:"unknown,omitempty"` // why there is no comparison; all other fields are empty then
}

// An UpstreamTest is one test that a release ships.
type UpstreamTest struct {
	Package string `json:"package"`          // as in Upstream
	Test    string `json:"test"`             // empty if the package fails as a whole
	Output  string `json:"output,omitempty"` // the end of its output
}

// Name returns what messages call the test.
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

// A TestRun is the result of one package's tests in one tree. It counts leaves: the
// subtests of a test that has some, not the test itself.
type TestRun struct {
	State     TestState     `json:"state"`
	Complaint string        `json:"complaint,omitempty"` // the compiler's output
	Proven    bool          `json:"proven,omitempty"`    // whether the complaint proves that the tests do not compile
	Passed    []string      `json:"passed,omitempty"`
	Specs     int           `json:"specs,omitempty"` // that passed inside tests of Passed, if a test reports them
	Failed    []FailedTest  `json:"failed,omitempty"`
	Elapsed   time.Duration `json:"elapsed"`
}

// A FailedTest is a leaf that failed, or that was running when its process ended.
type FailedTest struct {
	Name   string `json:"name"` // empty if the failure belongs to no test
	Output string `json:"output"`
}

// A TestState says how far the tests of a package got.
type TestState string

// The states of a package's tests.
const (
	TestsRan        TestState = "ran"
	TestsNone       TestState = "none"       // the package has no tests or does not exist
	TestsUncompiled TestState = "uncompiled" // they do not compile
	TestsTimedOut   TestState = "timeout"    // they hit their time limit
)

package matrix

import (
	"go/version"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/module"
)

// A Spec is a suite, as its matrix.yaml describes it: a question about one module,
// and the reproduction that answers it.
type Spec struct {
	Suite        string
	Target       Target
	Releases     Constraint      // the releases of the lock that the suite is about
	Unaffected   []Unaffected    // releases in which no scenario can happen
	First        []string        // versions to answer before the others
	Toolchains   []ToolchainRule // the first that admits a release compiles it; without rules, the installed go command does
	Adapters     []AdapterRule   // the first that admits a release is used; without rules, no release needs tags
	Reproduction string          // folder of the reproduction, below Files
	Module       string          // path of its module, if matrix.yaml or its go.mod names one; see ReproductionModule
	GoLine       string          // version in the go line of its go.mod; empty without one
	Question     string          // what the suite asks, a sentence; empty if it does not say
	Who          string          // which programs can be affected at all, a sentence; empty if it does not say
	Scenarios    []Scenario      // in the order of the table's columns
	Families     []Family        // every probe is in one of them; none if the suite does not group its probes
	Expect       []Expectation   // the last that names a cell counts
	Words        Words           // what it calls verdicts, as far as it says
	Evidence     bool            // the reproduction can keep evidence: it has the flag -evidence DIR
	Peer         bool            // its server can be a process of its own: it has the command serve and the flag -peer ADDRESS
	Speaks       Speech          // how the reproduction says what it finds; empty for SpeechTrials
	Tests        Tests           // what there is to test with, for SpeechTest
	Trials       int             // how many proven trials a cell takes at most, unless the user says otherwise
	Defects      Defects         // ends of its processes that show the defect
	Environment  []string        // of its processes, besides what all have: NAME=VALUE, sorted
	Cgo          bool            // files that need cgo are compiled too; otherwise they are left out

	Limits Limits
	Settle *Sequential // when fewer trials than asked for are enough for a cell; nil for never
	Sure   *Certainty  // of a table to publish; nil if the suite does not say

	Lock       []Release // releases.lock, by version
	Known      []Release // those in it without a checksum, by version: they are tried only if asked for by name
	LockDigest string    // "sha256:..." of releases.lock
	Forks      []Release // forks.lock, by module path and version; empty if the suite has none
	Files      fs.FS     // the suite's folder

	ReproductionDigest string // "sha256:..." of ReproductionFiles, names and contents, and of Module
}

// Defects says which ends of a process of the reproduction show the defect, provided
// that it ends in a call of the target. All other ends are errors.
type Defects struct {
	Panic bool // a panic or another fatal error of a Go program
	Hang  bool // no trial is reported for Limits.Trial, or all goroutines wait for ever
}

// Limits are the times after which a row counts as hanging.
type Limits struct {
	Trial time.Duration // one trial of the reproduction
	Build time.Duration // the compilation of one row
}

// A Sequential is Wald's sequential probability ratio test, which can settle a cell
// before all of its trials have run. It applies to cells whose proven trials agree
// so far, all clean or all leaks. It decides between two rates at which trials
// would disagree with them, with 0 < P0 < P1 < 1:
//
//	P0  so rarely that the cell may be called clean, or a leak
//	P1  so often that it may not
//
// At a rate between the two, either answer is right. The test errs with these
// probabilities, each above 0 and below 0.5:
//
//	Alpha  of deciding for P1 when the rate is P0
//	Beta   of deciding for P0 when the rate is P1, which calls a cell clean, or a
//	       leak, too early
//
// A cell whose trials disagree is flaky whatever the test says, and runs all its
// trials. So Beta protects the verdict, while Alpha and P0 only decide how soon the
// test can stop.
type Sequential struct {
	P0, P1      float64
	Alpha, Beta float64
}

// A Target is the module under test.
type Target struct {
	Module string   // the present path, which the reproduction imports
	Former []Former // paths of earlier releases
}

// ModuleFor returns the path under which a version is released: the first former
// path that admits it, else the present path.
func (t Target) ModuleFor(version string) string {
	for _, f := range t.Former {
		if f.Releases.Admits(version) {
			return f.Module
		}
	}
	return t.Module
}

// Release returns the release of a version, without checksum and time. A version above v1
// of a path without a major version gets the +incompatible that the go command wants.
func (t Target) Release(version string) Release {
	r := Release{Version: version, Module: t.ModuleFor(version)}
	if module.Check(r.Module, version) != nil && module.Check(r.Module, version+incompatible) == nil {
		r.Version += incompatible
	}
	return r
}

// Paths returns the target's module paths, the present one first, each once.
func (t Target) Paths() []string {
	paths := []string{t.Module}
	for _, f := range t.Former {
		if !slices.Contains(paths, f.Module) {
			paths = append(paths, f.Module)
		}
	}
	return paths
}

// Has reports whether a module path is the target's, present or former.
func (t Target) Has(module string) bool { return slices.Contains(t.Paths(), module) }

// A Former is another path under which some releases of the target are served.
type Former struct {
	Module   string
	Releases Constraint
}

// Unaffected are releases in which no scenario of a suite can happen, such as those from
// before the API that it is about.
type Unaffected struct {
	Releases Constraint
	Why      string // a clause, such as "it has no method Retry"
}

// WhyUnaffected returns why no scenario can happen in a release; empty if one can.
func (s *Spec) WhyUnaffected(version string) string {
	for _, u := range s.Unaffected {
		if u.Releases.Admits(version) {
			return u.Why
		}
	}
	return ""
}

// UnaffectedReleases returns the releases of the lock in which no scenario can happen.
func (s *Spec) UnaffectedReleases() (all []UnaffectedRelease) {
	for _, r := range s.Lock {
		if why := s.WhyUnaffected(r.Version); why != "" {
			all = append(all, UnaffectedRelease{Version: r.Version, Module: r.Module, Sum: r.Sum, Why: why})
		}
	}
	return all
}

// A ToolchainRule names the Go release that compiles a range of releases.
type ToolchainRule struct {
	Releases Constraint
	Go       string   // such as "go1.20.14"
	Also     []string // further ones: each makes rows of its own, see SourceToolchain
}

// CheckToolchain returns what is wrong with the name of a Go release, a clause; empty for
// nothing. Whether there is such a release, only a download shows.
func CheckToolchain(name string) string {
	switch {
	case !toolchainName.MatchString(name):
		return "want a Go release, such as go1.20.14"
	case version.Lang(name) == name && version.Compare(name, "go1.21") >= 0:
		return "that is a version of the language: since Go 1.21, the first release has a third number, as " + name + ".0 has"
	case strings.HasSuffix(name, ".0") && version.Compare(name, "go1.21") < 0:
		return "before Go 1.21, the first release has no third number: want " + strings.TrimSuffix(name, ".0")
	default:
		return ""
	}
}

var toolchainName = regexp.MustCompile(`^go1\.[0-9]{1,3}(\.[0-9]{1,3})?$`)

// An AdapterRule names the build tags that select the code of the reproduction for
// a range of releases.
type AdapterRule struct {
	Releases Constraint
	Tags     []string
}

// A Kind says what a scenario is for.
type Kind string

// The kinds of scenarios. Control and planted scenarios are invariants, which always
// run: they prove that the reproduction works, and that it would see a leak.
const (
	KindControl    Kind = "control"    // must be clean, or no cell of its row counts
	KindPlanted    Kind = "planted"    // must leak, or no clean cell of its row counts
	KindProbe      Kind = "probe"      // a question
	KindWorkaround Kind = "workaround" // a way to avoid the defect; clean if it works
)

// Invariant reports whether scenarios of this kind run in every run.
func (k Kind) Invariant() bool { return k == KindControl || k == KindPlanted }

// A Scenario is one behaviour that the reproduction can test, and a column of the
// table.
type Scenario struct {
	Name  string         `json:"name"`
	Kind  Kind           `json:"kind"`
	Title string         `json:"title"`
	Needs []Need         `json:"needs,omitempty"` // what a program must call to get there, all of it; empty if that is not known
	Proof map[string]any `json:"-"`               // values that a trial must report to be proven
	Clean map[string]any `json:"-"`               // values that a clean trial must report as well
	Seen  string         `json:"seen,omitempty"`  // the side that must have seen a leak; empty if none need have
	Args  []string       `json:"-"`               // of the program, for SpeechExit
	Test  string         `json:"-"`               // such as TestParse/empty, for SpeechTest

	Package string `json:"-"` // one of Tests.Packages: the one with the test
}

// MostTrials returns how many proven trials a cell takes at most: n, or what the suite
// says if n is negative.
func (s *Spec) MostTrials(n int) int {
	if n < 0 {
		return s.Trials
	}
	return n
}

// An Expectation is a rule for the verdict that cells of unpatched rows should have,
// or for the state that those rows should have. It has one of Verdict, State and Advisory.
type Expectation struct {
	Scenarios []string // globs, as path.Match takes them
	Releases  Constraint
	Verdict   Verdict
	State     State
	Advisory  *Advisory // the probes leak in what it calls affected, and are clean elsewhere
	Line      int       // in matrix.yaml
}

package matrix

import (
	"io/fs"
	"slices"
	"time"
)

// A Spec is a suite as its matrix.yaml states it: one question asked of one
// module, with the reproduction that answers it.
type Spec struct {
	Suite        string
	Target       Target
	Releases     Constraint      // which of the lock's releases are asked
	First        []string        // releases to answer before the rest
	Toolchains   []ToolchainRule // the first that admits a release compiles it; none at all: the go command at hand
	Adapters     []AdapterRule   // the first that admits a release is built in; none at all: no tags for any
	Reproduction string          // folder of the reproduction, below Files
	Module       string          // path of its module, where matrix.yaml names one; see ReproductionModule
	Scenarios    []Scenario      // in the order of the table's columns
	Expect       []Expectation   // the last that names a cell holds
	Evidence     bool            // the reproduction can keep what its trials left: it knows -evidence DIR
	Peer         bool            // its servers can run in a process of their own: it knows serve, and -peer ADDRESS

	Limits Limits
	Settle *Sequential // when a cell may do with fewer trials than were asked for; nil: never

	Lock       []Release // releases.lock, by version
	LockDigest string    // "sha256:..." of releases.lock as it was read
	Files      fs.FS     // the suite's folder

	ReproductionDigest string // "sha256:..." of ReproductionFiles, names and contents, and of Module
}

// Limits bound what a row may take before it is said to hang.
type Limits struct {
	Trial time.Duration // one trial of the reproduction
	Build time.Duration // the compilation of one row
}

// A Sequential is Wald's sequential probability ratio test, by which a cell is
// settled before all of its trials have run. It is put to cells whose proven
// trials all agree so far, all clean or all leaks, and asks how often a trial
// would differ from them:
//
//	P0  the rate up to which a cell may be called clean, or its leak certain:
//	    trials that differ so rarely are not looked for
//	P1  the rate from which on it surely may not
//
// with 0 < P0 < P1 < 1. A cell whose rate lies between may be called either.
// The test's probabilities of error, above 0 and below 0.5 both, are
//
//	Alpha  of deciding for P1 where the rate is P0
//	Beta   of deciding for P0 where the rate is P1, and so of calling a cell
//	       clean, or its leak certain, too early
//
// A cell with trials that differ is flaky whatever the test would say, and runs
// to its end: it is Beta that protects a verdict. Alpha costs trials, never
// truth. P0 and Alpha say how soon the test may decide.
type Sequential struct {
	P0, P1      float64
	Alpha, Beta float64
}

// A Target is the module under test.
type Target struct {
	Module string   // its present path, which the reproduction imports
	Former []Former // paths under which it was released before
}

// ModuleFor returns the path under which a version is released: that of the
// first former path which claims it, else the present one.
func (t Target) ModuleFor(version string) string {
	for _, f := range t.Former {
		if f.Releases.Admits(version) {
			return f.Module
		}
	}
	return t.Module
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

// A Former is a path under which some releases of the target are served.
type Former struct {
	Module   string
	Releases Constraint
}

// A ToolchainRule names the Go release that compiles a range of releases.
type ToolchainRule struct {
	Releases Constraint
	Go       string // such as "go1.20.14"
}

// An AdapterRule names the build tags that select the lines of the
// reproduction which differ between API eras.
type AdapterRule struct {
	Releases Constraint
	Tags     []string
}

// A Kind says what a scenario is for.
type Kind string

// The kinds of scenarios. Control and planted ones are invariants that always
// run: they prove that the reproduction works and would see a leak.
const (
	KindControl    Kind = "control"    // must be clean, else nothing in its row can be believed
	KindPlanted    Kind = "planted"    // must leak, else no clean cell of its row can be believed
	KindProbe      Kind = "probe"      // a question
	KindWorkaround Kind = "workaround" // a way round the defect; clean when it works
)

// Invariant reports whether scenarios of this kind run whatever was asked for.
func (k Kind) Invariant() bool { return k == KindControl || k == KindPlanted }

// A Scenario is one behaviour that the reproduction can show: one column.
type Scenario struct {
	Name  string         `json:"name"`
	Kind  Kind           `json:"kind"`
	Title string         `json:"title"`
	Proof map[string]any `json:"-"` // values that a trial must report to count
}

// An Expectation says which verdict some cells are expected to have. It holds
// for unpatched rows.
type Expectation struct {
	Scenarios []string // globs, as path.Match takes them
	Releases  Constraint
	Verdict   Verdict // empty where State is set
	State     State   // instead of Verdict: the row's state that is expected
	Line      int     // in matrix.yaml
}

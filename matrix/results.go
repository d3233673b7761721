package matrix

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// A State says how far a row got.
type State string

// The states of a row.
const (
	StateOK            State = "ok"
	StatePatchConflict State = "patch-conflict"
	StateBuildFailed   State = "build-failed"
	StateUnavailable   State = "unavailable"
)

// States returns all states.
func States() []State {
	return []State{StateOK, StatePatchConflict, StateBuildFailed, StateUnavailable}
}

// Known reports whether the state is an answer. A conflict is an answer about the
// patches, and so is a failed build with patches. A release that does not build
// without patches is not an answer, since its scenarios stay unknown.
func (s State) Known(patched bool) bool {
	return s == StateOK || s == StatePatchConflict || s == StateBuildFailed && patched
}

// SchemaVersion is the version of the schema of results.json.
const SchemaVersion = 1

// Results are the results of a run. They are written as results.json.
type Results struct {
	Schema       int         `json:"schema"`
	Suite        string      `json:"suite"`
	Target       string      `json:"target"`
	Generated    time.Time   `json:"generated"`
	Matrixrun    string      `json:"matrixrun"`
	Lock         string      `json:"lock"` // "sha256:..." of releases.lock
	Host         Host        `json:"host"`
	Reproduction string      `json:"reproduction"` // "sha256:..." of its files
	Scenarios    []Scenario  `json:"scenarios"`
	Words        Words       `json:"words,omitzero"` // of the suite, as far as it has some; see Words.Complete
	Rows         []RowResult `json:"rows"`
	Intervals    []Interval  `json:"intervals"`

	// Question, Who and Families are those of the suite; see Spec.
	Question string   `json:"question,omitempty"`
	Who      string   `json:"who,omitempty"`
	Families []Family `json:"families,omitempty"`

	// Costs has the CPU time of each row that was built, by its ID. It is for
	// dividing a run among machines. It is not part of the rows, so that runs with
	// equal answers have equal rows.
	Costs map[string]CPU `json:"costs,omitempty"`

	// Unaffected are releases that have no rows, because no scenario can happen in them.
	Unaffected []UnaffectedRelease `json:"unaffected,omitempty"`

	// Untried are the other releases that have no rows: the suite asks about them, and
	// this run left them out. It has no pre-releases.
	Untried Untried `json:"untried,omitempty"`

	// Advisories are the published records that the suite compares scenarios with.
	Advisories []Claim `json:"advisories,omitempty"`

	Shard *Shard `json:"shard,omitempty"` // set if the results are a part of a run

	// Sandbox is what the reproductions that this run started could not reach; nil if
	// that is not known.
	Sandbox *Sandbox `json:"sandbox,omitempty"`

	// Sure is how sure the cells had to be, with --sure; nil if they did not have to.
	// Cells that fall short have fewer trials than Sure.Wanted says.
	Sure *Sure `json:"sure,omitempty"`

	// Since is what changed since the results that were published before these; nil
	// if there were none.
	Since *Since `json:"since,omitempty"`
}

// An UnaffectedRelease is a release of the target in which no scenario can happen.
type UnaffectedRelease struct {
	Version string `json:"version"`
	Module  string `json:"module"` // the path under which it is served
	Sum     string `json:"sum"`    // "h1:..."
	Why     string `json:"why"`    // a clause, such as "it has no method Retry"
}

// Since is what changed since earlier results.
type Since struct {
	Generated time.Time `json:"generated"` // of the earlier ones
	Matrixrun string    `json:"matrixrun"`
	Changes   []News    `json:"changes"` // the worst first
}

// News is one change since earlier results; see Change.
type News struct {
	Kind   ChangeKind `json:"kind"`
	Counts bool       `json:"counts"` // it makes these results worse
	Text   string     `json:"text"`   // a clause that can be read after the kind
	Rows   []string   `json:"rows"`   // IDs, by version
}

// Host is the machine that a run ran on.
type Host struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	CPUs   int    `json:"cpus"`
}

// A RowResult is what was found out about one row.
type RowResult struct {
	ID        string       `json:"id"`
	Source    SourceResult `json:"source"`
	Patches   []Applied    `json:"patches"`
	Effect    Effect       `json:"effect"` // of the patches; empty for an unpatched row
	Server    string       `json:"server"` // the release of the server, if it is another one
	Toolchain string       `json:"toolchain"`
	Adapter   string       `json:"adapter"`
	Required  string       `json:"required,omitempty"` // see Row.Required
	Swap      Swap         `json:"swap,omitzero"`      // see Row.Swap
	GoLine    GoLine       `json:"go_line,omitzero"`   // see Workspace.GoLine
	Replace   string       `json:"replace"`            // the right side of the replace line in go.mod
	State     State        `json:"state"`
	Reason    string       `json:"reason"`               // why the state is not ok
	Binary    string       `json:"binary"`               // "sha256:..."
	Cgo       []string     `json:"cgo,omitempty"`        // names of the target's files that the binary does not have, because they need cgo
	CCompiler string       `json:"c_compiler,omitempty"` // gocmd.C.Compiler, if the binary has files that need cgo; otherwise empty
	Cells     []Cell       `json:"cells"`

	ExpectedState State `json:"expected_state,omitempty"` // empty if no rule expects one

	Fixes    []string  `json:"fixes,omitempty"`    // the scenarios that the patches should fix, by which Effect is judged
	Upstream *Upstream `json:"upstream,omitempty"` // nil if the release's own tests were not run
}

// Already reports whether the release has all of the row's patches already.
func (r *RowResult) Already() bool {
	return len(r.Patches) > 0 && !slices.ContainsFunc(r.Patches, func(a Applied) bool { return a.Apply != ApplyAlready })
}

// CPU is CPU time in seconds, summed over all processes. For something recalled
// from the record, it is what it took to make it.
type CPU struct {
	Build  float64 `json:"build_s"`  // of the go command and what it ran
	Tools  float64 `json:"tools_s"`  // the part of Build that compilers, assemblers and the linker used
	Trials float64 `json:"trials_s"` // of the reproduction
}

// Plus returns the sum of both. It is rounded to the millisecond, so that the sum of
// many does not depend on their order.
func (c CPU) Plus(more CPU) CPU {
	sum := func(a, b float64) float64 { return math.Round((a+b)*1000) / 1000 }
	return CPU{Build: sum(c.Build, more.Build), Tools: sum(c.Tools, more.Tools), Trials: sum(c.Trials, more.Trials)}
}

// Seconds returns d in seconds, rounded to the millisecond.
func Seconds(d time.Duration) float64 { return d.Round(time.Millisecond).Seconds() }

// A SourceResult says where the target of a row came from.
type SourceResult struct {
	Kind    SourceKind `json:"kind"`
	Version string     `json:"version"` // for a folder or a commit, the name of its rows
	Module  string     `json:"module"`
	Sum     string     `json:"sum"`
	Ref     string     `json:"ref"` // of a commit: what the user called it, and its full hash
	Time    time.Time  `json:"time,omitzero"`
	Rehomed bool       `json:"rehomed"`

	// Retracted says that the authors of a release advise against it: "by v1.3.0", in
	// whose go.mod they do, and with a colon their reason. It is empty if they do not, or
	// if nothing is known of that.
	Retracted string `json:"retracted,omitempty"`

	Toolchain string `json:"toolchain,omitempty"` // see Release.Toolchain

	// What was observed of a target that is not a release. See Origin.
	Path     string    `json:"path,omitempty"` // in its go.mod, if that is not Module
	Go       string    `json:"go,omitempty"`
	Likeness *Likeness `json:"likeness,omitempty"`
	Ancestor string    `json:"ancestor,omitempty"`
	As       string    `json:"as,omitempty"`

	Submodules []string `json:"submodules,omitempty"`
}

// IsRelease reports whether the target is a release, compiled as the rules of the suite
// say. A source of unknown kind is one, since old results have no other.
func (s *SourceResult) IsRelease() bool { return s.Kind == SourceRelease || s.Kind == "" }

// OfRelease reports whether the target has the code of a release, whatever compiles it.
func (s *SourceResult) OfRelease() bool { return s.IsRelease() || s.Kind == SourceToolchain }

// Name returns what the row without patches is called: the version of a release, with the
// toolchain if that has rows of its own, or MODULE@VERSION of a fork.
func (s *SourceResult) Name() string {
	if s.Kind == SourceModule {
		return s.Module + "@" + s.Version
	}
	return WithToolchain(s.Version, s.Toolchain)
}

// Flags returns the flags of matrixrun that select the target. Results have no path of
// a folder or a clone, so that these are words.
func (s *SourceResult) Flags() string {
	switch s.Kind {
	case SourceModule:
		return "--module " + s.Name()
	case SourceDir:
		return "--source DIR"
	case SourceRef:
		_, hash, _ := strings.Cut(s.Ref, " ")
		return "--git CLONE --refs " + cmp.Or(hash, s.Ref)
	case SourceToolchain:
		return "--only " + s.Version + " --toolchain " + s.Toolchain
	default:
		return "--only " + s.Version
	}
}

// Base returns the release that the target is, or is nearest to; empty if that is
// not known. See Release.Base.
func (s *SourceResult) Base() string {
	if s.OfRelease() {
		return s.Version
	}
	return cmp.Or(s.As, s.Likeness.base(s.Ancestor))
}

// A Cell is the judgement on one scenario of one row.
type Cell struct {
	Scenario     string      `json:"scenario"`
	Verdict      Verdict     `json:"verdict"`
	Leaks        int         `json:"leaks"`        // k: proven trials that leaked
	Trials       int         `json:"trials"`       // n: proven trials
	Inconclusive int         `json:"inconclusive"` // trials that proved nothing
	Interval     *[2]float64 `json:"interval"`     // 95 % Clopper-Pearson interval of k out of n; nil if n is 0
	Severity     Severity    `json:"severity"`
	Expected     Verdict     `json:"expected"`
	Reason       string      `json:"reason"`
	Saw          []Sighting  `json:"saw"`              // by the trial that shows the verdict: the first leak, else the first trial that saw something
	Frames       []WireFrame `json:"frames,omitempty"` // what the decoder of the same trial read on the wire
	Evidence     []string    `json:"evidence"`         // files, as slash-separated paths relative to results.json, sorted

	// Unread says why the decoder could not check the trials that count, if the
	// reproduction has a decoder.
	Unread string `json:"unread,omitempty"`

	From string `json:"from,omitempty"` // the remote record whose trials these are; empty if they ran on the machine of the results

	NoEvidence string `json:"no_evidence,omitempty"` // why there is no evidence, if the cell should have some

	// Runs has the counts of the two runs of a flaky cell: first the run beside
	// other rows, then the run with nothing else running. Empty for other cells.
	Runs []Count `json:"runs,omitempty"`
}

// A Count is the outcome of the trials of one run of a cell.
type Count struct {
	Leaks        int `json:"leaks"`        // proven trials that leaked
	Trials       int `json:"trials"`       // proven
	Inconclusive int `json:"inconclusive"` // trials that proved nothing
}

// Differs reports whether a verdict is expected and the cell has another one.
func (c Cell) Differs() bool { return c.Expected != "" && c.Expected != c.Verdict }

// Cell returns the row's cell for a scenario, and whether there is one.
func (r *RowResult) Cell(scenario string) (Cell, bool) {
	for i := range r.Cells { // a copy of each is most of the time that it takes to make a table
		if r.Cells[i].Scenario == scenario {
			return r.Cells[i], true
		}
	}
	return Cell{}, false
}

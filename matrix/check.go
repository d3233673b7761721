package matrix

import "time"

// A Check says which releases of a suite's target a program is built with, and what
// published results know of them.
type Check struct {
	Suite     string     `json:"suite"`
	Target    string     `json:"target"`
	Generated time.Time  `json:"generated"` // when the results were measured
	Matrixrun string     `json:"matrixrun"`
	Main      []string   `json:"main"`               // paths of the program's main modules; empty for a version
	Probes    []string   `json:"probes"`             // names of all probes of the suite
	Input     Input      `json:"input"`              // what the user named
	Looked    int        `json:"looked"`             // modules of the build in which code of the target was searched for
	Unseen    []Unseen   `json:"unseen"`             // modules of the build in which it could not be; if there are any, Uses being empty proves nothing
	Partial   string     `json:"partial,omitempty"`  // why modules may be missing from the build; then Uses being empty proves nothing either
	Scope     *Scope     `json:"scope,omitempty"`    // what was looked at to find out what the program reaches; nil if nothing was to be found out
	FailOn    FailOn     `json:"fail_on"`            // which leaks make the check fail
	Affected  Affected   `json:"affected"`           // set by Conclude
	Scenarios []Scenario `json:"scenarios"`          // the scenarios that leak in some use
	Families  []Family   `json:"families,omitempty"` // of the suite
	Uses      []Use      `json:"uses"`               // empty if the build has no release of the target
	Words     Words      `json:"-"`                  // what the suite calls verdicts, as far as it says
}

// A Use is one release of the target in a build, or what replaces it.
type Use struct {
	Module  string `json:"module"`  // the path in the require line, which may be a former one
	Version string `json:"version"` // what is built, after replace lines; empty if a folder or another module replaces it
	Where   string `json:"where"`   // file and line that say so; empty for the command line

	Position Position     `json:"position"`           // the same file and line; the zero value for the command line
	Required string       `json:"required"`           // the version that was selected, before replace lines
	Replaced *Replacement `json:"replaced,omitempty"` // what is built instead
	Indirect bool         `json:"indirect"`           // no main module imports it directly
	Parents  []string     `json:"parents"`            // the modules that require it
	Likeness *Likeness    `json:"likeness,omitempty"` // for code that is not a release: what it is nearest to
	Fork     string       `json:"fork,omitempty"`     // row of the table that a fork made by matrixrun is equal to
	Base     []Advice     `json:"base"`               // for code that is not a release: how the nearest ones fare. A hint, not an answer
	Note     string       `json:"note,omitempty"`     // how it is known what the code is, if not by its version

	// Toolchain is the Go release that compiles the program, if the verdicts depend on that
	// and it was tried: then Advice is about builds with it.
	Toolchain string `json:"toolchain,omitempty"`

	Advice  *Advice `json:"advice"`            // nil if the results do not have the release
	Cells   []Cell  `json:"cells"`             // the probes that leak
	Unknown string  `json:"unknown,omitempty"` // why there is no advice

	Affected Affected      `json:"affected"` // set by Conclude
	Answers  []ProbeAnswer `json:"answers"`  // for each probe; set by Conclude

	Families []FamilyAnswer `json:"families,omitempty"` // for each family; set by Conclude

	Unaffected string   `json:"unaffected,omitempty"` // why no scenario can happen in it; there is no advice then
	Next       string   `json:"next,omitempty"`       // what to do to find out
	Reach      []Reach  `json:"reach"`                // of the probes that leak, and of the workarounds
	Fixes      []Fix    `json:"fixes"`                // changes of this program that help, the most helpful first
	FixNotes   []string `json:"fix_notes"`            // which releases leak less and are not among the fixes, a sentence each
}

// Built returns the path and the version of the module that is built. The version is
// empty if it is unknown, and for a folder, whose path is that of the require line.
func (u *Use) Built() (path, version string) {
	if u.Replaced != nil && u.Replaced.Version != "" {
		return u.Replaced.Path, u.Replaced.Version
	}
	return u.Module, u.Version
}

// A FailOn says which leaks make a check fail.
type FailOn string

// The leaks that make a check fail.
const (
	FailOnReached FailOn = "reached" // those that the program reaches, or may reach
	FailOnBuilt   FailOn = "built"   // all in what is built
)

// An Unseen is a module of a build whose code could not be looked at.
type Unseen struct {
	Module  string `json:"module"`
	Version string `json:"version"`
	Why     string `json:"why"`
}

// ReachOf returns whether the program reaches a scenario in the code of a use.
func (u *Use) ReachOf(scenario string) ReachState {
	for i := range u.Reach {
		if u.Reach[i].Scenario == scenario {
			return u.Reach[i].State
		}
	}
	return ReachUnknown
}

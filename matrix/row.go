package matrix

// A Row is what one binary is built from: a release, patches, a toolchain and an
// adapter.
type Row struct {
	ID        string // see RowID
	Release   Release
	Rehomed   bool      // it has another path than the target, so that its copy must be given that
	Patches   []Variant // in the order in which they are applied
	Toolchain string    // such as "go1.20.14"; empty for the installed go command
	Adapter   Adapter

	// Required is the version of the target in the go.mod of the reproduction, which does
	// not change what is built; empty for the lowest one. It is the highest one if a
	// dependency of the target requires the target too, since go.mod must not have a lower
	// version than that.
	Required string

	Swap Swap // of a package that the reproduction imports; the zero Swap for none

	// Neighbours are further adapters to try, in this order, if the reproduction does
	// not compile with Adapter, and Toolchains further toolchains if the target does not
	// compile with Toolchain. Only rows that are not built from a release have some.
	Neighbours []Adapter
	Toolchains []string
}

// A Swap gives the reproduction another package in place of one that it imports. Forks can
// take the types of a package that is itself a fork, with the same API.
type Swap struct {
	From string `json:"from"` // import path
	To   string `json:"to"`
}

// An Adapter selects the code of the reproduction for one era of the target's API.
type Adapter struct {
	Supported bool     // false: the suite has no adapter for this release
	Tags      []string // build tags; empty for the newest era
}

// A Plan is what a run is to do.
type Plan struct {
	Rows      []Row      // see CompareReleases; patched rows follow the unpatched row of their release
	Order     []int      // indexes of Rows, in the order in which a run answers them
	Scenarios []Scenario // the columns, in the suite's order
	Skips     []Skip

	// Untried are the releases that the suite asks about and that have no rows. It is that
	// of the whole plan if the plan is a shard of a run.
	Untried Untried

	// Server is the row whose binary runs the servers of all trials; nil if each
	// row's binary runs its own. It is not in Rows and gets no verdicts.
	Server *Row

	// Elsewhere has the versions of the releases without patches that other shards
	// have, if the plan is a shard of a run.
	Elsewhere []string
}

// A Skip is a row that was asked for and is not in the plan, with the reason.
type Skip struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// A Workspace is a row on disk: the patched tree of the target, and next to it the
// reproduction with its rewritten go.mod.
type Workspace struct {
	Dir      string // the reproduction's folder, in which to build
	Applied  []Applied
	Conflict string // why a patch does not apply; empty if all do
	GoLine   GoLine // of the reproduction, if the row has a newer one; zero if it is kept
	TooOld   string // why the row's toolchain must not build it, see NeedsGo; empty if it may
}

// A GoLine is the version in the go line of a reproduction's go.mod, which a row keeps
// unless its release needs a newer one. It decides what loops mean and how the standard
// library behaves (see GODEBUG).
type GoLine struct {
	Own string `json:"own"` // of the reproduction
	Row string `json:"row"` // of the row
}

// An Artifact is the outcome of laying out and building a row, as the record keeps
// it: a binary, or the reason why there is none.
type Artifact struct {
	SHA256    string    `json:"sha256,omitempty"` // of the binary, in hex; empty if there is none
	Applied   []Applied `json:"applied,omitempty"`
	Conflict  string    `json:"conflict,omitempty"`   // why a patch does not apply
	Complaint string    `json:"complaint,omitempty"`  // the output of the compiler if it failed
	Proven    bool      `json:"proven,omitempty"`     // whether the complaint proves that the code does not compile
	Unlinked  bool      `json:"unlinked,omitempty"`   // the binary has no package of the target
	Cgo       []string  `json:"cgo,omitempty"`        // see RowResult.Cgo
	CCompiler string    `json:"c_compiler,omitempty"` // see RowResult.CCompiler
	NoC       bool      `json:"no_c,omitempty"`       // no package outside of the standard library needs cgo
	GoLine    GoLine    `json:"go_line,omitzero"`     // see Workspace.GoLine
	From      string    `json:"from,omitempty"`       // the remote record that it was fetched from; empty if it was made here
	Path      string    `json:"-"`                    // the path of the binary

	CPU   float64 `json:"cpu_s,omitempty"`   // CPU seconds of the build, all processes together
	Tools float64 `json:"tools_s,omitempty"` // the part of CPU that compilers, assemblers and the linker used
}

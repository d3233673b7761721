package matrix

// A Row is what one binary is made of: a release, patches, a toolchain and an
// adapter.
type Row struct {
	ID        string // the version, and "+NAME" for each patch
	Release   Release
	Rehomed   bool      // served under a former path: its copy is given the present one
	Patches   []Variant // in the order in which they go on
	Toolchain string    // such as "go1.20.14"; empty for the go command at hand
	Adapter   Adapter
}

// An Adapter selects the lines of the reproduction for one API era.
type Adapter struct {
	Supported bool     // false: the suite has no adapter for this release
	Tags      []string // build tags; none for the newest era
}

// A Plan is what a run will do.
type Plan struct {
	Rows      []Row      // by version; a patched row follows its unpatched one
	Order     []int      // indexes of Rows, the most telling first
	Scenarios []Scenario // the columns, in the suite's order
	Skips     []Skip

	// Server is the row whose binary runs the servers of all trials; nil where
	// each row's own does. It is answered by no verdict.
	Server *Row
}

// A Skip is a row that was asked for and will not be run, with the reason.
type Skip struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// A Workspace is a row laid out on disk: the target's tree, patched, and the
// reproduction with its rewritten go.mod beside it.
type Workspace struct {
	Dir      string // the folder to build in: the reproduction's
	Applied  []Applied
	Conflict string // why a patch did not go on; empty where all did
}

// An Artifact is what laying and building a row came to, as the record keeps
// it: a binary, or the reason why there is none.
type Artifact struct {
	SHA256    string    `json:"sha256,omitempty"` // hex, of the binary; empty where there is none
	Applied   []Applied `json:"applied,omitempty"`
	Conflict  string    `json:"conflict,omitempty"`  // why a patch did not go on
	Complaint string    `json:"complaint,omitempty"` // the compiler's words where it failed
	Path      string    `json:"-"`                   // the binary's file

	CPU   float64 `json:"cpu_s,omitempty"`   // seconds that building took, of all processes together
	Tools float64 `json:"tools_s,omitempty"` // those of them that went into compilers, assemblers and the linker
}

package matrix

// A Shard says which part of a run some results are, and how the whole run was
// planned. It has what merging needs and results do not have.
type Shard struct {
	Index int        `json:"index"` // 1 to Of
	Of    int        `json:"of"`    // the number of parts
	Plan  [][]string `json:"plan"`  // IDs of the rows of each part, in the plan's order

	Spec     string        `json:"spec"`           // "sha256:..." of matrix.yaml
	Patches  []PatchDigest `json:"patches"`        // which the plan applies, in this order
	Server   string        `json:"server"`         // the release of all servers; empty if each row has its own
	Trials   int           `json:"trials"`         // the most proven trials of a cell
	Fixed    bool          `json:"fixed"`          // run them all, whatever the suite's sequential test says
	Sure     bool          `json:"sure,omitempty"` // run more, until they are as sure as the suite wants
	Evidence EvidenceMode  `json:"evidence"`       // which cells have evidence
	Go       string        `json:"go,omitempty"`   // the version of the installed go command, if it compiles rows
}

// A PatchDigest identifies a patch by the variants that a plan applies.
type PatchDigest struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // of the variants' digests: hex, sorted, one on each line
}

// Rows returns the IDs of the rows of all parts, in the plan's order.
func (s *Shard) Rows() []string {
	var all []string
	for _, part := range s.Plan {
		all = append(all, part...)
	}
	return all
}

// Own returns the IDs of the rows of this part.
func (s *Shard) Own() []string { return s.Plan[s.Index-1] }

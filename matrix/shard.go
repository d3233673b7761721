package matrix

// A Shard says which part of a run some results are of, and what the whole of it
// is: all that those who join the parts must know of it, and that is not in
// results anyway.
type Shard struct {
	Index int        `json:"index"` // 1 to Of
	Of    int        `json:"of"`    // so many parts
	Plan  [][]string `json:"plan"`  // the rows of each part, by ID, in the plan's order

	Spec     string       `json:"spec"`         // "sha256:..." of matrix.yaml
	Patches  []Fix        `json:"patches"`      // those that the plan applies, in their order
	Server   string       `json:"server"`       // the release of all servers; empty for each row's own
	Trials   int          `json:"trials"`       // proven trials of each cell at most
	Fixed    bool         `json:"fixed"`        // all of them, whatever the suite's sequential test says
	Evidence EvidenceMode `json:"evidence"`     // which cells have some
	Go       string       `json:"go,omitempty"` // the go command at hand, where it compiles rows
}

// A Fix is a patch with all of its variants that a plan applies.
type Fix struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // of their digests, which are in hex, sorted, a line each
}

// Rows lists the rows of all parts, in the plan's order.
func (s *Shard) Rows() []string {
	var all []string
	for _, part := range s.Plan {
		all = append(all, part...)
	}
	return all
}

// Own lists the rows of the part itself.
func (s *Shard) Own() []string { return s.Plan[s.Index-1] }

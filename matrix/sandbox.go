package matrix

import (
	"slices"
	"strings"
)

// A SandboxMode says whether foreign code runs in a sandbox.
type SandboxMode string

// The values of --sandbox.
const (
	SandboxAuto    SandboxMode = "auto"    // contain what the system allows to contain
	SandboxOff     SandboxMode = "off"     // contain nothing
	SandboxRequire SandboxMode = "require" // run nothing unless everything can be contained
)

// SandboxModes returns all modes.
func SandboxModes() []SandboxMode { return []SandboxMode{SandboxAuto, SandboxOff, SandboxRequire} }

// A Sandbox says what the reproductions of a run could not reach. Cells that were
// recalled from the record may have run in another one: no verdict depends on it.
type Sandbox struct {
	Files     Contained `json:"files"`     // all but the binary and a temporary folder
	Network   Contained `json:"network"`   // everything but a loopback interface of their own
	Processes Contained `json:"processes"` // other processes, and how many there may be
	Memory    Contained `json:"memory"`    // how much a process may use
}

// Contained says whether one part of a sandbox is in force.
type Contained struct {
	Applies bool   `json:"applies"`
	Why     string `json:"why,omitempty"` // why it does not, or what it leaves open
}

// A SandboxPart is one part of a sandbox, with its name.
type SandboxPart struct {
	Name string // as in results.json
	Contained
}

// gap says what a part leaves open, and why.
func (p SandboxPart) gap() string {
	if p.Applies {
		return p.Name + ": " + p.Why
	}
	return "not " + p.Name + ": " + p.Why
}

// Parts returns the parts of a sandbox, in the order of results.json.
func (s *Sandbox) Parts() []SandboxPart {
	return []SandboxPart{{"files", s.Files}, {"network", s.Network}, {"processes", s.Processes}, {"memory", s.Memory}}
}

// Summary says in one line what a sandbox contains, and what it does not and why.
func (s *Sandbox) Summary() string {
	var contained, gaps []string
	for _, p := range s.Parts() {
		if p.Applies {
			contained = append(contained, p.Name)
		}
		if p.Why != "" {
			gaps = append(gaps, p.gap())
		}
	}
	first := "contains " + strings.Join(contained, ", ")
	switch {
	case len(contained) == 0 && !slices.ContainsFunc(s.Parts(), func(p SandboxPart) bool { return p.Why != s.Files.Why }):
		return "contains nothing: " + s.Files.Why
	case len(contained) == 0:
		first = "contains nothing"
	}
	return strings.Join(append([]string{first}, gaps...), "; ")
}

// Gaps reports whether a sandbox leaves anything open.
func (s *Sandbox) Gaps() bool {
	return slices.ContainsFunc(s.Parts(), func(p SandboxPart) bool { return !p.Applies || p.Why != "" })
}

// Weaker returns what both sandboxes contain. Nil, the sandbox of results that do not
// say what they contained, contains nothing that is known.
func (s *Sandbox) Weaker(o *Sandbox) *Sandbox {
	if s == nil || o == nil {
		return nil
	}
	weaker := func(a, b Contained) Contained {
		if !a.Applies || b.Applies && a.Why != "" {
			return a
		}
		return b
	}
	return &Sandbox{
		Files: weaker(s.Files, o.Files), Network: weaker(s.Network, o.Network),
		Processes: weaker(s.Processes, o.Processes), Memory: weaker(s.Memory, o.Memory),
	}
}

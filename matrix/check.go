package matrix

import "time"

// A Check says which releases of a suite's target a program is built with, and what
// published results know of them.
type Check struct {
	Suite     string     `json:"suite"`
	Target    string     `json:"target"`
	Generated time.Time  `json:"generated"` // when the results were measured
	Matrixrun string     `json:"matrixrun"`
	Scenarios []Scenario `json:"scenarios"` // the scenarios that leak in some use
	Uses      []Use      `json:"uses"`      // empty if the build has no release of the target
}

// A Use is one release of the target in a build, or what replaces it.
type Use struct {
	Module  string `json:"module"`  // the path in the require line, which may be a former one
	Version string `json:"version"` // what is built, after replace lines; empty if a folder or another module replaces it
	Where   string `json:"where"`   // file and line that say so; empty for the command line

	Advice  *Advice `json:"advice"`            // nil if the results do not have the release
	Cells   []Cell  `json:"cells"`             // the probes that leak
	Unknown string  `json:"unknown,omitempty"` // why there is no advice
	Next    string  `json:"next,omitempty"`    // what to do to find out
}

// Exit returns the exit status of a check: ExitUnknown if some use has no answer,
// else ExitDiffers if some use leaks.
func (c *Check) Exit() int {
	exit := ExitOK
	for _, u := range c.Uses {
		switch {
		case u.Advice == nil || u.Advice.State != StateOK || !u.Advice.Affected && len(u.Advice.Unknown) > 0:
			return ExitUnknown
		case u.Advice.Affected:
			exit = ExitDiffers
		}
	}
	return exit
}

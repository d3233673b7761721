package matrix

import "time"

// A Check tells what a build gets of a suite's target, by results that are there
// already.
type Check struct {
	Suite     string     `json:"suite"`
	Target    string     `json:"target"`
	Generated time.Time  `json:"generated"` // when the results were found out
	Matrixrun string     `json:"matrixrun"`
	Scenarios []Scenario `json:"scenarios"` // those that leak in a use
	Uses      []Use      `json:"uses"`      // none where the build has no release of the target
}

// A Use is one release of the target that a build has, or what it has in its place.
type Use struct {
	Module  string `json:"module"`  // the path that it is required by, which may be a former one
	Version string `json:"version"` // what is built, after a replace line; empty for a folder or another module
	Where   string `json:"where"`   // the line that says so: a file and its line, or empty for the command line

	Advice  *Advice `json:"advice"`            // nil where the results have no such release
	Cells   []Cell  `json:"cells"`             // the probes that leak
	Unknown string  `json:"unknown,omitempty"` // why there is no advice
	Next    string  `json:"next,omitempty"`    // what finds it out
}

// Exit returns the exit status of a check: it leaks, or it is not known whether it
// does, or neither.
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

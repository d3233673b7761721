package plans

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Listed compares the scenarios of a suite with those that its reproduction lists.
type Listed struct {
	Row     string   `json:"row"`     // whose build was asked
	Missing []string `json:"missing"` // in matrix.yaml, and not in the reproduction
	Unknown []string `json:"unknown"` // in the reproduction, and not in matrix.yaml
}

// NewListed compares them. Names are what the reproduction lists in a row.
func NewListed(suite *matrix.Spec, row string, names []string) *Listed {
	l := &Listed{Row: row, Missing: []string{}, Unknown: []string{}}
	for _, s := range suite.Scenarios {
		if !slices.Contains(names, s.Name) {
			l.Missing = append(l.Missing, s.Name)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(suite.Scenarios, func(s matrix.Scenario) bool { return s.Name == name }) {
			l.Unknown = append(l.Unknown, name)
		}
	}
	return l
}

// Differs reports whether one has a scenario that the other does not have.
func (l *Listed) Differs() bool { return len(l.Missing)+len(l.Unknown) > 0 }

// sentences says how the two compare.
func (l *Listed) sentences() (all []string) {
	if len(l.Missing) > 0 {
		all = append(all, "matrix.yaml has "+text.List(l.Missing)+", and the reproduction does not")
	}
	if len(l.Unknown) > 0 {
		all = append(all, "the reproduction has "+text.List(l.Unknown)+", and matrix.yaml does not")
	}
	if len(all) == 0 {
		all = append(all, "those of matrix.yaml")
	}
	return all
}

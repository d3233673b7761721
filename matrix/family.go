package matrix

import "slices"

// A Family is probes that are one thing to somebody who writes a program with the target:
// one way in which the program meets the defect, in the words of that person.
type Family struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`       // what the program does, a clause that can follow "if": "you cancel a stream"
	Consequence string   `json:"consequence"` // what happens then, a clause
	Condition   string   `json:"condition"`   // which programs that is about, a clause that can follow "only": "clients that dial"
	Scenarios   []string `json:"scenarios"`   // the names of its probes, in the suite's order; a run may leave some out

	// Changes say what changed the target where verdicts change, as far as the suite knows.
	Changes []FamilyChange `json:"changes,omitempty"`
}

// A FamilyChange is what changed the verdicts of a family in a release.
type FamilyChange struct {
	Release string `json:"release"` // the first release that has it
	By      string `json:"by"`      // an address, such as that of a pull request
}

// A FamilyResult says how a family fares in one row.
type FamilyResult struct {
	Family string `json:"family"`

	// Verdict is leak or flaky if a probe is, and clean if all are. Otherwise it is that of
	// the first probe that is not clean; empty if that probe was not run.
	Verdict Verdict `json:"verdict"`

	Leaks []string `json:"leaks"` // its probes that leak or are flaky
	Kills bool     `json:"kills"` // one of these leaks is severe
}

// In returns how the family fares in a row.
func (f *Family) In(row *RowResult) FamilyResult {
	r := FamilyResult{Family: f.Name, Verdict: VerdictClean, Leaks: []string{}}
	for _, name := range f.Scenarios {
		c, _ := row.Cell(name)
		if c.Verdict.Leaks() {
			r.Leaks = append(r.Leaks, name)
			r.Kills = r.Kills || c.Kills()
		}
		if familyRank(c.Verdict) > familyRank(r.Verdict) {
			r.Verdict = c.Verdict
		}
	}
	return r
}

// familyRank orders the verdicts of probes by which decides that of their family.
func familyRank(v Verdict) int {
	switch v {
	case VerdictLeak:
		return 3
	case VerdictFlaky:
		return 2
	case VerdictClean:
		return 0
	default:
		return 1
	}
}

// Only returns the family with those of its scenarios that others has.
func (f Family) Only(others []Scenario) Family {
	f.Scenarios = slices.DeleteFunc(slices.Clone(f.Scenarios), func(name string) bool {
		return !slices.ContainsFunc(others, func(s Scenario) bool { return s.Name == name })
	})
	return f
}

// FamilyOf returns the family of a scenario, nil if it is in none.
func FamilyOf(families []Family, scenario string) *Family {
	for i := range families {
		if slices.Contains(families[i].Scenarios, scenario) {
			return &families[i]
		}
	}
	return nil
}

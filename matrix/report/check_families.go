package report

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// byFamily says of each family that leaks in a use what the program does then, what
// happens, whom that concerns, and whether the program gets there; and of which families
// that is not known. There are no sentences without families, or without advice.
func byFamily(c *matrix.Check, u *matrix.Use) (sentences []string) {
	if u.Advice == nil {
		return nil
	}
	for i, answer := range u.Families {
		f := &c.Families[i]
		switch leaks := leaksOf(u, f.Name); {
		case len(leaks) > 0:
			sentences = append(sentences, f.Name+": "+inWords(f)+getsThere(u, leaks))
		case answer.Answer == matrix.AnswerUnknown:
			sentences = append(sentences, fmt.Sprintf("%s: what happens if %s is not known.", f.Name, f.Title))
		}
	}
	return sentences
}

// leaksOf returns the probes of a family that leak in a use.
func leaksOf(u *matrix.Use, family string) []string {
	for _, r := range u.Advice.Families {
		if r.Family == family {
			return r.Leaks
		}
	}
	return nil
}

// getsThere says whether the program gets to some of the probes, as the end of a sentence.
// It says nothing if that is not known of any.
func getsThere(u *matrix.Use, probes []string) string {
	is := func(state matrix.ReachState) func(string) bool {
		return func(probe string) bool { return u.ReachOf(probe) == state }
	}
	switch {
	case slices.ContainsFunc(probes, is(matrix.Reached)):
		return " Your program gets there."
	case slices.ContainsFunc(probes, is(matrix.ReachUnknown)):
		return ""
	default:
		return " Your program never gets there."
	}
}

// Package nearest guesses which of the known words somebody meant who wrote
// another one, for the "did you mean" at the end of a message.
package nearest

import (
	"fmt"
	"slices"
	"strings"
)

// Word returns the known word that is closest to a misspelt one, and whether
// there is one that is close enough to be worth a guess. Of two that are
// equally close the earlier wins.
func Word(word string, known []string) (string, bool) {
	best, bestDistance := "", limit(word)+1
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best, best != ""
}

// Hint ends a message about an unknown word: with a guess where one is close,
// else with all the words that there are.
func Hint(word string, known []string) string {
	if guess, ok := Word(word, known); ok {
		return fmt.Sprintf("did you mean %q?", guess)
	}
	if len(known) == 0 {
		return "there is none"
	}
	return "want one of " + strings.Join(known, ", ")
}

// limit is how many letters may differ. A third of the word lets a typo or a
// plural through, and keeps short words from matching each other.
func limit(word string) int {
	return max(1, len([]rune(word))/3)
}

// distance counts the letters to insert, drop, replace or swap with their
// neighbour to turn a into b.
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	var before []int // the row above the row above, for swaps
	above := make([]int, len(to)+1)
	for j := range above {
		above[j] = j
	}
	for i := range from {
		row := make([]int, len(to)+1)
		row[0] = i + 1
		for j := range to {
			cost := 1
			if from[i] == to[j] {
				cost = 0
			}
			row[j+1] = min(above[j]+cost, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && slices.Equal(from[i-1:i+1], []rune{to[j], to[j-1]}) {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above = above, row
	}
	return above[len(to)]
}

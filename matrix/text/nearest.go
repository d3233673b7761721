package text

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest returns the known word that somebody most likely meant who wrote
// word: one that it begins, or one that is a few letters away. It reports false
// if no known word is close. Of equally close words, the first wins. Case is
// ignored.
func Nearest(word string, known []string) (string, bool) {
	word = strings.ToLower(word)
	best, least := "", limit(word)+1
	for _, k := range known {
		d := distance(word, strings.ToLower(k))
		if word != "" && strings.HasPrefix(strings.ToLower(k), word) {
			d = min(d, 1)
		}
		if d < least && d < len(k) {
			best, least = k, d
		}
	}
	return best, best != ""
}

// Hint ends a message about an unknown word: with the nearest known word, or
// with all known words if none is near.
func Hint(word string, known []string) string {
	if guess, ok := Nearest(word, known); ok {
		return fmt.Sprintf("did you mean %q?", guess)
	}
	if len(known) == 0 {
		return "there are none"
	}
	return "want one of " + strings.Join(known, ", ")
}

// limit returns how many letters of a misspelt word may differ. A third allows
// a typo or a plural, and keeps short words from matching each other.
func limit(word string) int { return max(1, len([]rune(word))/3) }

// distance returns the least number of letters to insert, drop, replace or swap
// with their neighbour to turn a into b.
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

package matrix

import "fmt"

// mostChance is how likely clean trials may be by chance before somebody is told.
const mostChance = 0.05

// ByChance reports whether it may be chance that none of n trials leaks, while k of m others do:
// whether that is more likely than 5 % if both leak equally often.
func ByChance(n, k, m int) bool { return chance(n, k, m) > mostChance }

// ChanceNote says that it may be chance that none of n trials leaks, while k of m others do, and
// where these are: " in v1.0.0".
func ChanceNote(n, k, m int, where string) string {
	return fmt.Sprintf("0 of %d trials may be chance, next to %d of %d%s: take more with --trials", n, k, m, where)
}

// chance returns how likely it is that none of n trials leaks if k of all n+m do and the
// others are m: the one-sided exact test of Fisher.
func chance(n, k, m int) float64 {
	p := 1.0
	for i := range k {
		p *= float64(m-i) / float64(n+m-i)
	}
	return p
}

package bisect

import "math/bits"

// A set is a set of small numbers, with a bit for each.
type set []uint64

const wordBits = 64

// newSet returns an empty set for the numbers below n.
func newSet(n int) set { return make(set, (n+wordBits-1)/wordBits) }

func (s set) add(i int)      { s[i/wordBits] |= 1 << (i % wordBits) }
func (s set) has(i int) bool { return s[i/wordBits]&(1<<(i%wordBits)) != 0 }

func (s set) clone() set { return append(set(nil), s...) }

func (s set) union(t set) {
	for i := range s {
		s[i] |= t[i]
	}
}

func (s set) intersect(t set) {
	for i := range s {
		s[i] &= t[i]
	}
}

func (s set) remove(t set) {
	for i := range s {
		s[i] &^= t[i]
	}
}

func (s set) count() int { return s.countBoth(s) }

// countBoth returns how many numbers both sets have.
func (s set) countBoth(t set) (n int) {
	for i := range s {
		n += bits.OnesCount64(s[i] & t[i])
	}
	return n
}

// list returns the numbers in ascending order.
func (s set) list() (all []int) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			all = append(all, i*wordBits+bits.TrailingZeros64(word))
		}
	}
	return all
}

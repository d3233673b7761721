package judge

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// TestIntervalKnown compares intervals with published tables of exact binomial
// limits, and with the closed forms for k = 0 and k = n.
func TestIntervalKnown(t *testing.T) {
	tests := []struct {
		k, n      int
		low, high float64
	}{
		{0, 1, 0, 0.975},
		{1, 1, 0.025, 1},
		{0, 5, 0, 0.5218},
		{0, 10, 0, 0.3085},
		{1, 10, 0.0025, 0.4450},
		{2, 10, 0.0252, 0.5561},
		{5, 10, 0.1871, 0.8129},
		{10, 10, 0.6915, 1},
		{4, 20, 0.0573, 0.4366},
		{0, 100, 0, 0.0362},
		{10, 100, 0.0490, 0.1762},
		{50, 100, 0.3983, 0.6017},
		{0, 1000, 0, 1 - math.Pow(0.025, 1.0/1000)},
		{1000, 1000, math.Pow(0.025, 1.0/1000), 1},
	}
	for _, test := range tests {
		got := Interval(test.k, test.n)
		if math.Abs(got[0]-test.low) > 6e-5 || math.Abs(got[1]-test.high) > 6e-5 {
			t.Errorf("Interval(%d, %d) = %v, want %.4f .. %.4f", test.k, test.n, *got, test.low, test.high)
		}
	}
	if got := Interval(0, 0); got != nil {
		t.Errorf("Interval(0, 0) = %v, want nil", *got)
	}
}

// TestIntervalTails checks the definition: at the lower bound, k or more leaks have
// probability tail; at the upper bound, k or fewer have it.
func TestIntervalTails(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 250).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		low, high := clopperPearson(k, n)
		if low < 0 || high > 1 || low > float64(k)/float64(n) || high < float64(k)/float64(n) {
			t.Fatalf("%d of %d: %g .. %g does not hold the rate that was seen", k, n, low, high)
		}
		if k > 0 {
			if got := binomial(n, k, n, low); math.Abs(got-tail) > 1e-10 {
				t.Errorf("at %g, %d or more of %d have probability %g, want %g", low, k, n, got, tail)
			}
		}
		if k < n {
			if got := binomial(n, 0, k, high); math.Abs(got-tail) > 1e-10 {
				t.Errorf("at %g, %d or fewer of %d have probability %g, want %g", high, k, n, got, tail)
			}
		}
	})
}

// TestIntervalOrder checks that more leaks give higher bounds, and that the interval
// of n-k mirrors that of k.
func TestIntervalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "n")
		k := rapid.IntRange(0, n-1).Draw(t, "k")
		low, high := clopperPearson(k, n)
		nextLow, nextHigh := clopperPearson(k+1, n)
		if nextLow <= low || (nextHigh <= high && high < 1) {
			t.Errorf("%d of %d: %g .. %g, but %d: %g .. %g", k, n, low, high, k+1, nextLow, nextHigh)
		}
		mirrorLow, mirrorHigh := clopperPearson(n-k, n)
		if math.Abs(1-mirrorHigh-low) > 1e-9 || math.Abs(1-mirrorLow-high) > 1e-9 {
			t.Errorf("%d of %d: %g .. %g, mirrored %g .. %g", k, n, low, high, 1-mirrorHigh, 1-mirrorLow)
		}
	})
}

// binomial sums the probabilities of from .. to successes out of n. It uses none of
// the functions under test, but exact coefficients and 200-bit powers.
func binomial(n, from, to int, p float64) float64 {
	newFloat := func(v float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(v) }
	yes, no := newFloat(p), new(big.Float).SetPrec(200).Sub(newFloat(1), newFloat(p))
	sum := newFloat(0)
	for i := from; i <= to; i++ {
		term := new(big.Float).SetPrec(200).SetInt(new(big.Int).Binomial(int64(n), int64(i)))
		for range i {
			term.Mul(term, yes)
		}
		for range n - i {
			term.Mul(term, no)
		}
		sum.Add(sum, term)
	}
	total, _ := sum.Float64()
	return total
}

package matrix

import (
	"math"
	"testing"
)

// TestChance compares the test of Fisher with its values for small numbers.
func TestChance(t *testing.T) {
	for _, c := range []struct {
		n, k, m int
		want    float64
	}{{10, 1, 10, 0.5}, {1, 1, 1, 0.5}, {2, 2, 2, 1.0 / 6}, {10, 10, 10, 1.0 / 184756}} {
		if got := chance(c.n, c.k, c.m); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("chance(%d, %d, %d) = %v, want %v", c.n, c.k, c.m, got, c.want)
		}
	}
}

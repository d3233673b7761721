package main

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSpread(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		want   *Spread
	}{
		{"none", nil, nil},
		{"one", []float64{2}, &Spread{2, 2, 2}},
		{"odd, in any order", []float64{9, 1, 4}, &Spread{4, 1, 9}},
		{"even: between the two in the middle", []float64{1, 10, 2, 3}, &Spread{2.5, 1, 10}},
		{"to the thousandth", []float64{1.0004, 1.0006}, &Spread{1.001, 1, 1.001}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := slices.Clone(test.values)
			if diff := cmp.Diff(test.want, spread(test.values)); diff != "" {
				t.Errorf("spread (-want +got):\n%s", diff)
			}
			if !slices.Equal(before, test.values) {
				t.Errorf("spread sorted its caller's values: %v", test.values)
			}
		})
	}
}

// TestMedianHalves checks that at most half of the values are on either side of the
// median.
func TestMedianHalves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 50), func(n int) float64 { return float64(n) }), 1, 20).Draw(t, "values")
		s := spread(values)
		below, above := 0, 0
		for _, v := range values {
			if v < s.Median {
				below++
			}
			if v > s.Median {
				above++
			}
		}
		if below > len(values)/2 || above > len(values)/2 || s.Min != slices.Min(values) || s.Max != slices.Max(values) {
			t.Fatalf("%v: %+v", values, s)
		}
	})
}

// TestRatiosArePaired checks that a machine that is slow for both sides of a pair
// does not change its ratio.
func TestRatiosArePaired(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		factor := rapid.Float64Range(1, 10)
		ratio := factor.Draw(t, "ratio")
		var plain, tool []float64
		for _, slow := range rapid.SliceOfN(factor, 1, 9).Draw(t, "slow") {
			plain, tool = append(plain, ratio*slow), append(tool, slow)
		}
		if s := spread(ratios(plain, tool)); math.Abs(s.Median-ratio) > 0.001 || s.Max-s.Min > 0.002 {
			t.Fatalf("want %v and no spread, got %+v", ratio, s)
		}
	})
}

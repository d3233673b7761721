package main

import (
	"math"
	"slices"
)

// A Spread summarizes several measurements of the same thing.
type Spread struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// spread returns the spread of values, and nil if there are none. The median of an
// even number of values is the mean of the two in the middle.
func spread(values []float64) *Spread {
	if len(values) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(values))
	low, high := sorted[(len(sorted)-1)/2], sorted[len(sorted)/2]
	return &Spread{Median: round((low + high) / 2), Min: round(sorted[0]), Max: round(sorted[len(sorted)-1])}
}

// ratios divides the values pair by pair. A ratio of two medians would compare
// values of different runs, between which the machine may have changed.
func ratios(over, under []float64) []float64 {
	quotients := make([]float64, min(len(over), len(under)))
	for i := range quotients {
		quotients[i] = over[i] / under[i]
	}
	return quotients
}

// each returns a value of each measurement.
func each[T any](measured []T, value func(T) float64) []float64 {
	values := make([]float64, 0, len(measured))
	for _, m := range measured {
		values = append(values, value(m))
	}
	return values
}

// round rounds to thousandths, since measurements are not more precise.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }

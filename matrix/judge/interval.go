package judge

import (
	"math"
	"sync"
)

// tail is the probability that a two-sided 95 % interval leaves out at either end.
const tail = 0.025

// Interval returns the two-sided 95 % Clopper-Pearson interval of a rate after k out
// of n trials, as fractions of 1; nil if n is 0. The bounds are rounded to six
// decimals, so that they are the same on every platform.
func Interval(k, n int) *[2]float64 {
	if n <= 0 {
		return nil
	}
	if known, ok := intervals.Load([2]int{k, n}); ok {
		interval := known.([2]float64)
		return &interval
	}
	low, high := clopperPearson(k, n)
	interval := [2]float64{math.Round(low*1e6) / 1e6, math.Round(high*1e6) / 1e6}
	intervals.Store([2]int{k, n}, interval)
	return &interval
}

// intervals caches the results of Interval, by k and n. The cells of a table have few
// different ones.
var intervals sync.Map

// clopperPearson inverts the tails of the binomial distribution: low is the rate at
// which k or more leaks have probability tail, high the rate at which k or fewer do.
// Both tails are incomplete beta functions.
func clopperPearson(k, n int) (low, high float64) {
	if k > 0 {
		low = inverse(float64(k), float64(n-k+1), tail)
	}
	high = 1
	if k < n {
		high = inverse(float64(k+1), float64(n-k), 1-tail)
	}
	return low, high
}

// inverse returns the x at which the regularised incomplete beta function, which
// grows with x, is p. Each iteration of the bisection gives one more bit, so that 64
// give all bits of a float64.
func inverse(a, b, p float64) float64 {
	low, high := 0.0, 1.0
	for range 64 {
		mid := (low + high) / 2
		if regularisedBeta(mid, a, b) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// regularisedBeta returns I_x(a, b) for positive a and b.
func regularisedBeta(x, a, b float64) float64 {
	if x <= 0 {
		return 0
	}
	if x >= 1 {
		return 1
	}
	// The continued fraction converges quickly only below about the mean. Above it,
	// use I_x(a, b) = 1 - I_1-x(b, a).
	if x > (a+1)/(a+b+2) {
		return 1 - regularisedBeta(1-x, b, a)
	}
	ab, _ := math.Lgamma(a + b)
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	front := math.Exp(ab - la - lb + a*math.Log(x) + b*math.Log1p(-x))
	return front / a * betaFraction(x, a, b)
}

// betaFraction evaluates the continued fraction of the incomplete beta function
// (DLMF 8.17.22) by Lentz's method, which starts with the first term and can stop
// when another term does not change the value.
func betaFraction(x, a, b float64) float64 {
	const (
		eps  = 1e-15
		most = 100_000 // terms; about sqrt(a+b) are needed
	)
	c, d := 1.0, 1/nonZero(1+betaTerm(1, x, a, b))
	value := d
	for i := 2; i < most; i++ {
		term := betaTerm(i, x, a, b)
		c = nonZero(1 + term/c)
		d = 1 / nonZero(1+term*d)
		value *= c * d
		if math.Abs(c*d-1) < eps {
			break
		}
	}
	return value
}

// betaTerm returns the i-th numerator of the fraction, counted from 1.
func betaTerm(i int, x, a, b float64) float64 {
	m := float64(i / 2)
	if i%2 == 0 {
		return m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
	}
	return -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
}

// nonZero replaces values near zero, by which Lentz's method would divide.
func nonZero(v float64) float64 {
	const tiny = 1e-300
	if math.Abs(v) < tiny {
		return tiny
	}
	return v
}

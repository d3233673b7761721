package spec

import (
	"github.com/matrixrun/matrixrun/matrix"
)

// settle holds the parameters of the sequential test in matrix.yaml. They have no
// defaults: a suite that wants fewer trials has to say how sure a verdict must be.
type settle struct{ p0, p1, alpha, beta number }

// A number is a numeric scalar with its line. Line 0 marks one that is absent or has
// the wrong type.
type number struct {
	value float64
	line  int
}

func (n number) given() bool { return n.line > 0 }

// readSettle reads the parameters. It returns nil if the key is absent: then all trials
// are run.
func (r *reader) readSettle(document table) *settle {
	n, ok := document.values["settle"]
	if !ok {
		return nil
	}
	t := r.table(n, "settle", "p0", "p1", "alpha", "beta")
	return &settle{p0: t.number("p0", "0.05"), p1: t.number("p1", "0.5"), alpha: t.number("alpha", "0.01"), beta: t.number("beta", "0.01")}
}

// checkSettle reports parameters with which the test makes no sense.
func (r *reader) checkSettle(t *settle) {
	if t == nil {
		return
	}
	within := func(name string, n number, most float64, what string) bool {
		inside := n.value > 0 && n.value < most // false for NaN
		if n.given() && !inside {
			r.addf(n.line, "settle %s: %v is not a %s: want a number above 0 and below %v", name, n.value, what, most)
		}
		return n.given() && inside
	}
	p0, p1 := within("p0", t.p0, 1, "rate"), within("p1", t.p1, 1, "rate")
	if p0 && p1 && t.p0.value >= t.p1.value {
		r.addf(t.p1.line, "settle: p1 %v is not above p0 %v: want p0 a rate that still counts as clean, and p1 a rate that is surely too high", t.p1.value, t.p0.value)
	}
	within("alpha", t.alpha, 0.5, "probability of error")
	within("beta", t.beta, 0.5, "probability of error")
}

// build returns the test, or nil if there is none.
func (t *settle) build() *matrix.Sequential {
	if t == nil {
		return nil
	}
	return &matrix.Sequential{P0: t.p0.value, P1: t.p1.value, Alpha: t.alpha.value, Beta: t.beta.value}
}

// number reads a number that must be there. The example shows what to add.
func (t table) number(key, example string) number {
	if _, ok := t.values[key]; !ok {
		t.missing(key, example)
		return number{}
	}
	return t.optional(key, example)
}

// optional reads a number, if the key is there.
func (t table) optional(key, example string) number {
	n, ok := t.values[key]
	if !ok {
		return number{}
	}
	if v, ok := scalarValue(resolve(n)); ok {
		if f, ok := v.(float64); ok {
			return number{value: f, line: n.Line}
		}
	}
	t.r.addf(n.Line, "%s is %s: want a number, such as %s", key, kindOf(resolve(n)), example)
	return number{}
}

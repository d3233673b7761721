package spec

import (
	"github.com/matrixrun/matrixrun/matrix"
)

// settle is the sequential test as matrix.yaml has it. The test has no defaults:
// whoever lets a cell do with fewer trials says how sure they want to be.
type settle struct{ p0, p1, alpha, beta number }

// A number is a scalar that YAML reads as one, with its line. Line 0 marks one
// that is absent or of the wrong type.
type number struct {
	value float64
	line  int
}

func (n number) given() bool { return n.line > 0 }

// readSettle returns nil where the key is absent: all trials are run then.
func (r *reader) readSettle(document table) *settle {
	n, ok := document.values["settle"]
	if !ok {
		return nil
	}
	t := r.table(n, "settle", "p0", "p1", "alpha", "beta")
	return &settle{p0: t.number("p0", "0.05"), p1: t.number("p1", "0.5"), alpha: t.number("alpha", "0.01"), beta: t.number("beta", "0.01")}
}

// checkSettle notes what would leave the sequential test without a meaning.
func (r *reader) checkSettle(t *settle) {
	if t == nil {
		return
	}
	within := func(name string, n number, most float64, what string) bool {
		inside := n.value > 0 && n.value < most // NaN is not
		if n.given() && !inside {
			r.addf(n.line, "settle %s: %v is no %s: want a number above 0 and below %v", name, n.value, what, most)
		}
		return n.given() && inside
	}
	p0, p1 := within("p0", t.p0, 1, "rate"), within("p1", t.p1, 1, "rate")
	if p0 && p1 && t.p0.value >= t.p1.value {
		r.addf(t.p1.line, "settle: p1 %v is not above p0 %v: want the rate that is surely too high above the one that may be called clean", t.p1.value, t.p0.value)
	}
	within("alpha", t.alpha, 0.5, "probability of error")
	within("beta", t.beta, 0.5, "probability of error")
}

// build returns nil where there is no test.
func (t *settle) build() *matrix.Sequential {
	if t == nil {
		return nil
	}
	return &matrix.Sequential{P0: t.p0.value, P1: t.p1.value, Alpha: t.alpha.value, Beta: t.beta.value}
}

// number reads a number that must be there; example shows what to add.
func (t table) number(key, example string) number {
	n, ok := t.values[key]
	if !ok {
		t.missing(key, example)
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

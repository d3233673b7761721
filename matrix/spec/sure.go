package spec

import (
	"github.com/matrixrun/matrixrun/matrix"
)

// sure holds how sure a published table must be, as matrix.yaml says it.
type sure struct{ clean, edge number }

// leastRate bounds the rates from below. It takes 36,888 trials that agree, and a
// trace has room for 100,000.
const leastRate = 0.0001

// readSure reads the rates. It returns nil if the key is absent.
func (r *reader) readSure(document table) *sure {
	n, ok := document.values["sure"]
	if !ok {
		return nil
	}
	t := r.table(n, "sure", "clean", "edge")
	return &sure{clean: t.number("clean", "0.05"), edge: t.number("edge", "0.005")}
}

// checkSure reports rates that cannot be excluded.
func (r *reader) checkSure(s *sure) {
	if s == nil {
		return
	}
	within := func(name string, n number) bool {
		inside := n.value >= leastRate && n.value < 1 // false for NaN
		if n.given() && !inside {
			r.addf(n.line, "sure %s: %v is not a rate that trials can exclude: want a number from %v up to, but not including, 1", name, n.value, leastRate)
		}
		return n.given() && inside
	}
	clean, edge := within("clean", s.clean), within("edge", s.edge)
	if clean && edge && s.edge.value > s.clean.value {
		r.addf(s.edge.line, "sure: edge %v is above clean %v: want edge the lower rate, since what changes from one release to the next must be surer than the rest", s.edge.value, s.clean.value)
	}
}

// build returns the rates, or nil if there are none.
func (s *sure) build() *matrix.Certainty {
	if s == nil {
		return nil
	}
	return &matrix.Certainty{Clean: s.clean.value, Edge: s.edge.value}
}

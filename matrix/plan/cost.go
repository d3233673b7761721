package plan

import (
	"cmp"
	"slices"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// Times holds what rows took in an earlier run, by row ID.
type Times map[string]Time

// A Time is what one row took.
type Time struct {
	Toolchain string        // the one that compiled it
	CPU       time.Duration // of all its processes
}

// A Cost is the CPU time that a row is expected to take, without the set-up of its
// toolchain.
type Cost struct {
	CPU   time.Duration
	Known bool // measured in an earlier run; false for an estimate
}

// SetUp is the CPU time that a machine spends on each toolchain before it compiles
// the first row: unpacking it, and compiling the part of the standard library that
// rows need. In the published runs it was 9 to 20 seconds, from Go 1.16 to 1.26.
const SetUp = 15 * time.Second

// unknown is the expected cost of a row if no row has been measured: about what a
// release of the first suite took next to compiled neighbours. Only its ratio to
// SetUp matters.
const unknown = 4 * time.Second

// bound is more than any row takes. It keeps sums in range, whatever a file claims.
const bound = 24 * time.Hour

// Costs returns the expected cost of each row of a plan. It depends on the plan and
// the times alone: two machines with the same arguments get the same costs. A row
// without a time costs the median of the rows with its toolchain, or else of all
// rows, or else the same as any other. A row without an adapter costs nothing, since
// it is not built.
func Costs(p *matrix.Plan, times Times) []Cost {
	all := make(map[string][]time.Duration) // by toolchain; "" for all of them
	for _, t := range times {
		if t.CPU <= 0 {
			continue
		}
		all[""] = append(all[""], min(t.CPU, bound))
		if t.Toolchain != "" {
			all[t.Toolchain] = append(all[t.Toolchain], min(t.CPU, bound))
		}
	}
	usual := make(map[string]time.Duration)
	for toolchain, of := range all {
		usual[toolchain] = median(of)
	}
	of := func(t Time) time.Duration {
		if t.Toolchain == "" {
			return min(t.CPU, bound)
		}
		return prepared(min(t.CPU, bound), usual[t.Toolchain])
	}
	costs := make([]Cost, len(p.Rows))
	for i, row := range p.Rows {
		if !row.Adapter.Supported {
			continue
		}
		if t := times[row.ID]; t.CPU > 0 {
			costs[i] = Cost{CPU: of(t), Known: true}
			continue
		}
		costs[i].CPU = cmp.Or(usual[row.Toolchain], usual[""], unknown)
	}
	return costs
}

// prepared returns the cost of a row whose toolchain is already set up. A row that
// took much more than usual was the first with its toolchain, and set it up.
func prepared(took, usual time.Duration) time.Duration {
	if took > usual+SetUp/2 {
		return max(usual, took-SetUp)
	}
	return took
}

// median sorts times and returns the middle one, of two the lower.
func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[(len(of)-1)/2]
}

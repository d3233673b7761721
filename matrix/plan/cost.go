package plan

import (
	"cmp"
	"slices"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// Times tell what rows took in an earlier run, by their IDs.
type Times map[string]Time

// A Time is what one row took.
type Time struct {
	Toolchain string        // that compiled it
	CPU       time.Duration // of all its processes together
}

// A Cost is the CPU time that a row is expected to take, without what its
// toolchain takes to be prepared.
type Cost struct {
	CPU   time.Duration
	Known bool // an earlier run took it; else it is an estimate
}

// SetUp is the CPU time that a machine spends on each toolchain before it
// compiles a first row: unpacking it, and compiling what rows need of the
// standard library. On two cores it was 20 to 30 seconds, from Go 1.16 to 1.26.
const SetUp = 25 * time.Second

// unknown is what a row is expected to take where nothing is known of any: about
// what a release of the first suite took, whose neighbours had been compiled.
// Only its ratio to SetUp matters then.
const unknown = 4 * time.Second

// bound is more than any row takes: sums of what a file claims stay in range.
const bound = 24 * time.Hour

// Costs returns what each row of a plan is expected to take, from what earlier
// runs took alone: whoever has the same plan and the same times gets the same
// costs. A row that is not among the times takes the median of those with its
// toolchain, else of all, else the same as any other. One that the suite has no
// adapter for takes nothing: nothing of it is built.
func Costs(p *matrix.Plan, times Times) []Cost {
	all := make(map[string][]time.Duration) // by toolchain; those of all of them by ""
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

// prepared is what a row takes whose toolchain is prepared. One that took much more
// than usual was the first of its toolchain in its run, and prepared it.
func prepared(took, usual time.Duration) time.Duration {
	if took > usual+SetUp/2 {
		return max(usual, took-SetUp)
	}
	return took
}

// median returns the middle one of some times, the lower of two.
func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[(len(of)-1)/2]
}

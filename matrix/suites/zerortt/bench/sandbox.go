package main

import (
	"context"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Boxed has the same run of matrixrun without and with the sandbox.
type Boxed struct {
	Off  Tool `json:"off"`
	Auto Tool `json:"auto"`
}

// Parameters of the part sandbox. Two runs that are the same differ by a few percent in
// CPU time, so it needs more pairs than the other parts.
const (
	boxedRows  = 2
	boxedPairs = 10
)

// sandbox measures runs that build and try the newest rows again, with the compiled
// packages of the run before. Which mode comes first changes with every pair.
func (l *lab) sandbox(ctx context.Context) ([]Boxed, error) {
	h, err := l.newHome()
	defer h.remove()
	if err != nil {
		return nil, err
	}
	newest := l.set.Rows[max(0, len(l.set.Rows)-boxedRows):]
	l.logf("sandbox: compiling %d releases", len(newest))
	if _, _, err := l.run(ctx, h, job{only: newest, trials: l.set.Trials, online: true}); err != nil {
		return nil, err
	}
	all := make([]Boxed, boxedPairs)
	for n := range all {
		modes := []struct {
			mode matrix.SandboxMode
			into *Tool
		}{{matrix.SandboxOff, &all[n].Off}, {matrix.SandboxAuto, &all[n].Auto}}
		for i := range modes {
			m := modes[(i+n)%len(modes)]
			if *m.into, _, err = l.run(ctx, h, job{only: newest, trials: l.set.Trials, args: []string{"--fresh", "--sandbox", string(m.mode)}}); err != nil {
				return nil, err
			}
		}
		l.logf("sandbox %d/%d: without %.2f CPU s, with %.2f CPU s", n+1, boxedPairs, all[n].Off.CPU, all[n].Auto.CPU)
	}
	return all, nil
}

// sandboxFigures returns the figure of the part sandbox.
func sandboxFigures(pairs []Boxed) []Figure {
	if len(pairs) == 0 {
		return nil
	}
	off := each(pairs, func(b Boxed) float64 { return b.Off.CPU })
	auto := each(pairs, func(b Boxed) float64 { return b.Auto.CPU })
	f := Figure{Name: "with the sandbox, CPU time", Unit: "s", Against: "without", Plain: spread(off), Matrixrun: spread(auto), Ratio: spread(ratios(auto, off)),
		Note: fmt.Sprintf("%d rows were built and tried again in %d pairs of runs, with %d trials each; packages that had not changed were not compiled again", pairs[0].Auto.Rows, len(pairs), pairs[0].Auto.Trials)}
	return []Figure{aim{most: 1.03}.apply(f, f.Ratio, " of it")}
}

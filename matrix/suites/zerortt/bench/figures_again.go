package main

import (
	"fmt"
	"strings"
)

// againFigures returns the figures of the parts first, warm, patch and release.
func againFigures(r *Report) (all []Figure) {
	if f := r.First; f != nil {
		all = append(all, Figure{Name: "cold, until " + strings.Join(f.Rows, " and ") + " are answered", Unit: "s", Matrixrun: spread(f.Wall)})
		if len(f.Nothing) > 0 {
			n := Figure{Name: "with go run in a fresh clone, until " + f.Rows[0] + " is answered", Unit: "s", Matrixrun: spread(f.Nothing),
				Note: "with all modules and toolchains downloaded; the go command compiles matrixrun first"}
			all = append(all, aim{below: 30}.apply(n, n.Matrixrun, " s"))
		}
	}
	if len(r.Warm) > 0 {
		f := Figure{Name: fmt.Sprintf("warm: nothing changed, all %d releases", r.Warm[0].Rows), Unit: "s", Matrixrun: spread(each(r.Warm, wall)),
			Note: "nothing was built, and no trial was run"}
		all = append(all, aim{below: 0.3}.apply(f, f.Matrixrun, " s"))
	}
	if p := r.Patch; p != nil {
		all = append(all, p.figure("a comment changed in a patch", p.Comment), p.figure("a line added to a patch", p.Line))
	}
	if a := r.Release; a != nil && len(a.Runs) > 0 {
		all = append(all, Figure{Name: "one new release", Unit: "s", Matrixrun: spread(each(a.Runs, wall)),
			Note: fmt.Sprintf("the record has those before %s: %d row was built, and %d trials were run", a.Version, a.Runs[0].Built, a.Runs[0].Trials)})
	}
	return all
}

// figure returns the figure for one kind of change, per patched row.
func (p *Patch) figure(name string, runs []Tool) Figure {
	f := Figure{Name: name + ", per release that takes it", Unit: "s"}
	f.Matrixrun = spread(each(runs, func(t Tool) float64 { return t.Wall / float64(p.Rows) }))
	if len(runs) > 0 {
		f.Note = fmt.Sprintf("each variant of %s was changed: its %d rows were built again, no other one, and %d trials were run", p.Name, p.Rows, runs[0].Trials)
	}
	return f
}

func memoryFigures(m *Memory) (all []Figure) {
	if m == nil {
		return nil
	}
	for _, p := range m.Peaks {
		bytes := each(p.Bytes, func(b int64) float64 { return float64(b) / 1e6 })
		all = append(all, Figure{Name: fmt.Sprintf("peak memory, --jobs %d", p.Jobs), Unit: "MB", Matrixrun: spread(bytes)})
	}
	if len(all) == 0 {
		return []Figure{{Name: "peak memory", Unit: "MB", Note: "not measured: " + m.Missing}}
	}
	all[0].Note = fmt.Sprintf("of all processes together, in a cold run of %d releases (%s)", m.Rows, m.Measure)
	return all
}

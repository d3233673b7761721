package main

import "fmt"

// A Figure is one line of the table.
type Figure struct {
	Name      string  `json:"name"`
	Unit      string  `json:"unit"`                // of Plain and Matrixrun
	Against   string  `json:"against,omitempty"`   // what Plain is, if it is not the plain loop
	Plain     *Spread `json:"plain,omitempty"`     // nil if there is nothing to compare with
	Matrixrun *Spread `json:"matrixrun,omitempty"` // nil if it was not measured
	Ratio     *Spread `json:"ratio,omitempty"`     // spread of the ratios of the pairs
	Aim       string  `json:"aim,omitempty"`
	Met       bool    `json:"met,omitempty"`
	Note      string  `json:"note,omitempty"`
}

// figures computes the table from the measurements.
func figures(r *Report) []Figure {
	var all []Figure
	all = append(all, coldFigures(r)...)
	all = append(all, buildFigures(r.Builds)...)
	all = append(all, againFigures(r)...)
	all = append(all, memoryFigures(r.Memory)...)
	all = append(all, checkFigures(r.Check)...)
	all = append(all, bisectFigures(r.Bisect)...)
	all = append(all, sandboxFigures(r.Sandbox)...)
	all = append(all, tryFigures(r.Try)...)
	return append(all, remoteFigures(r.Remote)...)
}

// An aim is a bound for a median. At most one field is not 0. The zero value means
// that there is no aim.
type aim struct {
	least, most, below float64
}

// apply returns f with the aim, and with whether the median of s meets it.
func (a aim) apply(f Figure, s *Spread, unit string) Figure {
	switch {
	case s == nil || a == (aim{}):
		return f
	case a.least > 0:
		f.Aim, f.Met = fmt.Sprintf("at least %g%s", a.least, unit), s.Median >= a.least
	case a.most > 0:
		f.Aim, f.Met = fmt.Sprintf("at most %g%s", a.most, unit), s.Median <= a.most
	default:
		f.Aim, f.Met = fmt.Sprintf("under %g%s", a.below, unit), s.Median < a.below
	}
	return f
}

// versus returns the figures of pairs. The ratio of wall times says how many times
// faster matrixrun is. The ratio of CPU times is matrixrun's time divided by the
// plain loop's.
func versus(name string, pairs []Pair, wall, cpu aim) []Figure {
	if len(pairs) == 0 {
		return nil
	}
	plainWall := each(pairs, func(p Pair) float64 { return p.Plain.Wall })
	toolWall := each(pairs, func(p Pair) float64 { return p.Matrixrun.Wall })
	plainCPU := each(pairs, func(p Pair) float64 { return p.Plain.CPU })
	toolCPU := each(pairs, func(p Pair) float64 { return p.Matrixrun.CPU })
	w := Figure{Name: name + ", time", Unit: "s", Plain: spread(plainWall), Matrixrun: spread(toolWall), Ratio: spread(ratios(plainWall, toolWall))}
	c := Figure{Name: name + ", CPU time", Unit: "s", Plain: spread(plainCPU), Matrixrun: spread(toolCPU), Ratio: spread(ratios(toolCPU, plainCPU))}
	w, c = wall.apply(w, w.Ratio, " times faster"), cpu.apply(c, c.Ratio, " of it")
	return []Figure{w, c}
}

func coldFigures(r *Report) []Figure {
	if len(r.Cold) == 0 {
		return nil
	}
	all := versus("cold", r.Cold, aim{least: 3}, aim{most: 0.65})
	// The floor is the necessary work, spread evenly over all cores.
	floor := each(r.Cold, func(p Pair) float64 { return (p.Matrixrun.Tools + p.Matrixrun.Repro) / r.Machine.Cores })
	wall := each(r.Cold, func(p Pair) float64 { return p.Matrixrun.Wall })
	f := Figure{Name: "cold, against its floor", Unit: "s", Against: "floor", Plain: spread(floor), Matrixrun: spread(wall), Ratio: spread(ratios(wall, floor)),
		Note: "the floor is the CPU time of the compilers, the linker and the reproduction, divided by the cores"}
	last := r.Cold[len(r.Cold)-1]
	all[0].Note = fmt.Sprintf("the plain loop made %d binaries and ran %d trials; matrixrun answered as many rows and cells, with %d builds and %d trials: rows with one binary share theirs, and a trial that proved nothing is repeated once",
		last.Plain.Binaries, last.Plain.Trials, last.Matrixrun.Built, last.Matrixrun.Trials)
	return append(all, aim{most: 1.2}.apply(f, f.Ratio, " times"))
}

func buildFigures(pairs []Pair) []Figure {
	all := versus("builds alone", pairs, aim{least: 2}, aim{})
	if len(all) > 0 {
		last := pairs[len(pairs)-1].Matrixrun
		all[0].Note = fmt.Sprintf("the plain loop runs nothing; matrixrun cannot only build, and runs the control and the planted scenario of each row once, %d trials", last.Trials)
	}
	return all
}

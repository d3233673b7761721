package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// The size of the larger suite in the estimate.
const (
	manyRows = 1000
	manyJobs = 50
	cores    = 2
)

// A bill is what a run cost, in CPU seconds.
type bill struct {
	toolchain string     // the newest one
	build     float64    // of a row with it, the median
	try       float64    // the trials of a row with it, the mean: rows whose cells are made surer take many times more than others
	once      [2]float64 // extra cost of the first build with a toolchain: minimum and maximum
	chains    int        // number of toolchains
	scenario  float64    // all trials, divided by the number of scenarios
}

// costs returns the paragraphs about the cost of more releases, scenarios and rows.
func costs(k known, _ string) (string, error) {
	r := k.results
	b, err := billOf(r)
	if err != nil {
		return "", err
	}
	row := b.build + b.try
	all := manyRows*row + float64(b.chains)*b.once[1]
	share := manyRows / manyJobs
	// The releases of a job are neighbours, which mostly have the same toolchain.
	job := (float64(share)*row + b.once[1]) / cores
	return wrap(fmt.Sprintf("By the `costs` of %s/%s, in CPU seconds: a row takes about %.1f to build (the median of those with "+
		"%s) and %.1f to try (their mean), a toolchain %s once. A scenario more takes %.1f over all %d rows, and a patch what a row takes, for each release that it is for.",
		published, resultsFile, b.build, b.toolchain, b.try, between(b.once), b.scenario, len(r.Rows))) + "\n" +
		wrap(fmt.Sprintf("A suite of %s rows that differ as these do would take %s x %.1f s and %s, %s CPU seconds: %.0f minutes on %d cores. "+
			"On %d jobs with as many cores each it would be %d rows and a toolchain, about %s seconds a job, more if a job has two toolchains, and the time that a job needs to start.",
			thousands(manyRows), thousands(manyRows), row, count(b.chains, "toolchain"), thousands(round(all, 100)), all/cores/60, cores,
			manyJobs, share, thousands(round(job, 5)))), nil
}

// between returns bounds in whole seconds: "5 - 12", or "5" if they are equal.
func between(bounds [2]float64) string {
	least, greatest := fmt.Sprintf("%.0f", bounds[0]), fmt.Sprintf("%.0f", bounds[1])
	if least == greatest {
		return least
	}
	return least + " - " + greatest
}

// count returns a number with thousands separators and the thing counted.
func count(n int, thing string) string { return thousands(n) + " " + text.Plural(n, thing) }

// round rounds x to a multiple of to.
func round(x float64, to int) int { return int(math.Round(x/float64(to))) * to }

// billOf computes the bill of a run.
func billOf(r *matrix.Results) (bill, error) {
	b := bill{once: [2]float64{math.Inf(1), 0}}
	builds, tries := make(map[string][]float64), make(map[string][]float64)
	total := 0.0
	for _, row := range r.Rows {
		cost, ok := r.Costs[row.ID]
		if !ok {
			continue
		}
		builds[row.Toolchain] = append(builds[row.Toolchain], cost.Build)
		tries[row.Toolchain] = append(tries[row.Toolchain], cost.Trials)
		total += cost.Trials
		b.toolchain = row.Toolchain
	}
	if len(builds) == 0 {
		return b, fmt.Errorf("%s has no costs", resultsFile)
	}
	b.chains = len(builds)
	for _, list := range builds {
		once := slices.Max(list) - median(list)
		b.once = [2]float64{min(b.once[0], once), max(b.once[1], once)}
	}
	b.build, b.try = median(builds[b.toolchain]), mean(tries[b.toolchain])
	b.scenario = total / float64(len(r.Scenarios))
	return b, nil
}

// mean returns the mean of a list that is not empty.
func mean(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// median returns the median of a list that is not empty.
func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

package plans

import (
	"errors"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/bisect"
	"github.com/matrixrun/matrixrun/matrix/plan"
)

// RefineSample is the sample that a refined run begins with, unless another one is
// asked for: the oldest and the newest release.
const RefineSample = "evenly-2"

// A Refiner adds releases to the plan of a run, between two whose verdicts differ, until
// it is known for each change which release made it. The same results always get the
// same releases.
type Refiner struct {
	suite *matrix.Spec
	sel   plan.Selection
	asked map[string]bool // releases that were in a plan, or that the selection left out of it
}

// NewRefiner returns a Refiner that begins with the plan of a selection.
func NewRefiner(suite *matrix.Spec, sel plan.Selection, todo *matrix.Plan) *Refiner {
	r := &Refiner{suite: suite, sel: sel, asked: make(map[string]bool)}
	r.sel.Sample, r.sel.Only = "", nil
	for _, row := range todo.Rows {
		if row.Release.IsRelease() {
			r.add(row.Release.Version)
		}
	}
	return r
}

// add selects a release.
func (r *Refiner) add(version string) {
	if !r.asked[version] {
		r.asked[version] = true
		r.sel.Only = append(r.sel.Only, version)
	}
}

// More returns a plan with one more release for each gap in results, nil if there is
// nothing left to try. The results are those of the plan before.
func (r *Refiner) More(results *matrix.Results) *matrix.Plan {
	for r.halveAll(results) {
		todo, err := plan.New(r.suite, r.sel)
		if err != nil {
			return nil // the selection was sound, and more releases of the lock leave it so
		}
		if len(todo.Untried) < len(results.Untried) {
			return todo
		}
	}
	return nil
}

// halveAll asks for a release in each gap in results. It returns false if all were asked
// for.
func (r *Refiner) halveAll(results *matrix.Results) bool {
	var wanted []string // added in the end: gaps of several scenarios share a release
	for _, series := range matrix.AllSeries(results.Rows, results.Untried) {
		for _, s := range results.Scenarios {
			for _, gap := range matrix.Gaps(series.Ranges(s.Name)) {
				if version := r.halve(series, gap); version != "" {
					wanted = append(wanted, version)
				}
			}
		}
	}
	for _, version := range wanted {
		r.add(version)
	}
	return len(wanted) > 0
}

// errUntried ends the search for the release to try next.
var errUntried = errors.New("the release was not tried yet")

// halve returns the untried release in a gap that bisection asks for next. It is empty if
// all were asked for. Between the ends of a gap, nothing is known of releases that were
// tried.
func (r *Refiner) halve(series matrix.Series, gap matrix.Gap) (version string) {
	between := slices.Clone([]string(series.Untried))
	for i := range series.Rows {
		between = append(between, series.Rows[i].Version())
	}
	between = slices.DeleteFunc(between, func(v string) bool {
		return matrix.CompareVersions(v, gap.After) <= 0 || matrix.CompareVersions(v, gap.Before) > 0
	})
	slices.SortFunc(between, matrix.CompareVersions)
	parents := make([][]int, len(between)) // each has the release before it
	for i := range parents[1:] {
		parents[i+1] = []int{i}
	}
	_, err := bisect.Search(parents, func(i int) (bisect.Answer, error) {
		if r.asked[between[i]] {
			return bisect.Unknown, nil
		}
		version = between[i]
		return bisect.Unknown, errUntried
	}, func(int) {})
	if err != nil {
		return version
	}
	return ""
}

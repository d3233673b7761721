package bisects

import (
	"context"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// releases are the releases in a suite's lock, in the order of their versions.
type releases struct {
	suite     *matrix.Spec
	toolchain string // that compiles all of them; empty for that of the suite's rules
	all       []matrix.HistoryState
}

// newReleases returns the releases that the suite is about, without pre-releases.
func newReleases(suite *matrix.Spec, versions matrix.Constraint, toolchain string) (*releases, error) {
	r := &releases{suite: suite, toolchain: toolchain}
	for _, locked := range slices.SortedFunc(slices.Values(slices.Concat(suite.Lock, suite.Known)), matrix.CompareReleases) {
		if suite.Releases.Admits(locked.Version) && versions.Admits(locked.Version) && !matrix.IsPrerelease(locked.Version) {
			r.all = append(r.all, matrix.HistoryState{Name: locked.Version, Time: locked.Time})
		}
	}
	if len(r.all) == 0 {
		return nil, matrix.Mistake("there is no release to try: want another --versions, or a lock with releases, as `matrixrun lock` makes it")
	}
	return r, nil
}

func (r *releases) thing() string { return "release" }
func (r *releases) close()        {}

func (r *releases) Find(_ context.Context, name string) (matrix.HistoryState, error) {
	var names []string
	for _, s := range r.all {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return matrix.HistoryState{}, matrix.Mistake("%s is not among the releases to try, %s to %s: %s", name, names[0], names[len(names)-1], hint(name, names))
}

// hint is text.Hint without a list of all releases.
func hint(name string, names []string) string {
	if near, ok := text.Nearest(name, names); ok {
		return "did you mean " + near + "?"
	}
	return "want one of those"
}

func (r *releases) Line(context.Context, *matrix.HistoryState, *matrix.HistoryState) ([]matrix.HistoryState, error) {
	return r.all, nil
}

func (r *releases) index(s matrix.HistoryState) int {
	return slices.IndexFunc(r.all, func(o matrix.HistoryState) bool { return o.Name == s.Name })
}

func (r *releases) Between(_ context.Context, older, newer matrix.HistoryState) (states []matrix.HistoryState, parents [][]int, err error) {
	states = r.all[r.index(older)+1 : r.index(newer)+1]
	parents = make([][]int, len(states))
	for i := 1; i < len(states); i++ {
		parents[i] = []int{i - 1}
	}
	return states, parents, nil
}

// Fork returns the older one: releases are a line.
func (r *releases) Fork(_ context.Context, a, b matrix.HistoryState) (matrix.HistoryState, error) {
	if r.index(a) < r.index(b) {
		return a, nil
	}
	return b, nil
}

func (r *releases) Parent(_ context.Context, s matrix.HistoryState) (matrix.HistoryState, bool, error) {
	if i := r.index(s); i > 0 {
		return r.all[i-1], true, nil
	}
	return matrix.HistoryState{}, false, nil
}

func (r *releases) plan(_ context.Context, s matrix.HistoryState, scenario string) (*matrix.Plan, string, error) {
	sel := plan.Selection{Only: []string{s.Name}, Usual: true, Scenarios: []string{scenario}}
	if r.toolchain != "" {
		sel.Toolchains = []string{r.toolchain}
	}
	todo, err := plan.New(r.suite, sel)
	if err != nil {
		return nil, "", err
	}
	if len(todo.Rows) == 1 && todo.Rows[0].Toolchain == r.toolchain { // the rules choose it
		return onlyRow(todo, s.Name)
	}
	return onlyRow(todo, matrix.WithToolchain(s.Name, r.toolchain))
}

// onlyRow returns a plan with one row alone, or why the plan does not have it.
func onlyRow(todo *matrix.Plan, id string) (*matrix.Plan, string, error) {
	for i, row := range todo.Rows {
		if row.ID == id {
			todo.Rows, todo.Order = todo.Rows[i:i+1], []int{0}
			return todo, "", nil
		}
	}
	for _, skip := range todo.Skips {
		if skip.ID == id {
			return nil, skip.Reason, nil
		}
	}
	return nil, "it is not in the plan", nil
}

// Describe adds the release, which is its own tag.
func (r *releases) Describe(_ context.Context, t *matrix.Turn) error {
	t.Tag = t.After.Name
	return nil
}

func (r *releases) selects(s matrix.HistoryState) []string {
	flags := []string{"--only", s.Name}
	if r.toolchain != "" {
		flags = append(flags, "--toolchain", r.toolchain)
	}
	return flags
}

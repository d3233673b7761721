package uses

import (
	"context"
	"path"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/reach"
)

// reach adds what the program reaches of the scenarios that matter for some use. The calls
// of the program are followed once for all suites.
func (q *inquiry) reach(ctx context.Context) error {
	var scenarios []matrix.Scenario
	var targets []string
	for _, a := range q.advisers {
		scenarios = append(scenarios, a.wanted()...)
		for i := range a.check.Uses {
			targets = append(targets, rootOf(&a.check.Uses[i]))
		}
	}
	if q.Reach == 0 || q.program.Dir == "" || len(scenarios) == 0 {
		return nil
	}
	defer debug.SetGCPercent(debug.SetGCPercent(usualGC))
	answer, err := reach.Find(ctx, reach.Question{
		Dir: q.program.Dir, Cwd: q.cwd, Roots: roots(q.program), Env: environ(q.program), Targets: slices.Compact(slices.Sorted(slices.Values(targets))),
		Scenarios: scenarios, Limit: reach.Limit{Packages: reachPackages, Time: q.Reach, Memory: reachMemory}, Progress: q.Progress,
	})
	if err != nil {
		return err
	}
	for _, a := range q.advisers {
		a.reached(answer)
	}
	return nil
}

// rootOf returns the import path of the target's own folder in the code of a use.
func rootOf(u *matrix.Use) string {
	if u.Likeness == nil {
		return u.Module
	}
	return path.Join(u.Module, u.Likeness.Dir)
}

// prefix is before the names of the suite's scenarios where those of other suites are next
// to them.
func (a *adviser) prefix() string { return a.suite.Results.Suite + "/" }

// wanted returns the scenarios of which it matters for some use whether the program reaches
// them, by their names with the prefix of the suite.
func (a *adviser) wanted() (scenarios []matrix.Scenario) {
	for _, s := range a.scenarios() {
		if slices.ContainsFunc(a.check.Uses, func(u matrix.Use) bool { return slices.Contains(a.matter(&u), s.Name) }) {
			s.Name = a.prefix() + s.Name
			scenarios = append(scenarios, s)
		}
	}
	return scenarios
}

// reached adds what was found out to the uses of the suite.
func (a *adviser) reached(answer *reach.Answer) {
	if len(a.wanted()) == 0 {
		return
	}
	a.check.Scope = &answer.Scope
	for i := range a.check.Uses {
		u := &a.check.Uses[i]
		matter := a.matter(u)
		for _, r := range answer.Reach[rootOf(u)] {
			name, own := strings.CutPrefix(r.Scenario, a.prefix())
			if own && slices.Contains(matter, name) {
				r.Scenario = name
				u.Reach = append(u.Reach, r)
			}
		}
	}
}

// scenarios returns the scenarios of the results. What a program must call to get to them
// is in the suite if the results are from before they had it.
func (a *adviser) scenarios() []matrix.Scenario {
	if slices.ContainsFunc(a.suite.Results.Scenarios, func(s matrix.Scenario) bool { return len(s.Needs) > 0 }) {
		return a.suite.Results.Scenarios
	}
	suite, err := a.sources.Suite()
	if err != nil {
		return a.suite.Results.Scenarios // without needs, nothing is said about reach
	}
	scenarios := slices.Clone(a.suite.Results.Scenarios)
	for i := range scenarios {
		for _, s := range suite.Scenarios {
			if s.Name == scenarios[i].Name {
				scenarios[i].Needs = s.Needs
			}
		}
	}
	return scenarios
}

// matter returns the scenarios for which it matters whether the program reaches them: those of
// open, and if something leaks, those that leak in any row, since a row in which the program
// reaches none of them is a remedy.
func (a *adviser) matter(u *matrix.Use) []string {
	names := open(u)
	if u.Advice == nil || len(u.Advice.Leaks) == 0 {
		return names
	}
	for _, row := range a.sources.TableOf(u).Rows {
		names = append(names, row.Advice.Leaks...)
	}
	return names
}

// open returns the scenarios that leak or may leak in what is built, and the workarounds.
func open(u *matrix.Use) (scenarios []string) {
	all := u.Base
	if u.Advice != nil {
		all = []matrix.Advice{*u.Advice}
	}
	for _, advice := range all {
		scenarios = append(scenarios, slices.Concat(advice.Leaks, advice.Unknown, advice.Works, advice.Fails)...)
	}
	return scenarios
}

// roots returns the folders of the main modules.
func roots(p *matrix.Program) (dirs []string) {
	for i := range p.Modules {
		if m := &p.Modules[i]; m.Main && m.Dir != "" {
			dirs = append(dirs, m.Dir)
		}
	}
	return dirs
}

// environ returns the variables with which the go command builds the program.
func environ(p *matrix.Program) []string {
	if p.Work == "" {
		return []string{"GOWORK=off"}
	}
	return []string{"GOWORK=" + p.Work}
}

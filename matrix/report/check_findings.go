package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Names of findings that are about no scenario.
const (
	ruleNotMeasured = "not-measured"  // code of the target that the results do not have
	ruleNotSeen     = "not-looked-at" // modules in which code of the target could not be searched for
	rulePartial     = "not-listed"    // modules of the build that the input may not list
	ruleToolchain   = "toolchain"     // verdicts that hold for one toolchain only
)

// A checkFinding is one thing that a check found, as scanners of code report it.
type checkFinding struct {
	rule   string // name of a scenario, or one of the names above
	level  string // error, warning or note, as in SARIF
	module string
	family string            // that the scenario is in; empty for none
	text   string            // or with a family, what that is to the program
	seen   string            // with a family, what was measured of the scenario
	rest   string            // whether the program gets there, and what to do
	places []matrix.Position // in the user's files, the one to look at first; empty for the command line
	calls  []matrix.Call     // for a leak, how the program gets there
}

// checkFindings lists what a check found: leaks, of which those that the program
// cannot reach are notes; releases that are not known, or that are clean with one
// toolchain only; modules that were not looked at. The order is that of the uses and of
// the suite's scenarios.
func checkFindings(c *matrix.Check) (all []checkFinding) {
	titles := make(map[string]string)
	for _, s := range c.Scenarios {
		titles[s.Name] = s.Title
	}
	for i := range c.Uses {
		u := &c.Uses[i]
		unknown, before := false, len(all)
		for _, p := range u.Answers {
			switch p.Answer {
			case matrix.AnswerLeaks, matrix.AnswerNotReached:
				all = append(all, probeFinding(c, u, p.Probe, titles[p.Probe]))
			case matrix.AnswerUnknown:
				unknown = true
			}
		}
		if unknown || u.Affected == matrix.AffectedUnknown {
			all = append(all, unknownFinding(c, u))
		} else if s := compiledBy(c, u); s != "" && len(all) == before {
			all = append(all, checkFinding{rule: ruleToolchain, level: "note", module: u.Module, text: builtName(u) + ": " + u.Advice.Gist + ". " + s, places: placesOf(u)})
		}
	}
	if len(c.Unseen) > 0 {
		all = append(all, unseenFinding(c.Unseen))
	}
	if c.Partial != "" {
		all = append(all, checkFinding{rule: rulePartial, level: "warning", text: "There may be more code of " + c.Target + " in the build: " + c.Partial + "."})
	}
	if len(all) == 0 && c.Affected != matrix.AffectedFalse {
		all = append(all, checkFinding{rule: ruleNotMeasured, level: "warning", text: noUse(c) + " Nothing was measured that could answer for the build."})
	}
	return all
}

// unknownFinding is for code of the target without an answer, or without one for each
// probe.
func unknownFinding(c *matrix.Check, u *matrix.Use) checkFinding {
	message := builtName(u) + " is not known: " + u.Unknown + "."
	if u.Advice != nil {
		message = strings.TrimSpace(builtName(u) + ": " + u.Advice.Gist + ". " + compiledBy(c, u))
	}
	if u.Next != "" {
		message += " Next: " + u.Next + "."
	}
	return checkFinding{rule: ruleNotMeasured, level: "warning", module: u.Module, text: message, places: placesOf(u)}
}

// probeFinding is for one probe that leaks, or that the program does not get to.
func probeFinding(c *matrix.Check, u *matrix.Use, probe, title string) checkFinding {
	f := checkFinding{rule: probe, level: "error", module: u.Module, places: placesOf(u)}
	f.describe(c, u, title)
	if i := slices.IndexFunc(u.Reach, func(r matrix.Reach) bool { return r.Scenario == probe }); i >= 0 {
		reach := u.Reach[i]
		switch reach.State {
		case matrix.NotReached:
			f.rest = "The program cannot get there" + builtFor(c.Scope) + ": it never calls " + text.Some(reach.Missing, 3) + "."
		case matrix.Reached:
			f.calls = reach.Calls
			f.rest = "The program gets there: it calls " + text.Some(called(reach.Calls), 5) + "."
		default:
			f.rest = "Whether the program gets there is not known."
		}
	}
	switch {
	case u.AnswerFor(probe) == matrix.AnswerLeaks:
	case c.FailOn != matrix.FailOnBuilt:
		f.level = "note"
		return f
	case !slices.Contains(u.Advice.Leaks, probe):
		f.level = "warning"
		return f
	}
	f.rest = strings.TrimSpace(compiledBy(c, u) + " " + f.rest)
	if do := doText(u); do != "" {
		f.rest = strings.TrimLeft(f.rest+" What to do: "+do+".", " ")
	}
	return f
}

// describe says how a use fares in the scenario of a finding, and first what that is to the
// program.
func (f *checkFinding) describe(c *matrix.Check, u *matrix.Use, title string) {
	if title != "" {
		title = ": " + title
	}
	i := slices.IndexFunc(u.Cells, func(x matrix.Cell) bool { return x.Scenario == f.rule })
	if i < 0 {
		f.text = fmt.Sprintf("%s was not measured in %s%s.", builtName(u), f.rule, title)
		return
	}
	leaks, trials := builtName(u)+" "+c.Words.Complete().Leak.One, fmt.Sprintf("%d of %s", u.Cells[i].Leaks, text.Count(u.Cells[i].Trials, "trial"))
	if family := matrix.FamilyOf(c.Families, f.rule); family != nil {
		f.family = family.Name
		f.text, f.seen = leaks+": "+inWords(family), fmt.Sprintf("Scenario %s, %s%s.", f.rule, trials, title)
		return
	}
	f.text = fmt.Sprintf("%s in %s (%s)%s.", leaks, f.rule, trials, title)
}

// message returns all that a finding says, the scenarios of a family last.
func (f *checkFinding) message() string {
	return strings.Join(slices.DeleteFunc([]string{f.text, f.rest, f.seen}, func(part string) bool { return part == "" }), " ")
}

// builtFor says for which platform it was found out what the program reaches.
func builtFor(scope *matrix.Scope) string {
	if scope == nil || scope.Platform == "" {
		return ""
	}
	return ", as it is built for " + scope.Platform
}

// doText says what can be done about a use, in one line.
func doText(u *matrix.Use) string {
	var all []string
	for _, h := range helps(u) {
		if len(h.commands) > 0 {
			h.text += " (`" + strings.Join(h.commands, "`, `") + "`)"
		}
		all = append(all, h.text)
	}
	return strings.Join(all, "; ")
}

// ownCalls returns the calls in the program's own files. Those in the files of other
// modules are at no line that the user could look at in their repository.
func ownCalls(calls []matrix.Call) (own []matrix.Call) {
	for _, call := range calls {
		if call.Module == "" {
			own = append(own, call)
		}
	}
	return own
}

// builtName names what is built: "example.com/lib v1.2.3".
func builtName(u *matrix.Use) string {
	path, version := u.Built()
	return strings.TrimSpace(path + " " + version)
}

// called lists calls with their places: "Conn.Reset (serve.go:42)".
func called(calls []matrix.Call) (names []string) {
	for _, call := range calls {
		names = append(names, fmt.Sprintf("%s (%s:%d)", call.API, call.Position.File, call.Position.Line))
	}
	return names
}

// unseenFinding is for all modules that were not looked at.
func unseenFinding(unseen []matrix.Unseen) checkFinding {
	var names []string
	for _, u := range unseen {
		names = append(names, strings.TrimSpace(u.Module+" "+u.Version))
	}
	return checkFinding{
		rule: ruleNotSeen, level: "warning",
		text: fmt.Sprintf("%s could not be searched for code of the target, so that there may be more of it: %s.", text.Count(len(unseen), "module"), text.Some(names, 10)),
	}
}

// placesOf returns the lines that decide what is built: the one that replaces the
// module, and the one that requires it.
func placesOf(u *matrix.Use) (places []matrix.Position) {
	if u.Replaced != nil {
		places = append(places, u.Replaced.Where)
	}
	if !slices.Contains(places, u.Position) {
		places = append(places, u.Position)
	}
	return slices.DeleteFunc(places, func(p matrix.Position) bool { return p.File == "" || p.File == "-" })
}

package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// CheckAnnotations writes GitHub workflow commands: for each thing that a check
// found an error, a warning or a notice, at its line of the go.mod. For a leak that
// the program can reach, it is the line of the call. If there are more of one kind
// than GitHub shows, the last one counts the rest. Scenarios of a family share one.
func CheckAnnotations(w io.Writer, all Checks) error {
	kinds := map[string][]annotation{}
	for _, c := range all {
		for _, f := range shared(checkFindings(c)) {
			kinds[f.level] = append(kinds[f.level], annotation{c.Suite, f})
		}
	}
	var out strings.Builder
	for _, kind := range []struct{ level, command string }{{"error", "error"}, {"warning", "warning"}, {"note", "notice"}} {
		findings := kinds[kind.level]
		shown := findings
		if len(findings) > mostAnnotations {
			shown = findings[:mostAnnotations-1]
		}
		for _, a := range shown {
			command(&out, kind.command, place(a.checkFinding), a.suite+": "+a.rule, a.message())
		}
		if rest := findings[len(shown):]; len(rest) > 0 {
			var rules, suites []string
			for _, a := range rest {
				rules = append(rules, a.rule)
				add(&suites, a.suite)
			}
			command(&out, kind.command, "", text.List(suites), fmt.Sprintf("And %d more, which GitHub would not show: %s.", len(rest), text.Some(rules, mostNamed)))
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// shared makes one finding, called by the family, of those of a family that differ in
// nothing but the scenario. GitHub shows few annotations.
func shared(findings []checkFinding) (all []checkFinding) {
	for _, f := range findings {
		if f.family != "" {
			f.rule = f.family
		}
		i := slices.IndexFunc(all, func(o checkFinding) bool {
			return f.family != "" && o.rule == f.rule && o.level == f.level && o.text == f.text && o.rest == f.rest && place(o) == place(f)
		})
		if i < 0 {
			all = append(all, f)
		} else {
			all[i].seen += " " + f.seen
		}
	}
	return all
}

// An annotation is a finding of a suite.
type annotation struct {
	suite string
	checkFinding
}

// place returns the properties of a command that show it at a line of a file:
// "file=go.mod,line=7,". It is empty if there is no such line.
func place(f checkFinding) string {
	places := f.places
	if own := ownCalls(f.calls); len(own) > 0 {
		places = []matrix.Position{own[0].Position}
	}
	if len(places) == 0 || places[0].File == "" {
		return ""
	}
	at := "file=" + property(text.Harmless(plain(places[0].File)))
	if places[0].Line > 0 {
		at += fmt.Sprintf(",line=%d", places[0].Line)
	}
	return at + ","
}

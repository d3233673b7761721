package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Reading explains what a table rests on, and the verdicts in it, for people who have read
// nothing else. Words of the table are between backquotes.
func Reading(g *matrix.Grid) string {
	means := func(word string) string { return Meaning(word, g.Words) }
	out := fmt.Sprintf("The suite %#q is %s. It has a reproduction, the program that was %s, and in it %s, things %s.",
		unquoted(g.Suite), means("suite"), means("reproduction"), text.Count(len(g.Columns), "scenario"), means("scenario"))
	if slices.ContainsFunc(g.Rows, func(r matrix.GridRow) bool { return r.Adapter != "" }) {
		out += " For some builds it has an adapter, " + means("adapter") + "."
	}
	if named := namesByKind(g); len(named[matrix.KindProbe]) > 0 {
		out += " A probe " + means("probe") + "."
		if len(named[matrix.KindWorkaround]) > 0 {
			out += " A workaround " + means("workaround") + " it, and " + g.Words.Clean.One + " where it works."
		}
	}
	out += " A trial is " + means("trial") + ". It is " + means("proof") + "."
	if verdicts := verdicts(g); len(verdicts) > 0 {
		out += " A cell of the table is " + means("cell") + ". Its verdict rests on " + Between(g.Trials, "proven trial") + ": " + strings.Join(verdicts, "; ") + "."
	}
	return out
}

// verdicts explains the verdicts that a table has.
func verdicts(g *matrix.Grid) (all []string) {
	for _, v := range []matrix.Verdict{matrix.VerdictLeak, matrix.VerdictClean, matrix.VerdictFlaky, matrix.VerdictVacuous, matrix.VerdictError, matrix.VerdictUnsupported} {
		if !g.Any(is(v)) {
			continue
		}
		one := "`" + g.Words.Name(v) + "` if " + Meaning(string(v), g.Words)
		if v == matrix.VerdictLeak {
			one += SeenBy(g)
		}
		all = append(all, one)
	}
	return all
}

// namesByKind returns the names of the scenarios of each kind, between backquotes.
func namesByKind(g *matrix.Grid) map[matrix.Kind][]string {
	names := make(map[matrix.Kind][]string)
	for _, s := range g.Columns {
		names[s.Kind] = append(names[s.Kind], "`"+unquoted(s.Name)+"`")
	}
	return names
}

// unquoted returns a name without backquotes, which people may have put there.
func unquoted(name string) string { return strings.ReplaceAll(name, "`", "'") }

// Invariants explains why the cells of a table can be believed: controls are clean and
// planted leaks are seen in the same build. Names of the table are between backquotes. It
// is empty if the table has neither.
func Invariants(g *matrix.Grid) string {
	w, names := g.Words, namesByKind(g)
	var out []string
	say := func(kind matrix.Kind, format string, args ...any) {
		if len(names[kind]) > 0 {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	say(matrix.KindControl, "In every build the control, %s, must %s: otherwise nothing about that build is believed.", text.List(names[matrix.KindControl]), w.Clean.Base())
	say(matrix.KindPlanted, "The planted scenario, %s, must %s, %s. Otherwise no cell of that build counts as %s.", text.List(names[matrix.KindPlanted]), w.Leak.Base(), Meaning("planted", w), w.Clean.Name)
	return strings.Join(out, " ")
}

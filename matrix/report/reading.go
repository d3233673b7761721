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
	w := g.Words
	var verdicts []string
	for _, v := range []struct {
		verdict matrix.Verdict
		means   string
	}{
		{matrix.VerdictLeak, "if each of them " + w.Leak.Past + SeenBy(g)},
		{matrix.VerdictClean, "if none " + w.Leak.Past},
		{matrix.VerdictFlaky, "if some " + w.Leak.Past + " and others did not"},
		{matrix.VerdictVacuous, "if too few trials were proven"},
		{matrix.VerdictError, "if trials crashed or hung, or cannot be believed"},
		{matrix.VerdictUnsupported, "if that build cannot be asked"},
	} {
		if g.Any(is(v.verdict)) {
			verdicts = append(verdicts, "`"+w.Name(v.verdict)+"` "+v.means)
		}
	}
	out := fmt.Sprintf("The suite %#q is a folder that asks one question. It has a reproduction, the program that was compiled with each build, and in it %s, things that an application does.", unquoted(g.Suite), text.Count(len(g.Columns), "scenario"))
	if slices.ContainsFunc(g.Rows, func(r matrix.GridRow) bool { return r.Adapter != "" }) {
		out += " For some builds it has an adapter, the code for releases with one API."
	}
	if named := namesByKind(g); len(named[matrix.KindProbe]) > 0 {
		out += " A probe asks for the " + w.Leak.Noun + "."
		if len(named[matrix.KindWorkaround]) > 0 {
			out += " A workaround is meant to avoid it, and " + w.Clean.One + " where it works."
		}
	}
	out += " A trial is one run of a scenario. It is proven if it reports that it did what the scenario says."
	if len(verdicts) > 0 {
		out += " A cell of the table is one scenario on one build. Its verdict rests on " + Between(g.Trials, "proven trial") + ": " + strings.Join(verdicts, ", ") + "."
	}
	return out
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
	say(matrix.KindPlanted, "The planted scenario, %s, must %s, on purpose: it shows that %s would be seen. Otherwise no cell of that build counts as %s.", text.List(names[matrix.KindPlanted]), w.Leak.Base(), w.Leak.A(), w.Clean.Name)
	return strings.Join(out, " ")
}

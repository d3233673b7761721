package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// mostAnnotations is how many annotations of one kind GitHub shows of a step; it
// drops the others without a word.
const mostAnnotations = 10

// mostNamed is how many rows the last annotation names of those that it sums up.
const mostNamed = 20

// Annotations writes GitHub workflow commands: an error for each thing that differs
// from what is expected, and a warning for each that could not be found out, the
// most important first. What goes beyond the number that GitHub shows is summed up
// in the last one. Where all is as expected it writes nothing.
func Annotations(w io.Writer, g *matrix.Grid) error {
	var out strings.Builder
	differences := slices.Clone(g.Differences)
	slices.SortStableFunc(differences, func(a, b matrix.Finding) int { return urgency(g, a) - urgency(g, b) })
	annotate(&out, "error", g.Suite+": not as expected", differences)
	annotate(&out, "warning", g.Suite+": not known", g.Unknown)
	_, err := io.WriteString(w, out.String())
	return err
}

// urgency orders what differs: what leaks and was clean comes first, then patches
// that fall short, then the rest, of which much is good news.
func urgency(g *matrix.Grid, f matrix.Finding) int {
	row := g.Row(f.Row)
	switch {
	case row == nil:
		return 2
	case len(row.Patches) > 0:
		return 1
	}
	for _, c := range row.Cells {
		if slices.Contains(f.Scenarios, c.Scenario) && c.Expected == matrix.VerdictClean && c.Verdict.Leaks() {
			return 0
		}
	}
	return 2
}

// annotate writes a command for each finding, or for the first of them and one for
// the rest.
func annotate(out *strings.Builder, kind, title string, findings []matrix.Finding) {
	shown := findings
	if len(findings) > mostAnnotations {
		shown = findings[:mostAnnotations-1]
	}
	for _, f := range shown {
		command(out, kind, title+" in "+f.Row, f.Text)
	}
	rest := findings[len(shown):]
	if len(rest) == 0 {
		return
	}
	var names []string
	for _, f := range rest {
		if !slices.Contains(names, f.Row) {
			names = append(names, f.Row)
		}
	}
	line := fmt.Sprintf("And %d more, which GitHub would not show: in %s", len(rest), strings.Join(names[:min(mostNamed, len(names))], ", "))
	if more := len(names) - mostNamed; more > 0 {
		line += fmt.Sprintf(" and %s", text.Count(more, "other row"))
	}
	command(out, kind, title, line+". The job's summary and its log have all.")
}

// mostAnnotated is how many characters of a text an annotation has: GitHub shows
// some lines of it, and the log and the summary have the whole.
const mostAnnotated = 4000

// command writes one workflow command on a line of its own. Whatever its text is, it
// cannot end the command, or begin another one.
func command(out *strings.Builder, kind, title, text string) {
	fmt.Fprintf(out, "::%s title=%s::%s\n", kind, property(plain(cut(title, 200))), commandData(inLines(cut(text, mostAnnotated))))
}

// commandData escapes what follows the second pair of colons.
func commandData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// property escapes the value of a property, which a comma or a colon would end.
func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(commandData(text))
}

// cut shortens a text to a number of characters, and shows that it did.
func cut(text string, to int) string {
	if runes := []rune(text); len(runes) > to {
		return string(runes[:to-1]) + "…"
	}
	return text
}

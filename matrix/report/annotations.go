package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// mostAnnotations is how many annotations of one kind GitHub shows for a step. It
// drops the others silently.
const mostAnnotations = 10

// mostNamed is how many rows the last annotation names.
const mostNamed = 20

// Annotations writes GitHub workflow commands: an error for each thing that differs
// from what is expected, and a warning for each that could not be found out, the
// most important first. If there are more than GitHub shows, the last one counts
// the rest. A notice says if trials ran elsewhere. Otherwise, if everything is as expected,
// it writes nothing.
func Annotations(w io.Writer, g *matrix.Grid) error {
	var out strings.Builder
	differences := slices.Clone(g.Differences)
	slices.SortStableFunc(differences, func(a, b matrix.Finding) int { return urgency(g, a) - urgency(g, b) })
	annotate(&out, "error", g.Suite+": not as expected", withFamilies(g, differences))
	annotate(&out, "warning", g.Suite+": not known", withFamilies(g, g.Unknown))
	if g.Elsewhere != "" {
		command(&out, "notice", "", g.Suite+": not all trials ran here", g.Elsewhere)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// urgency orders differences: leaks where clean was expected come first, then
// patches that fall short, then the rest, much of which is good news.
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

// annotate writes a command for each finding. If they are too many, the last command
// is for all that are left.
func annotate(out *strings.Builder, kind, title string, findings []matrix.Finding) {
	shown := findings
	if len(findings) > mostAnnotations {
		shown = findings[:mostAnnotations-1]
	}
	for _, f := range shown {
		command(out, kind, "", title+" in "+f.Row, f.Text)
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
	command(out, kind, "", title, line+". The job's summary and its log have all.")
}

// mostAnnotated is how many characters of a text an annotation has. GitHub shows only
// some lines of it, and the log and the summary have all of it.
const mostAnnotated = 4000

// command writes one workflow command on a line of its own. The place is "" or more
// properties, each with a comma after it. No title or text can end the command or
// begin another one.
func command(out *strings.Builder, kind, place, title, message string) {
	fmt.Fprintf(out, "::%s %stitle=%s::%s\n", kind, place, property(text.Harmless(plain(text.Cut(title, 200)))), commandData(text.Harmless(inLines(text.Cut(message, mostAnnotated)))))
}

// commandData escapes what follows the second pair of colons.
func commandData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// property escapes the value of a property. A comma or a colon would end it.
func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(commandData(text))
}

package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// commentSize is how many bytes a comparison in Markdown has at most. A comment on
// GitHub may have 65,536 characters, and the job that posts it may add to it.
const commentSize = 60_000

// DiffMarkdown writes a comparison for a comment or a job summary. What counts against
// the newer results comes first; the rest is folded.
func DiffMarkdown(w io.Writer, c *matrix.Comparison) error {
	var out strings.Builder
	fmt.Fprintf(&out, "## %s: %s\n\n", escape(c.Suite), verdictOf(c))
	fmt.Fprintf(&out, "%s → %s\n\n%s.\n", escape(side(c.Was)), escape(side(c.Is)), escape(upper(tally(c))))
	if len(c.Across) > 0 {
		fmt.Fprintf(&out, "\nCompared across: %s.\n", escape(strings.Join(c.Across, ", ")))
	}
	cut := 0
	for _, part := range parts(c.Changes) {
		cut += part.write(&out)
	}
	if cut > 0 {
		fmt.Fprintf(&out, "\n%s left out here, which a comment has no room for; `matrixrun diff --format json` has them.\n", are(cut, "line"))
	}
	return emit(w, out.String())
}

// verdictOf says in a few words what came of the comparison.
func verdictOf(c *matrix.Comparison) string {
	switch {
	case c.Worse() && c.Changes[0].Kind == matrix.ChangeWorse:
		return "something got worse"
	case c.Worse():
		return "something is not known any more"
	case len(c.Changes) == 0:
		return "nothing changed"
	case c.Changes[0].Kind == matrix.ChangeWorse: // which does not count
		return "nothing got worse that chance cannot explain"
	default:
		return "nothing got worse"
	}
}

// upper makes the first letter of a sentence a capital.
func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// A diffPart has the changes of one kind, either those that count or the others.
type diffPart struct {
	kind    matrix.ChangeKind
	counts  bool
	changes []matrix.Change
}

// parts divides changes, which are sorted by kind, into parts.
func parts(changes []matrix.Change) []diffPart {
	var out []diffPart
	for _, c := range changes {
		if n := len(out); n == 0 || out[n-1].kind != c.Kind || out[n-1].counts != c.Counts {
			out = append(out, diffPart{kind: c.Kind, counts: c.Counts})
		}
		last := &out[len(out)-1]
		last.changes = append(last.changes, c)
	}
	return out
}

// openLines is how many lines a part may have that is not folded.
const openLines = 20

// write writes a part and returns how many of its changes did not fit.
func (p diffPart) write(out *strings.Builder) (cut int) {
	fold := !p.counts || len(p.changes) > openLines
	title := fmt.Sprintf("%s: %s", upper(string(p.kind)), text.Count(len(p.changes), "line"))
	if fold {
		fmt.Fprintf(out, "\n<details>\n<summary>%s</summary>\n\n", title)
	} else {
		fmt.Fprintf(out, "\n### %s\n\n", upper(string(p.kind)))
	}
	for i, c := range p.changes {
		line := "- " + escape(c.Text) + "\n"
		if out.Len()+len(line) > commentSize {
			cut = len(p.changes) - i
			break
		}
		out.WriteString(line)
	}
	if fold {
		out.WriteString("\n</details>\n")
	}
	return cut
}

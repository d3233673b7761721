package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// An issue shows at most so many cells, and has the advice on at most so many rows.
const (
	mostProofs  = 10
	mostAdvised = 3
)

// DiffIssue writes the text of an issue about what got worse: the title, an empty
// line, and the body as Markdown. If nothing got worse, it writes nothing. The advice
// comes from is, the table of the newer results.
func DiffIssue(w io.Writer, c *matrix.Comparison, is *matrix.Grid) error {
	bad := slices.DeleteFunc(slices.Clone(c.Changes), func(c matrix.Change) bool { return !c.Counts })
	if len(bad) == 0 {
		return nil
	}
	var out strings.Builder
	out.WriteString(title(c, bad) + "\n\n")
	fmt.Fprintf(&out, "A run of the suite %s on %s came out worse than the one before: %s → %s.\n",
		escape(c.Suite), escape(c.Target), escape(side(c.Was)), escape(side(c.Is)))
	if len(c.Across) > 0 {
		fmt.Fprintf(&out, "The two were made by different means, which may be the reason: %s.\n", escape(strings.Join(c.Across, ", ")))
	}
	heading(&out, "What got worse")
	for _, change := range bad[:min(len(bad), openLines)] {
		fmt.Fprintf(&out, "- %s: %s\n", change.Kind, escape(change.Text))
	}
	if more := len(bad) - openLines; more > 0 {
		fmt.Fprintf(&out, "- and %s\n", text.Count(more, "more line"))
	}
	concerned(&out, bad, is)
	proofs := proofsOf(bad)
	seen(&out, proofs, is)
	repeat(&out, c, bad, proofs)
	todo(&out, bad, is)
	return emit(w, out.String())
}

// concerned writes what the changes are to people who write programs with the target.
func concerned(out *strings.Builder, bad []matrix.Change, is *matrix.Grid) {
	var scenarios []string
	for _, c := range bad {
		scenarios = append(scenarios, c.Scenarios...)
	}
	var sentences []string
	for _, f := range familiesOf(is, scenarios) {
		sentences = append(sentences, f.Name+": "+inWords(f))
	}
	bullets(out, "Ways", sentences)
}

// title returns the title of an issue. A change in a new release comes first, because
// that is what people look for. It is plain text: trackers do not read titles as
// Markdown.
func title(c *matrix.Comparison, bad []matrix.Change) string {
	first := bad[0]
	if i := slices.IndexFunc(bad, func(c matrix.Change) bool { return c.Release }); i >= 0 {
		first = bad[i]
	}
	return plain(fmt.Sprintf("%s: %s: %s", c.Target, first.Kind, first.Brief))
}

// proofsOf returns the cells to look at, each once and not too many. Changes are sorted
// with the worst first, and so are their proofs.
func proofsOf(bad []matrix.Change) []matrix.Proof {
	var out []matrix.Proof
	for _, c := range bad {
		for _, p := range c.Proofs {
			if len(out) < mostProofs && !slices.ContainsFunc(out, func(o matrix.Proof) bool {
				return o.Row == p.Row && o.Cell.Scenario == p.Cell.Scenario
			}) {
				out = append(out, p)
			}
		}
	}
	return out
}

// seen writes what the trials of cells saw. The table says which side's sightings decide.
func seen(out *strings.Builder, proofs []matrix.Proof, is *matrix.Grid) {
	if len(proofs) == 0 {
		return
	}
	heading(out, "What was seen")
	for _, p := range proofs {
		fmt.Fprintf(out, "- %s, %s: %s\n", escape(p.Row), escape(p.Cell.Scenario), escape(sightings(p.Cell, is)))
	}
}

// sightings says in one sentence what the trials of a cell saw. The sighting of the
// witness is the one that decides; without a witness it is the first one.
func sightings(c matrix.Cell, is *matrix.Grid) string {
	witness, w := is.Witness(c.Scenario), is.Words
	text := fmt.Sprintf("%s, %d of %s %s", w.Name(c.Verdict), c.Leaks, text.Count(c.Trials, "trial"), w.Leak.Past)
	if c.Interval != nil {
		text += fmt.Sprintf(" (95 %%: %.0f %% - %.0f %%)", 100*c.Interval[0], 100*c.Interval[1])
	}
	if c.Reason != "" {
		text += "; " + c.Reason
	}
	if i := slices.IndexFunc(c.Saw, func(s matrix.Sighting) bool { return witness == "" || s.Side == witness }); i >= 0 {
		text += fmt.Sprintf("; the %s saw: %s", c.Saw[i].Side, c.Saw[i].Error)
	}
	if len(c.Evidence) > 0 {
		text += "; evidence: " + strings.Join(c.Evidence, ", ")
	}
	return text
}

// repeat writes the commands that run what got worse again. They are for one row: the
// one of the first proof, or if there is no proof, the newest row of a change.
func repeat(out *strings.Builder, c *matrix.Comparison, bad []matrix.Change, proofs []matrix.Proof) {
	row := ""
	var scenarios []string
	if len(proofs) > 0 {
		row = proofs[0].Row
		for _, p := range proofs {
			if p.Row == row {
				scenarios = append(scenarios, p.Cell.Scenario)
			}
		}
	} else if i := slices.IndexFunc(bad, func(c matrix.Change) bool { return len(c.Rows) > 0 }); i >= 0 {
		rows := bad[i].Rows
		row = rows[len(rows)-1]
	}
	if row == "" {
		return
	}
	heading(out, "How to repeat it")
	id := matrix.ParseRowID(row)
	line := "matrixrun run " + quoted(c.Suite) + " --only " + quoted(id.Version)
	for _, patch := range id.Patches {
		line += " --patch " + quoted(patch)
	}
	for _, s := range scenarios {
		line += " --scenario " + quoted(s)
	}
	out.WriteString("```sh\n" + line + " --fresh\n")
	if len(scenarios) > 0 {
		out.WriteString("matrixrun show " + quoted(row+"/"+scenarios[0]) + " " + quoted(c.Suite) + "\n")
	}
	out.WriteString("```\n")
}

// quoted returns a word quoted for a shell, on the one line of a code block.
func quoted(word string) string { return strings.ReplaceAll(text.Quote(plain(word)), "```", "` ` `") }

// todo writes the advice on the newest row of each change, and what the project itself
// must do.
func todo(out *strings.Builder, bad []matrix.Change, is *matrix.Grid) {
	heading(out, "What to do")
	done := make(map[string]bool)
	for _, c := range bad {
		if len(c.Rows) == 0 || c.Kind != matrix.ChangeWorse {
			continue
		}
		id := c.Rows[len(c.Rows)-1]
		row := is.Row(id)
		if row == nil || done[id] || len(done) >= mostAdvised {
			continue
		}
		done[id] = true
		fmt.Fprintf(out, "- %s: %s\n", escape(id), escape(row.Advice.Gist))
		for _, do := range row.Advice.Do {
			fmt.Fprintf(out, "  - %s\n", escape(do))
		}
	}
	out.WriteString("- Repeat it. If it holds, it is true of the target: report it there, say so in matrix.yaml's `expect`, and publish the\n" +
		"  new results. If it does not, the reproduction or the machine is at fault.\n")
}

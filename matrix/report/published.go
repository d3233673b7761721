package report

import (
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// publishedTitle heads the sections on advisories.
const publishedTitle = "Published ranges"

// mostWrong is how many releases a line names in which an advisory is wrong.
const mostWrong = 6

// publishedLines returns what a table says of an advisory: whether the two agree, and for
// each module in which they do not, both with the evidence.
func publishedLines(p *matrix.Published) (sentence string, modules []string) {
	for _, m := range p.Modules {
		modules = append(modules, fmt.Sprintf("%s: published: %s; measured: %s; evidence: %s", m.Module, m.Claimed, m.Measured, text.Some(m.Wrong, mostWrong)))
	}
	for _, u := range p.Unsettled {
		modules = append(modules, "not settled, since nothing is known of releases between: "+u)
	}
	return p.Text, modules
}

// publishedOnScreen writes the section for a terminal.
func publishedOnScreen(out *strings.Builder, g *matrix.Grid, screen Screen) {
	for i := range g.Published {
		if i == 0 {
			out.WriteString("\n" + publishedTitle + ":\n")
		}
		sentence, modules := publishedLines(&g.Published[i])
		out.WriteString(screen.wrap(plain(sentence), "  ", "    "))
		for _, line := range modules {
			out.WriteString(screen.wrap(plain(line), "    ", "      "))
		}
	}
}

// publishedInMarkdown writes the section for COMPATIBILITY.md, with a correction of each
// advisory that is wrong.
func publishedInMarkdown(out *strings.Builder, g *matrix.Grid) {
	if len(g.Published) == 0 {
		return
	}
	heading(out, publishedTitle)
	for i := range g.Published {
		p := &g.Published[i]
		sentence, modules := publishedLines(p)
		out.WriteString(wrap(escape(sentence), "- ", "  "))
		for _, line := range modules {
			out.WriteString(wrap(escape(line), "  - ", "    "))
		}
		if len(p.Corrected) > 0 {
			out.WriteString("\n  What the Go vulnerability database could say, in the form of its reports:\n\n")
			for line := range strings.Lines(correction(p)) {
				out.WriteString("      " + line)
			}
			if i < len(g.Published)-1 {
				out.WriteString("\n")
			}
		}
	}
}

// correction returns what a report of the Go vulnerability database would say of the
// affected versions: https://github.com/golang/vulndb/blob/master/doc/format.md. That
// format has no last affected version.
func correction(p *matrix.Published) string {
	var out strings.Builder
	fmt.Fprintf(&out, "id: %s\nmodules:\n", plain(p.ID))
	for _, m := range p.Corrected {
		fmt.Fprintf(&out, "    - module: %s\n", plain(m.Module))
		var events []string
		for _, r := range m.Ranges {
			if r.Introduced != matrix.FromStart {
				events = append(events, "introduced: "+strings.TrimPrefix(r.Introduced, "v"))
			}
			switch {
			case r.Fixed != "":
				events = append(events, "fixed: "+strings.TrimPrefix(r.Fixed, "v"))
			case r.LastAffected != "":
				events = append(events, "fixed: # the first release after "+strings.TrimPrefix(r.LastAffected, "v"))
			}
		}
		for i, event := range events {
			if i == 0 {
				out.WriteString("      versions:\n")
			}
			fmt.Fprintf(&out, "        - %s\n", plain(event))
		}
		if m.VulnerableAt != "" {
			fmt.Fprintf(&out, "      vulnerable_at: %s\n", plain(strings.TrimPrefix(m.VulnerableAt, "v")))
		}
	}
	return out.String()
}

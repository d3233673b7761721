package report

import (
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// PublishedTitle heads the sections on advisories, and CorrectionTitle a Correction.
const (
	PublishedTitle  = "Published ranges"
	CorrectionTitle = "What the Go vulnerability database could say, in the form of its reports"
)

// mostWrong is how many releases a line names in which an advisory is wrong.
const mostWrong = 6

// Disagreements returns for each module in which an advisory and the measurements
// disagree what both say, with the evidence, and what keeps that from being settled.
func Disagreements(p *matrix.Published) (lines []string) {
	for _, m := range p.Modules {
		lines = append(lines, fmt.Sprintf("%s: published: %s; measured: %s; evidence: %s", m.Module, m.Claimed, m.Measured, text.Some(m.Wrong, mostWrong)))
	}
	for _, u := range p.Unsettled {
		lines = append(lines, "not settled, since nothing is known of releases between: "+u)
	}
	for _, c := range p.Cautions {
		lines = append(lines, "what the database could say is not proven everywhere: "+c)
	}
	return lines
}

// publishedOnScreen writes the section for a terminal.
func publishedOnScreen(out *strings.Builder, g *matrix.Grid, screen Screen) {
	for i := range g.Published {
		if i == 0 {
			out.WriteString("\n" + PublishedTitle + ":\n")
		}
		p := &g.Published[i]
		out.WriteString(screen.wrap(plain(p.Text), "  ", "    "))
		for _, line := range Disagreements(p) {
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
	heading(out, PublishedTitle)
	for i := range g.Published {
		p := &g.Published[i]
		out.WriteString(wrap(escape(p.Text), "- ", "  "))
		for _, line := range Disagreements(p) {
			out.WriteString(wrap(escape(line), "  - ", "    "))
		}
		if len(p.Corrected) > 0 {
			out.WriteString("\n  " + CorrectionTitle + ":\n\n")
			for line := range strings.Lines(Correction(p)) {
				out.WriteString("      " + line)
			}
			if i < len(g.Published)-1 {
				out.WriteString("\n")
			}
		}
	}
}

// Correction returns what a report of the Go vulnerability database would say of the
// affected versions: https://github.com/golang/vulndb/blob/master/doc/format.md. That
// format has no last affected version. It is empty if there is nothing to correct.
func Correction(p *matrix.Published) string {
	if len(p.Corrected) == 0 {
		return ""
	}
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

package main

import (
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// table returns the Markdown table for the README.md of this folder, followed by notes and a
// line that says what was measured on which machine. It depends on bench.json only.
func table(r *Report) string {
	lines := [][]string{{"", "plain loop", "matrixrun", "ratio", "aim"}}
	var notes []string
	for _, f := range r.Figures {
		name := f.Name
		if f.Note != "" {
			notes = append(notes, f.Note)
			name += fmt.Sprintf(" (%d)", len(notes))
		}
		plain := f.Plain.text(f.Unit)
		if f.Against != "" {
			plain = f.Against + ": " + plain
		}
		lines = append(lines, []string{name, plain, f.Matrixrun.text(f.Unit), f.Ratio.text(""), f.aim()})
	}
	var out strings.Builder
	out.WriteString(text.Table(lines))
	for i, note := range notes {
		fmt.Fprintf(&out, "\n%d. %s%s.", i+1, strings.ToUpper(note[:1]), note[1:])
	}
	fmt.Fprintf(&out, "\n\n%s\n", setting(r))
	return out.String()
}

// text formats a spread as the median, followed by the least and the greatest value
// in parentheses if they differ.
func (s *Spread) text(unit string) string {
	if s == nil {
		return ""
	}
	if unit != "" {
		unit = " " + unit
	}
	text := digits(s.Median) + unit
	if s.Min != s.Max {
		text += fmt.Sprintf(" (%s - %s)", digits(s.Min), digits(s.Max))
	}
	return text
}

// digits formats a value with three significant digits.
func digits(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}

// aim formats the aim and whether it was met.
func (f Figure) aim() string {
	switch {
	case f.Aim == "":
		return ""
	case f.Met:
		return f.Aim + ": met"
	default:
		return f.Aim + ": **missed**"
	}
}

// setting describes in one line what was measured, and on which machine.
func setting(r *Report) string {
	s, m := r.Settings, r.Machine
	rows := "no release"
	if len(s.Rows) > 0 {
		rows = fmt.Sprintf("%d releases, %s - %s", len(s.Rows), s.Rows[0], s.Rows[len(s.Rows)-1])
	}
	program := r.Matrixrun.Version
	if r.Matrixrun.Commit != "" {
		program = "commit " + r.Matrixrun.Commit[:min(12, len(r.Matrixrun.Commit))]
	}
	if r.Matrixrun.Modified {
		program += " with changes"
	}
	return fmt.Sprintf("%s; %d scenarios, %d trials each. Medians of %d, with the least and the greatest. %s; matrixrun at %s, %s.",
		rows, s.Scenarios, s.Trials, s.Runs, m, program, r.Date.Format("2006-01-02"))
}

package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// Check writes for a screen what a build gets: how it fares, what leaks and how sure
// that is, and what can be done. For a release that the results do not have, it says
// what finds it out.
func Check(w io.Writer, c *matrix.Check, screen Screen) error {
	var out strings.Builder
	if len(c.Uses) == 0 {
		out.WriteString(screen.wrap(plain(noUse(c)), "", ""))
	}
	for i, u := range c.Uses {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(screen.wrap(plain(useTitle(u)), "", "  "))
		if u.Advice == nil {
			out.WriteString(screen.wrap(plain("Not known: "+u.Unknown+"."), "  ", "    "))
			out.WriteString(screen.fill(unbroken(plain(u.Next)), "  Next: ", "    "))
			continue
		}
		code := fills.Green
		if u.Advice.Affected {
			code = fills.Red
		}
		out.WriteString("  " + palette(screen.Color).paint(code, plain(u.Advice.Gist)) + ".\n")
		if rows := leaking(u, plain); len(rows) > 0 {
			out.WriteString("\n")
			var table strings.Builder // aligned has no indent; it is added below
			aligned(&table, rows, false)
			for line := range strings.Lines(table.String()) {
				out.WriteString("    " + line)
			}
		}
		for i, text := range u.Advice.Do {
			if i == 0 {
				out.WriteString("\n  What to do:\n")
			}
			out.WriteString(screen.fill(unbroken(plain(text)), "  - ", "    "))
		}
	}
	out.WriteString("\n" + screen.wrap(plain(measuredBy(c)), "", ""))
	return screen.show(w, out.String())
}

// CheckMarkdown writes the same as GitHub-flavoured Markdown.
func CheckMarkdown(w io.Writer, c *matrix.Check) error {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s: %s\n", escape(c.Suite), escape(c.Target))
	if len(c.Uses) == 0 {
		out.WriteString("\n" + wrap(escape(noUse(c)), "", ""))
	}
	for _, u := range c.Uses {
		out.WriteString("\n## " + escape(useTitle(u)) + "\n\n")
		if u.Advice == nil {
			out.WriteString(wrap("Not known: "+escape(u.Unknown)+".", "", "") + "\n" + wrap("Next: "+code(u.Next), "", ""))
			continue
		}
		out.WriteString(wrap("**"+escape(u.Advice.Gist)+".**", "", ""))
		if rows := leaking(u, escape); len(rows) > 0 {
			out.WriteString("\n" + grid(rows))
		}
		for i, text := range u.Advice.Do {
			if i == 0 {
				out.WriteString("\nWhat to do:\n\n")
			}
			out.WriteString(wrap(code(text), "- ", "  "))
		}
	}
	for i, s := range c.Scenarios {
		if i == 0 {
			out.WriteString("\nWhat leaks, in full:\n\n")
		}
		out.WriteString(wrap("`"+escape(s.Name)+"`: "+escape(s.Title), "- ", "  "))
	}
	out.WriteString("\n" + wrap(escape(measuredBy(c)), "", ""))
	return emit(w, out.String())
}

// CheckJSON writes it as one document, in which an empty list is [] and never null.
// An adviser makes its lists that way.
func CheckJSON(w io.Writer, c *matrix.Check) error {
	out := *c
	out.Scenarios, out.Uses = listed(c.Scenarios), listed(c.Uses)
	for i := range out.Uses {
		out.Uses[i].Cells = listed(out.Uses[i].Cells)
	}
	return writeJSON(w, out)
}

// useTitle names a release that the build has, and the line that requires it:
// "example.com/lib v1.2.3, by go.mod:7".
func useTitle(u matrix.Use) string {
	title := u.Module
	if u.Version != "" {
		title += " " + u.Version
	}
	if u.Where != "" {
		title += ", by " + u.Where
	}
	return title
}

// noUse says that the build does not have the target.
func noUse(c *matrix.Check) string {
	return fmt.Sprintf("This go.mod requires no release of %s: none is built.", c.Target)
}

// leaking makes a table of what leaks in a use, how sure that is, and what the leak can
// kill: a row is "drop-a", "10 of 10", "69 - 100 %", "the stream". Text is plain or
// escape, which the names of scenarios need.
func leaking(u matrix.Use, text func(string) string) [][]string {
	if len(u.Cells) == 0 {
		return nil
	}
	rows := [][]string{{"scenario", "leaks", "95 % interval", "can kill"}}
	for _, c := range u.Cells {
		interval, kills := "", "the stream"
		if c.Interval != nil {
			interval = fmt.Sprintf("%.0f - %.0f %%", 100*c.Interval[0], 100*c.Interval[1])
		}
		if c.Kills() {
			kills = "the connection"
		}
		rows = append(rows, []string{text(c.Scenario), fmt.Sprintf("%d of %d", c.Leaks, c.Trials), interval, kills})
	}
	return rows
}

// measuredBy says by which version of matrixrun, and when, it was found out.
func measuredBy(c *matrix.Check) string {
	text := "Measured by matrixrun"
	if c.Matrixrun != "" {
		text += " " + c.Matrixrun
	}
	if !c.Generated.IsZero() {
		text += ", " + c.Generated.UTC().Format(time.DateOnly)
	}
	return text + "."
}

// listed copies a list, and returns an empty one for nil, which JSON writes as [].
func listed[T any](items []T) []T { return append(make([]T, 0, len(items)), items...) }

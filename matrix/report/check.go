package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Check writes for a screen what a program is built with and how that was found out, how
// it fares, whether the program gets to what leaks, and what can be done: by suite, if there
// are several.
func Check(w io.Writer, all Checks, screen Screen) error {
	var out strings.Builder
	paragraph := screen.paragraph(&out)
	if len(all) > 0 {
		paragraph(readFrom(all[0]))
	}
	for _, c := range all {
		if len(all) > 1 {
			paragraph(suiteTitle(c) + ":")
		}
		screen.check(&out, c)
		if len(all) > 1 {
			out.WriteString("\n")
		}
	}
	if len(all) > 1 {
		out.WriteString(screen.wrap(plain(together(all)), "", ""))
	}
	return screen.show(w, out.String())
}

// paragraph returns a function that writes a text, with an empty line after it.
func (s Screen) paragraph(out *strings.Builder) func(string) {
	return func(text string) {
		if text != "" {
			out.WriteString(s.fill(unbroken(plain(text)), "", "  ") + "\n")
		}
	}
}

// check writes the answer of one suite.
func (s Screen) check(out *strings.Builder, c *matrix.Check) {
	paragraph := s.paragraph(out)
	for i := range c.Uses {
		s.use(out, c, &c.Uses[i])
		out.WriteString("\n")
	}
	if len(c.Uses) == 0 {
		paragraph(noUse(c))
	}
	paragraph(notLooked(c))
	out.WriteString(s.wrap(plain(result(c)+" "+measuredBy(c)), "", ""))
}

// use writes what is known of one use.
func (s Screen) use(out *strings.Builder, c *matrix.Check, u *matrix.Use) {
	line := func(text, first, rest string) { out.WriteString(s.fill(unbroken(plain(text)), first, rest)) }
	out.WriteString(s.wrap(plain(useTitle(u)), "", "  "))
	for _, text := range about(c, u) {
		line(text, "  ", "  ")
	}
	switch {
	case u.Unaffected != "":
		line("Not affected: "+u.Unaffected+".", "  ", "    ")
	case u.Advice == nil:
		line("Not known: "+u.Unknown+".", "  ", "    ")
		if h := hint(u); h != "" {
			line(h, "  ", "    ")
		}
		if u.Next != "" {
			line(u.Next, "  Next: ", "    ")
		}
	default:
		code := fills.Green
		if u.Advice.Affected {
			code = fills.Red
		}
		for gist := range strings.Lines(s.fill(unbroken(plain(u.Advice.Gist+".")), "  ", "    ")) {
			words := strings.TrimLeft(gist, " ")
			out.WriteString(gist[:len(gist)-len(words)] + palette(s.Color).paint(code, strings.TrimSpace(words)) + "\n")
		}
	}
	for i, text := range byFamily(c, u) {
		if i == 0 {
			out.WriteString("\n")
		}
		line(text, "  - ", "    ")
	}
	s.leaks(out, u, c.Words.Complete())
	for i, text := range reached(u, c) {
		if i == 0 {
			out.WriteString("\n")
		}
		line(text, "  ", "    ")
	}
	for i, h := range helps(u) {
		if i == 0 {
			out.WriteString("\n  " + todoFor(u) + "\n")
		}
		line(h.text, "  - ", "    ")
		for _, command := range h.commands {
			out.WriteString("      " + plain(command) + "\n")
		}
	}
}

// leaks writes the table of what leaks.
func (s Screen) leaks(out *strings.Builder, u *matrix.Use, w matrix.Words) {
	rows := leaking(u, w, plain)
	if len(rows) == 0 {
		return
	}
	var table strings.Builder // aligned has no indent; it is added below
	aligned(&table, rows, false)
	out.WriteString("\n")
	for line := range strings.Lines(table.String()) {
		out.WriteString("    " + line)
	}
}

// CheckMarkdown writes the same as GitHub-flavoured Markdown.
func CheckMarkdown(w io.Writer, all Checks) error {
	var out strings.Builder
	for i, c := range all {
		if i > 0 {
			out.WriteString("\n")
		}
		checkMarkdown(&out, c)
	}
	if len(all) > 1 {
		out.WriteString("\n# All suites\n\n" + wrap(code(together(all)), "", ""))
	}
	return emit(w, out.String())
}

// checkMarkdown writes the answer of one suite.
func checkMarkdown(out *strings.Builder, c *matrix.Check) {
	paragraph := func(text string) {
		if text != "" {
			out.WriteString("\n" + wrap(code(text), "", ""))
		}
	}
	fmt.Fprintf(out, "# %s\n", escape(suiteTitle(c)))
	paragraph(readFrom(c))
	for i := range c.Uses {
		useMarkdown(out, c, &c.Uses[i], paragraph)
	}
	if len(c.Uses) == 0 {
		paragraph(noUse(c))
	}
	for i, s := range c.Scenarios {
		if i == 0 {
			fmt.Fprintf(out, "\nWhat %s, in full:\n\n", c.Words.Complete().Leak.One)
		}
		out.WriteString(wrap("`"+escape(s.Name)+"`: "+escape(s.Title), "- ", "  "))
	}
	paragraph(notLooked(c))
	paragraph(result(c) + " " + measuredBy(c))
}

// useMarkdown writes what is known of one use.
func useMarkdown(out *strings.Builder, c *matrix.Check, u *matrix.Use, paragraph func(string)) {
	out.WriteString("\n## " + escape(useTitle(u)) + "\n")
	for _, text := range about(c, u) {
		paragraph(text)
	}
	switch {
	case u.Unaffected != "":
		paragraph("Not affected: " + u.Unaffected + ".")
	case u.Advice == nil:
		paragraph("Not known: " + u.Unknown + ".")
		paragraph(hint(u))
		if u.Next != "" {
			paragraph("Next: " + u.Next)
		}
	default:
		out.WriteString("\n" + wrap("**"+escape(u.Advice.Gist)+".**", "", ""))
	}
	for i, text := range byFamily(c, u) {
		if i == 0 {
			out.WriteString("\n")
		}
		out.WriteString(wrap(escape(text), "- ", "  "))
	}
	if rows := leaking(u, c.Words.Complete(), escape); len(rows) > 0 {
		out.WriteString("\n" + text.Table(rows))
	}
	for _, text := range reached(u, c) {
		paragraph(text)
	}
	for i, h := range helps(u) {
		if i == 0 {
			out.WriteString("\n" + todoFor(u) + "\n\n")
		}
		out.WriteString(wrap(code(h.text), "- ", "  "))
		for _, command := range h.commands {
			out.WriteString(wrap(code("`"+command+"`"), "  - ", "    "))
		}
	}
}

// CheckJSON writes it as one document, in which an empty list is [] and never null: the
// answer of the suite, or an object with those of several.
func CheckJSON(w io.Writer, all Checks) error {
	if len(all) == 1 {
		return writeJSON(w, withLists(all[0]))
	}
	return writeJSON(w, withLists(struct {
		Affected matrix.Affected `json:"affected"`
		Suites   Checks          `json:"suites"`
	}{all.Affected(), all}))
}

// leaking makes a table of what leaks in a use, how sure that is, and how severe the leak
// is: a row is "drop-a", "10 of 10", "69.2 - 100.0 %", "mild". Text is plain or escape,
// which the names of scenarios need.
func leaking(u *matrix.Use, w matrix.Words, text func(string) string) [][]string {
	if len(u.Cells) == 0 {
		return nil
	}
	rows := [][]string{{"scenario", w.Leak.Nouns(2), "95 % interval", "severity", "your program"}}
	for _, c := range u.Cells {
		interval := ""
		if c.Interval != nil {
			interval = Bounds(&c)
		}
		goes := map[matrix.ReachState]string{matrix.Reached: "reached", matrix.NotReached: "not reached"}[u.ReachOf(c.Scenario)]
		rows = append(rows, []string{text(c.Scenario), fmt.Sprintf("%d of %d", c.Leaks, c.Trials), interval, w.Harm(c.Severity).Name, goes})
	}
	return withoutEmpty(rows)
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

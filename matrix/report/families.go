package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// FamilyTable returns the families of a table as a table in Markdown: what a program does,
// what happens then, in which releases it leaks, and the verdict in the newest release.
// The first line is the head. There are no lines if the suite has no families.
func FamilyTable(g *matrix.Grid) (lines [][]string) {
	newest := NewestRelease(g)
	for i := range g.Families {
		f := &g.Families[i]
		if len(lines) == 0 {
			head := []string{"way", "if", "then", g.Words.Leak.After(1) + " in"}
			if newest != nil {
				head = append(head, escape(newest.ID))
			}
			lines = append(lines, head)
		}
		line := []string{"`" + escape(f.Name) + "`", escape(f.Title), escape(f.Consequence), escape(LeaksIn(f))}
		if newest != nil {
			line = append(line, familyCell(FamilyIn(f, newest), g.Words))
		}
		lines = append(lines, line)
	}
	return lines
}

// NewestRelease returns the row of the newest release without patches, nil if there is
// none.
func NewestRelease(g *matrix.Grid) *matrix.GridRow {
	for i := len(g.Rows) - 1; i >= 0; i-- {
		if row := &g.Rows[i]; row.Source.IsRelease() && len(row.Patches) == 0 {
			return row
		}
	}
	return nil
}

// FamilyIn returns how a family fares in a row for any program, whatever compiles it: what the
// toolchain decides is not known.
func FamilyIn(f *matrix.GridFamily, row *matrix.GridRow) matrix.FamilyResult {
	for _, r := range row.Advice.Families {
		if r.Family == f.Name {
			return r
		}
	}
	return matrix.FamilyResult{Family: f.Name}
}

// LeaksIn says in which releases without patches a family leaks, and in how many that is
// not known: "v0.1.0 - v0.4.0, v0.6.0; not known in 2 releases".
func LeaksIn(f *matrix.GridFamily) string {
	var where []string
	unknown := 0
	for _, r := range f.Ranges {
		switch v := matrix.Verdict(r.Verdict); {
		case v.Leaks() && (r.From == r.To || r.Untried > 0):
			where = append(where, r.String())
		case v.Leaks():
			where = append(where, r.From+" - "+r.To)
		case !v.Known():
			unknown += r.Rows
		}
	}
	out := "none"
	if len(where) > 0 {
		out = strings.Join(where, ", ")
	}
	if unknown > 0 {
		out += "; not known in " + text.Count(unknown, "release")
	}
	return out
}

// FamilyWord says how a family fares in the suite's words. Which of the other verdicts its
// scenarios have does not matter to somebody who writes a program.
func FamilyWord(v matrix.Verdict, w matrix.Words) string {
	if !v.Known() {
		return "not known"
	}
	return w.Name(v)
}

// familyCell writes how a family fares in a row; what leaks is bold.
func familyCell(r matrix.FamilyResult, w matrix.Words) string {
	word := escape(FamilyWord(r.Verdict, w))
	if r.Verdict.Leaks() {
		return "**" + word + "**"
	}
	return word
}

// inWords says what a program does, what happens then, and which programs that is about:
// "if you call it, it breaks. That concerns only clients."
func inWords(f *matrix.Family) string {
	return fmt.Sprintf("if %s, %s. That concerns only %s.", f.Title, f.Consequence, f.Condition)
}

// waysInWords returns each family of a table with its name.
func waysInWords(g *matrix.Grid) (sentences []string) {
	for i := range g.Families {
		sentences = append(sentences, g.Families[i].Name+": "+inWords(&g.Families[i].Family))
	}
	return sentences
}

// withFamilies returns findings whose texts also name the families that they are about.
func withFamilies(g *matrix.Grid, findings []matrix.Finding) []matrix.Finding {
	findings = slices.Clone(findings)
	for i := range findings {
		f := &findings[i]
		var names []string
		for _, family := range familiesOf(g, f.Scenarios) {
			names = append(names, fmt.Sprintf("%s (%s)", family.Name, family.Title))
		}
		if len(names) > 0 {
			f.Text += "; " + text.Plural(len(names), "way") + ": " + strings.Join(names, ", ")
		}
	}
	return findings
}

// familiesOf returns the families that have some of these scenarios.
func familiesOf(g *matrix.Grid, scenarios []string) (all []*matrix.Family) {
	for i := range g.Families {
		f := &g.Families[i].Family
		if slices.ContainsFunc(f.Scenarios, func(name string) bool { return slices.Contains(scenarios, name) }) {
			all = append(all, f)
		}
	}
	return all
}

// families writes what the families are.
func families(out *strings.Builder, g *matrix.Grid) {
	if len(g.Families) == 0 {
		return
	}
	heading(out, "Ways")
	out.WriteString(wrap(fmt.Sprintf("Each way is a group of scenarios, in the words of somebody who writes a program with %s. It %s where one of its scenarios %s.", escape(g.Target), g.Words.Leak.One, g.Words.Leak.Do(1)), "", "") + "\n")
	rows := [][]string{{"way", "if", "then", "only", "scenarios"}}
	for _, f := range g.Families {
		rows = append(rows, []string{"`" + escape(f.Name) + "`", escape(f.Title), escape(f.Consequence), escape(f.Condition), escape(strings.Join(f.Scenarios, ", "))})
	}
	out.WriteString(text.Table(rows))
}

// ways writes how the families go, release by release. Releases next to each other that go
// alike share a line.
func ways(out *strings.Builder, g *matrix.Grid) {
	if len(g.Families) == 0 {
		return
	}
	head := []string{"releases", "from", "to"}
	for _, f := range g.Families {
		head = append(head, "`"+escape(f.Name)+"`")
	}
	rows := [][]string{head}
	n := 0
	for i := range g.Rows {
		row := &g.Rows[i]
		if !row.Source.IsRelease() || len(row.Patches) > 0 {
			continue
		}
		line := []string{"1", escape(row.ID), escape(row.ID)}
		for _, f := range g.Families {
			line = append(line, familyCell(FamilyIn(&f, row), g.Words))
		}
		if last := rows[len(rows)-1]; n > 0 && slices.Equal(last[3:], line[3:]) {
			n++
			last[0], last[2] = fmt.Sprint(n), line[2]
			continue
		}
		n, rows = 1, append(rows, line)
	}
	if len(rows) > 1 {
		heading(out, "Way by way")
		out.WriteString(text.Table(rows))
	}
}

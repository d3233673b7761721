package page

import (
	"html/template"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// A view is what the template shows, in words and in the order of the page.
type view struct {
	*matrix.Grid
	Style  template.CSS
	Script template.JS
	Policy string

	Timeline *timeline // nil if there is nothing to show over time
	Rest     []string  // the answers that the timeline does not show
	News     *news     // what changed; nil without earlier results to compare with

	Short    string // the name of the target in one word
	Here     string // what sets this page apart from others; empty for that of releases
	Measured string // what was measured, a sentence
	Reading  string // what the table rests on, and its verdicts
	Effects  bool   // the table has a column with the effect of patches
	Lead     int    // the number of columns before those of the scenarios
	Groups   []group
	Heads    []group // the same, with a group for each family
	Lines    []line
	Newest   *row   // the newest release without patches; nil if all rows are something else
	Others   []*row // forks, folders or commits, without patches; the releases are those that they are nearest to
	Marks    []mark // the marks in use
	Columns  []column
	Near     []near
	Index    string // the address of the page that lists this one; empty for none
	Exempt   []exempt
	HowTo    []string // the meaning of words and signs
	Made     []fact   // what the page was made from
	Details  details
}

// A group is columns next to each other whose scenarios have the same use.
type group struct {
	Title string
	About string // a clause: what a program does in this family; the title for others
	Span  int    // the number of columns
	First int    // the index of the first one
}

// A line is the rows of one minor version, such as v0.50.
type line struct {
	Name string
	Rows []row
}

// A fact is a name and its value.
type fact struct{ Name, Value string }

// A column is a scenario and how it went over the releases.
type column struct {
	matrix.Scenario
	First  bool   // the first column of its group
	Way    string // what a program does in its family; empty if it is in none
	Ranges []ranges
}

// Ranges are how a scenario went in the rows with the same patches.
type ranges struct {
	Patches string // their names; empty for releases without patches
	Ranges  []matrix.Range
	Gaps    []matrix.Gap
}

// newView puts a table into words for the template.
func newView(g *matrix.Grid, o Options) *view {
	v := &view{
		Grid: g, Short: short(g.Target), Here: here(g), Measured: measured(g), Reading: strings.TrimSpace(report.Reading(g) + " " + report.Invariants(g)), Effects: g.Patched() > 0, Lead: 3,
		Groups: groups(g.Columns), Heads: heads(g), HowTo: report.HowTo(g, report.Style{Severe: g.Words.Severe.Sign}), Made: append(made(g), verified(o.Verified)...), Near: newNear(g, o.Near), Index: o.Index, Exempt: exempts(g.Unaffected),
	}
	if v.Effects {
		v.Lead++
	}
	v.Timeline, v.News, v.Rest = newTimeline(g), newNews(g.Since), g.Answers
	if v.Timeline != nil && len(g.Families) > 0 && len(g.Answers) >= len(g.Families) {
		v.Rest = g.Answers[len(g.Families):] // the stripes are the sentences before
	}
	changed := changes(g)
	rows := g.NewestFirst()
	for _, gridRow := range rows {
		name := lineOf(gridRow.Source.Base())
		if n := len(v.Lines); n == 0 || v.Lines[n-1].Name != name {
			v.Lines = append(v.Lines, line{Name: name})
		}
		last := &v.Lines[len(v.Lines)-1]
		last.Rows = append(last.Rows, newRow(gridRow, g, changed))
	}
	shareLists(v.Lines)
	v.Newest, v.Others = newest(v.Lines), others(v.Lines)
	v.Marks = usedMarks(v.Lines, g.Words)
	v.Columns = columns(g, v.Heads)
	v.Details = newDetails(g, rows, o)
	v.Details.Lead, v.Details.Labels = v.Lead, takeLabels(v.Lines)
	return v
}

// newest returns the newest release without patches, nil if there are only
// pre-releases.
func newest(lines []line) *row {
	for i := range lines {
		for k := range lines[i].Rows {
			if r := &lines[i].Rows[k]; len(r.Patches) == 0 && r.Source.IsRelease() && !matrix.IsPrerelease(r.Source.Version) {
				return r
			}
		}
	}
	return nil
}

// others returns the rows of anything but releases, without patches. What other toolchains
// make of releases is in the answer.
func others(lines []line) (all []*row) {
	for i := range lines {
		for k := range lines[i].Rows {
			if r := &lines[i].Rows[k]; len(r.Patches) == 0 && !r.Source.OfRelease() {
				all = append(all, r)
			}
		}
	}
	return all
}

// lineOf returns the major and minor part of a version: v0.50 of v0.50.1.
func lineOf(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// short returns what people call a module: lib for example.com/lib/v2.
func short(module string) string {
	base := path.Base(module)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(module))
	}
	return base
}

// use returns the title of scenarios of a kind.
func use(k matrix.Kind) string {
	switch k {
	case matrix.KindControl, matrix.KindPlanted:
		return "checks"
	case matrix.KindWorkaround:
		return "workarounds"
	default:
		return "probes"
	}
}

// groups divides the columns into groups.
func groups(scenarios []matrix.Scenario) (out []group) {
	for i, s := range scenarios {
		if n := len(out); n > 0 && out[n-1].Title == use(s.Kind) {
			out[n-1].Span++
			continue
		}
		out = append(out, group{Title: use(s.Kind), Span: 1, First: i})
	}
	return out
}

// heads divides the columns into groups by family, and those of no family by use.
func heads(g *matrix.Grid) (out []group) {
	for i, s := range g.Columns {
		head := group{Title: use(s.Kind), About: use(s.Kind), Span: 1, First: i}
		if f := g.FamilyOf(s.Name); f != nil {
			head.Title, head.About = f.Name, f.Title
		}
		if n := len(out); n > 0 && out[n-1].Title == head.Title {
			out[n-1].Span++
			continue
		}
		out = append(out, head)
	}
	return out
}

// columns makes the columns, with their ranges.
func columns(g *matrix.Grid, groups []group) []column {
	out := make([]column, len(g.Columns))
	at := make(map[string]int)
	for i, s := range g.Columns {
		out[i].Scenario, at[s.Name] = s, i
		if f := g.FamilyOf(s.Name); f != nil {
			out[i].Way = f.Title
		}
	}
	for _, group := range groups {
		out[group.First].First = true
	}
	for _, in := range g.Intervals {
		i, ok := at[in.Scenario]
		if patched := len(in.Patches) > 0; patched && ok && in.AsWanted(g.Columns[i].Kind) {
			continue // only what is not as it should be is worth a look
		}
		if ok && len(in.Ranges) > 0 {
			out[i].Ranges = append(out[i].Ranges, ranges{Patches: strings.Join(in.Patches, " + "), Ranges: in.Ranges, Gaps: matrix.Gaps(in.Ranges)})
		}
	}
	return out
}

// verified says when the table was verified, and what came of it.
func verified(v *matrix.Verification) []fact {
	if v == nil {
		return nil
	}
	return []fact{{"verified", v.When.UTC().Format(time.DateOnly) + ": " + report.Verified(v)}}
}

// made lists what the page was made from, for those who want to make it again.
func made(g *matrix.Grid) []fact {
	var out []fact
	add := func(name, value string) {
		if value != "" {
			out = append(out, fact{name, value})
		}
	}
	if !g.Generated.IsZero() {
		add("run", g.Generated.UTC().Format(time.RFC3339))
	}
	add("matrixrun", g.Matrixrun)
	add("suite", g.Suite)
	add("releases.lock", g.Lock)
	add("reproduction", g.Reproduction)
	if g.Host.GOOS != "" {
		add("host", g.Host.GOOS+"/"+g.Host.GOARCH)
	}
	var toolchains []string
	for _, row := range g.Rows {
		if row.Toolchain != "" && !slices.Contains(toolchains, row.Toolchain) {
			toolchains = append(toolchains, row.Toolchain)
		}
	}
	add("toolchains", strings.Join(toolchains, ", "))
	return out
}

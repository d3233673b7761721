package page

import (
	"html/template"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// A view is what the template shows, worded and in the order of the page.
type view struct {
	*matrix.Grid
	Style  template.CSS
	Script template.JS
	Policy string

	Short    string // the last element of the target's path that is no version
	Measured string
	Patched  bool // some row has patches
	Lead     int  // columns before those of the scenarios
	Groups   []group
	Lines    []line
	Newest   *row   // the newest release as it is; nil where the table has none
	Marks    []mark // those in use
	Columns  []column
	HowTo    []string
	Made     []fact
	Details  details
}

// A group is neighbouring columns of scenarios of the same use.
type group struct {
	Title string
	Span  int
	First int // index of its first column
}

// A line is the rows of one minor version, such as v0.50.
type line struct {
	Name string
	Rows []row
}

// A fact is a name and its value.
type fact struct{ Name, Value string }

// A column is a scenario with how it went over the releases.
type column struct {
	matrix.Scenario
	First  bool // of its group
	Ranges []ranges
}

// Ranges are how a scenario went over the rows with the same patches.
type ranges struct {
	Patches string // empty for the releases as they are
	Ranges  []matrix.Range
}

func newView(g *matrix.Grid, o Options) *view {
	v := &view{
		Grid: g, Short: short(g.Target), Measured: measured(g), Patched: patched(g), Lead: 3,
		Groups: groups(g.Columns), HowTo: howTo(g), Made: made(g),
	}
	if v.Patched {
		v.Lead++
	}
	changed := changes(g)
	ordered := newestFirst(g.Rows)
	for _, gridRow := range ordered {
		name := lineOf(gridRow.Source.Version)
		if n := len(v.Lines); n == 0 || v.Lines[n-1].Name != name {
			v.Lines = append(v.Lines, line{Name: name})
		}
		last := &v.Lines[len(v.Lines)-1]
		last.Rows = append(last.Rows, newRow(gridRow, g, changed))
	}
	usual := labelsOf(v.Lines)
	v.Newest = newest(v.Lines)
	v.Marks = usedMarks(v.Lines)
	v.Columns = columns(g, v.Groups)
	v.Details = newDetails(g, ordered, o)
	v.Details.Labels = usual
	return v
}

// newestFirst returns the rows with the newest version first, and those of one
// version as they are: a patched row stays below the release that it is of.
func newestFirst(rows []matrix.GridRow) []matrix.GridRow {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b matrix.GridRow) int {
		return matrix.CompareVersions(b.Source.Version, a.Source.Version)
	})
	return sorted
}

// newest returns the newest release without patches that is no pre-release.
func newest(lines []line) *row {
	for i := range lines {
		for k := range lines[i].Rows {
			if r := &lines[i].Rows[k]; len(r.Patches) == 0 && !matrix.IsPrerelease(r.Source.Version) {
				return r
			}
		}
	}
	return nil
}

// lineOf returns the major and minor version of a row: v0.50 of v0.50.1.
func lineOf(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// short is what people call a module by: lib of example.com/lib/v2.
func short(module string) string {
	base := path.Base(module)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(module))
	}
	return base
}

// use says what scenarios of a kind are for.
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

func columns(g *matrix.Grid, groups []group) []column {
	out := make([]column, len(g.Columns))
	at := make(map[string]int)
	for i, s := range g.Columns {
		out[i].Scenario, at[s.Name] = s, i
	}
	for _, group := range groups {
		out[group.First].First = true
	}
	for _, in := range g.Intervals {
		i, ok := at[in.Scenario]
		if patched := len(in.Patches) > 0; patched && ok && in.AsWanted(g.Columns[i].Kind) {
			continue // as it should be throughout: what is worth a look are the others
		}
		if ok && len(in.Ranges) > 0 {
			out[i].Ranges = append(out[i].Ranges, ranges{Patches: strings.Join(in.Patches, " + "), Ranges: in.Ranges})
		}
	}
	return out
}

// made says what the page was made from, for those who want to make it again.
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

package plans

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A View is a plan as plan --json prints it.
type View struct {
	Suite     string            `json:"suite"`
	Target    string            `json:"target"`
	Server    string            `json:"server"` // the release of all servers; empty if each row has its own
	Scenarios []matrix.Scenario `json:"scenarios"`
	Rows      []Row             `json:"rows"` // in the order in which they are answered
	Skips     []matrix.Skip     `json:"skips"`
	CPU       float64           `json:"cpu_s"` // expected of all rows on one machine, with its toolchains

	Listed *Listed `json:"listed,omitempty"` // nil if the reproduction was not asked
}

// A Row is one row of a plan.
type Row struct {
	ID        string   `json:"id"`
	Version   string   `json:"version"`
	Module    string   `json:"module"`  // the path that has it
	Sum       string   `json:"sum"`     // empty if it is not in the lock
	Rehomed   bool     `json:"rehomed"` // the module is a former path of the target
	Patches   []string `json:"patches"`
	Toolchain string   `json:"toolchain"` // empty for the installed go command
	Adapter   string   `json:"adapter"`   // build tags
	Supported bool     `json:"supported"` // the suite has an adapter for it
	CPU       float64  `json:"cpu_s"`     // expected
	Measured  bool     `json:"measured"`  // by an earlier run; else it is an estimate

	Kind matrix.SourceKind `json:"kind"` // what it is
	Base string            `json:"base"` // the release whose rules apply: itself, or the nearest one
}

// NewView returns the view of a plan.
func NewView(suite *matrix.Spec, todo *matrix.Plan, times plan.Times) View {
	costs := plan.Costs(todo, times)
	v := View{
		Suite: suite.Suite, Target: suite.Target.Module, Scenarios: todo.Scenarios,
		Rows: []Row{}, Skips: append([]matrix.Skip{}, todo.Skips...), CPU: matrix.Seconds(plan.Whole(todo, costs)),
	}
	if todo.Server != nil {
		v.Server = todo.Server.Release.Version
	}
	for _, i := range todo.Order {
		row := todo.Rows[i]
		if o := row.Release.Origin; o != nil && o.Missing != "" {
			v.Skips = append(v.Skips, matrix.Skip{ID: row.ID, Reason: o.Missing})
			continue
		}
		patches := []string{}
		for _, p := range row.Patches {
			patches = append(patches, p.Patch)
		}
		source := row.Release.Result(row.Rehomed)
		v.Rows = append(v.Rows, Row{
			ID: row.ID, Version: source.Version, Module: row.Release.Module, Kind: source.Kind, Base: source.Base(), Sum: row.Release.Sum, Rehomed: row.Rehomed,
			Patches: patches, Toolchain: row.Toolchain, Adapter: strings.Join(row.Adapter.Tags, ","), Supported: row.Adapter.Supported,
			CPU: matrix.Seconds(costs[i].CPU), Measured: costs[i].Known,
		})
	}
	return v
}

// Text prints the plan for people, in lines of at most width characters if the
// width is not 0.
func (v View) Text(w io.Writer, width int) error {
	var out strings.Builder
	against := ""
	if v.Server != "" {
		against = ", all against servers of " + v.Server
	}
	fmt.Fprintf(&out, "%s: %s, %s%s\n", v.Suite, text.Count(len(v.Rows), "row"), text.Count(len(v.Scenarios), "scenario"), against)
	fmt.Fprintf(&out, "expected: about %v of CPU time\n\n", time.Duration(v.CPU*float64(time.Second)).Round(time.Second))
	out.WriteString(v.fit(width))
	for i, s := range v.Skips {
		if i == 0 {
			out.WriteString("\nLeft out:\n")
		}
		skip := fmt.Sprintf("%s: %s", s.ID, s.Reason)
		out.WriteString(text.Wrap(skip, "  ", "    ", cmp.Or(width, math.MaxInt)))
	}
	if v.Listed != nil {
		fmt.Fprintf(&out, "\nScenarios that the reproduction lists, built with %s:\n", v.Listed.Row)
		for _, s := range v.Listed.sentences() {
			out.WriteString(text.Wrap(s, "  ", "    ", cmp.Or(width, math.MaxInt)))
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// head names the columns of the table.
var head = []string{"ROW", "SOURCE", "TOOLCHAIN", "ADAPTER", "PATCHES", "CPU"}

// fit lays the rows out as a table. If it is wider than width, it leaves out the
// patches, which are part of the row's name, and then the source. In the end, rows have
// the short names that the table of their results has.
func (v View) fit(width int) (table string) {
	var names, short []string
	for _, row := range v.Rows {
		names = append(names, row.ID)
	}
	short = grid.Labels(v.results(), v.Target)
	for _, try := range []struct{ names, without []string }{
		{names, nil}, {names, []string{"PATCHES"}}, {names, []string{"PATCHES", "SOURCE"}}, {short, []string{"PATCHES", "SOURCE"}},
	} {
		table = v.table(try.names, try.without)
		longest := 0
		for line := range strings.Lines(table) {
			longest = max(longest, len(strings.TrimRight(line, "\n")))
		}
		if width == 0 || longest <= width {
			break
		}
	}
	return table
}

// results returns the rows as results have them, with what their names are made of.
func (v View) results() []matrix.RowResult {
	rows := make([]matrix.RowResult, len(v.Rows))
	for i, row := range v.Rows {
		rows[i] = matrix.RowResult{ID: row.ID, Source: matrix.SourceResult{Kind: row.Kind, Version: row.Version, Module: row.Module}}
		for _, name := range row.Patches {
			rows[i].Patches = append(rows[i].Patches, matrix.Applied{Name: name})
		}
	}
	return rows
}

// table lays the rows out by names of theirs, without some of the columns.
func (v View) table(names, without []string) string {
	var out strings.Builder
	t := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	line := func(cells []string) {
		var kept []string
		for i, cell := range cells {
			if !slices.Contains(without, head[i]) {
				kept = append(kept, cell)
			}
		}
		fmt.Fprintln(t, strings.Join(kept, "\t"))
	}
	line(head)
	for i, row := range v.Rows {
		line(append([]string{names[i]}, row.columns()...))
	}
	_ = t.Flush() // into memory
	return out.String()
}

// columns returns the cells of a row by head, without its name.
func (r Row) columns() []string {
	source := r.Module
	if r.Kind != matrix.SourceRelease && r.Kind != matrix.SourceToolchain {
		source += ", nearest to " + r.Base
	}
	if r.Sum == "" {
		source += " (not in the lock)"
	}
	adapter, cost := r.Adapter, fmt.Sprintf("%.1fs", r.CPU)
	switch {
	case !r.Supported:
		adapter, cost = "unsupported", "" // nothing is built
	case !r.Measured:
		cost = "~" + cost
	}
	return []string{source, orDash(r.Toolchain), orDash(adapter), orDash(strings.Join(r.Patches, ", ")), orDash(cost)}
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

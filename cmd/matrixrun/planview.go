package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// planView is a plan as it is shown.
type planView struct {
	Suite     string            `json:"suite"`
	Target    string            `json:"target"`
	Server    string            `json:"server"` // the release of all servers; empty for each row's own
	Scenarios []matrix.Scenario `json:"scenarios"`
	Rows      []plannedRow      `json:"rows"` // in the order in which they are answered
	Skips     []matrix.Skip     `json:"skips"`
	CPU       float64           `json:"cpu_s"` // expected of all rows on one machine, with its toolchains
}

// plannedRow is one row of a plan.
type plannedRow struct {
	ID        string   `json:"id"`
	Version   string   `json:"version"`
	Module    string   `json:"module"`  // that serves it
	Sum       string   `json:"sum"`     // empty where the lock lacks it
	Rehomed   bool     `json:"rehomed"` // the module is a former one
	Patches   []string `json:"patches"`
	Toolchain string   `json:"toolchain"` // empty for the go command at hand
	Adapter   string   `json:"adapter"`   // build tags
	Supported bool     `json:"supported"` // the suite has an adapter for it
	CPU       float64  `json:"cpu_s"`     // expected
	Measured  bool     `json:"measured"`  // by an earlier run; else it is an estimate
}

// viewPlan prepares a plan for showing.
func viewPlan(suite *matrix.Spec, todo *matrix.Plan, costs []plan.Cost) planView {
	v := planView{
		Suite: suite.Suite, Target: suite.Target.Module, Scenarios: todo.Scenarios,
		Rows: []plannedRow{}, Skips: append([]matrix.Skip{}, todo.Skips...), CPU: matrix.Seconds(plan.Whole(todo, costs)),
	}
	if todo.Server != nil {
		v.Server = todo.Server.Release.Version
	}
	for _, i := range todo.Order {
		row := todo.Rows[i]
		v.Rows = append(v.Rows, plannedRow{
			ID: row.ID, Version: row.Release.Version, Module: row.Release.Module, Sum: row.Release.Sum, Rehomed: row.Rehomed,
			Patches: row.PatchNames(), Toolchain: row.Toolchain, Adapter: strings.Join(row.Adapter.Tags, ","), Supported: row.Adapter.Supported,
			CPU: matrix.Seconds(costs[i].CPU), Measured: costs[i].Known,
		})
	}
	return v
}

// text prints the plan for people.
func (v planView) text(w io.Writer) error {
	against := ""
	if v.Server != "" {
		against = ", all against servers of " + v.Server
	}
	fmt.Fprintf(w, "%s: %s, %s%s\n", v.Suite, text.Count(len(v.Rows), "row"), text.Count(len(v.Scenarios), "scenario"), against)
	fmt.Fprintf(w, "expected: about %v of CPU time\n\n", time.Duration(v.CPU*float64(time.Second)).Round(time.Second))
	if _, err := io.WriteString(w, v.fit(screen.Width(w))); err != nil {
		return err
	}
	for i, s := range v.Skips {
		if i == 0 {
			fmt.Fprintln(w, "\nLeft out:")
		}
		fmt.Fprintf(w, "  %s: %s\n", s.ID, s.Reason)
	}
	return nil
}

// planHead names what the text tells of a row.
var planHead = []string{"ROW", "SOURCE", "TOOLCHAIN", "ADAPTER", "PATCHES", "CPU"}

// fit lays the rows out as a table. Where it is wider than the screen it does
// without the patches, which the row's name has too, and then without the source;
// the width is 0 where nobody knows it.
func (v planView) fit(width int) (table string) {
	for _, without := range [][]string{nil, {"PATCHES"}, {"PATCHES", "SOURCE"}} {
		table = v.table(without)
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

// table lays the rows out without some of the columns.
func (v planView) table(without []string) string {
	var out strings.Builder
	t := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	line := func(cells []string) {
		var kept []string
		for i, cell := range cells {
			if !slices.Contains(without, planHead[i]) {
				kept = append(kept, cell)
			}
		}
		fmt.Fprintln(t, strings.Join(kept, "\t"))
	}
	line(planHead)
	for _, row := range v.Rows {
		line(row.columns())
	}
	_ = t.Flush() // into memory
	return out.String()
}

// columns are what the text tells of a row.
func (r plannedRow) columns() []string {
	source := r.Module
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
	return []string{r.ID, source, orDash(r.Toolchain), orDash(adapter), orDash(strings.Join(r.Patches, ", ")), orDash(cost)}
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

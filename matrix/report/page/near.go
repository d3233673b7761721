package page

import (
	"cmp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Near is another page about the same target: that of its forks, for instance.
type Near struct {
	Title string       // in the plural, such as "forks"
	File  string       // relative to this page, with slashes
	Table *matrix.Grid // that the page has
}

// A near is the part of another page that this one has.
type near struct {
	Near
	Rows []nearRow
}

// A nearRow is a row of another page.
type nearRow struct {
	*matrix.GridRow
	State string // of a card: bad, good or open
}

// Path returns the module path of a release. The ID of any other row has it.
func (r nearRow) Path() string {
	if r.Source.IsRelease() {
		return r.Source.Module
	}
	return ""
}

// newNear returns the pages next to that of a table, with their rows that the table does
// not have. Rows with patches, and those of folders and commits, answer for no build.
func newNear(g *matrix.Grid, pages []Near) (all []near) {
	for _, p := range pages {
		n := near{Near: p}
		for _, row := range p.Table.NewestFirst() {
			built := row.Source.IsRelease() || row.Source.Kind == matrix.SourceModule
			if len(row.Patches) == 0 && built && g.Row(row.ID) == nil {
				n.Rows = append(n.Rows, nearRow{&row, stateOf(&row.Advice)})
			}
		}
		all = append(all, n)
	}
	return all
}

// stateOf says in a word how a row fares, as the program of the page does.
func stateOf(a *matrix.Advice) string {
	switch {
	case a.Affected:
		return "bad"
	case a.State == matrix.StateOK && len(a.Clean) > 0 && len(a.Unknown) == 0:
		return "good"
	default:
		return "open"
	}
}

// An exempt is releases in which no scenario can happen, for one reason.
type exempt struct {
	Module   string
	Versions []string
	Why      string
}

// exempts groups such releases by their module and the reason.
func exempts(releases []matrix.UnaffectedRelease) (all []exempt) {
	for _, u := range releases {
		i := slices.IndexFunc(all, func(e exempt) bool { return e.Module == u.Module && e.Why == u.Why })
		if i < 0 {
			i, all = len(all), append(all, exempt{Module: u.Module, Why: u.Why})
		}
		all[i].Versions = append(all[i].Versions, u.Version)
	}
	return all
}

// Span says in short which releases these are.
func (e exempt) Span() string {
	return matrix.Range{From: e.Versions[0], To: e.Versions[len(e.Versions)-1], Rows: len(e.Versions)}.String()
}

// All returns the versions, separated by blanks.
func (e exempt) All() string { return strings.Join(e.Versions, " ") }

// modulesOf returns the paths under which releases of the target are served, the present
// one first.
func modulesOf(g *matrix.Grid, pages []Near) []string {
	modules := []string{g.Target}
	add := func(path string) {
		if path = cmp.Or(path, g.Target); !slices.Contains(modules, path) {
			modules = append(modules, path)
		}
	}
	tables := []*matrix.Grid{g}
	for _, p := range pages {
		tables = append(tables, p.Table)
	}
	for _, table := range tables {
		for _, row := range table.Rows {
			if row.Source.IsRelease() {
				add(row.Source.Module)
			}
		}
	}
	for _, u := range g.Unaffected {
		add(u.Module)
	}
	return modules
}

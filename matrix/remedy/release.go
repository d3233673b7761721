package remedy

import (
	"cmp"
	"fmt"
	"go/version"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// A choice is a release that leaks less.
type choice struct {
	row    *matrix.GridRow
	remedy matrix.Remedy
	left   int // probes that count and still leak
}

// releases adds the fixes that build another release: the smallest step that helps, and
// the release that leaks least. Later releases come first; only if none of them helps
// is it an earlier one.
func (f *finder) releases() {
	same, moved := f.choices(f.path, 1), f.choices("", 1)
	if len(same) == 0 {
		same = f.choices(f.path, -1)
	}
	if len(same) > 0 {
		f.offer(same, f.upgrade)
	}
	if len(moved) > 0 && (len(same) == 0 || least(moved) < least(same)) {
		f.offer(moved, f.move)
	}
}

// least returns how many probes leak in the best of some releases.
func least(choices []choice) int {
	left := choices[0].left
	for _, c := range choices {
		left = min(left, c.left)
	}
	return left
}

// choices returns the releases of a module path that leak less than what is built: later
// ones by version if the direction is 1, earlier ones from the last if it is -1. An empty
// path means all other paths that the target was released under.
func (f *finder) choices(path string, direction int) (choices []choice) {
	for i := range f.Table.Rows {
		row := &f.Table.Rows[i]
		module, v := row.Source.Module, versionOf(row)
		switch {
		case len(row.Patches) > 0 || row.Server != "" || !f.kin(row):
		case row.Source.IsRelease() && matrix.IsPrerelease(v): // the version of a fork hardly ever is anything else
		case path != "" && module != path, path == "" && module == f.path:
		case direction*matrix.CompareVersions(v, f.version) <= 0:
		default:
			if r, left, ok := f.remedy(row); ok && f.permitted(row) {
				choices = append(choices, choice{row, r, left})
			}
		}
	}
	if direction < 0 {
		slices.Reverse(choices)
	}
	return choices
}

// versionOf returns the version of a row's module.
func versionOf(row *matrix.GridRow) string {
	if row.Source.Kind == matrix.SourceModule {
		return row.Source.Version
	}
	return row.Version()
}

// permitted reports whether a program can select a release. If not, the answer has the
// reason in its notes.
func (f *finder) permitted(row *matrix.GridRow) bool {
	path, v := row.Source.Module, versionOf(row)
	pass := func(format string, args ...any) bool {
		f.answer.note("%s", fmt.Sprintf("%s would %s, but ", v, f.leak().BaseLess())+fmt.Sprintf(format, args...))
		return false
	}
	// A replace line names what is built, whatever is excluded.
	if at, ok := f.files.excluded(path, v); ok && f.Use.Replaced == nil {
		return pass("%s:%d excludes it", relative(f.Cwd, at.File), at.Line)
	}
	if r, by := matrix.RetractionOf(f.GoMods, path, v); r != nil {
		if r.Why == "" {
			return pass("its authors have retracted it, in the go.mod of %s", by)
		}
		return pass("its authors have retracted it, in the go.mod of %s: %s", by, r.Why)
	}
	return true
}

// offer adds the smallest step and the best release.
func (f *finder) offer(choices []choice, plan func(choice) *Plan) {
	var g group
	stairs := f.stairs(choices)
	for _, c := range choices {
		p := plan(c)
		g.all = append(g.all, p)
		if slices.ContainsFunc(stairs, func(stair choice) bool { return stair.row == c.row }) {
			g.stairs = append(g.stairs, p)
		}
	}
	smallest, best := g.stairs[0], g.stairs[len(g.stairs)-1]
	smallest.Fix.Smallest, best.Fix.Best = true, true
	f.answer.add(smallest)
	f.answer.add(best)
	f.answer.groups = append(f.answer.groups, g)
}

// stairs returns the releases that leak less than all nearer ones. Of the patch releases
// of one minor version it takes the last that leaks no more.
func (f *finder) stairs(choices []choice) (stairs []choice) {
	for i, c := range choices {
		if len(stairs) > 0 && c.left >= stairs[len(stairs)-1].left {
			continue
		}
		for _, next := range choices[i+1:] {
			same := semver.MajorMinor(versionOf(next.row)) == semver.MajorMinor(versionOf(c.row))
			if same && next.left <= c.left && matrix.CompareVersions(versionOf(next.row), versionOf(c.row)) > 0 {
				c = next
			}
		}
		stairs = append(stairs, c)
	}
	return stairs
}

// upgrade returns the plan that builds another release of the same module path.
func (f *finder) upgrade(c choice) *Plan {
	path, v := c.row.Source.Module, versionOf(c.row)
	steps, edits := f.release(path, v)
	verb := "upgrade to"
	if matrix.CompareVersions(v, f.version) < 0 {
		verb = "go back to"
	}
	return &Plan{
		module: path, version: v, steps: steps, left: c.left, old: f.oldToolchain(c.row) != "",
		Fix: matrix.Fix{
			Name: v, Kind: matrix.FixUpgrade, Remedy: c.remedy,
			Title:    fmt.Sprintf("%s %s: %s", verb, v, f.effect(c.remedy)),
			Commands: commands(steps, f.Cwd), Edits: edits, Needs: f.needs(c.row),
		},
	}
}

// needs returns what else a release needs, as far as it is known without trying.
func (f *finder) needs(row *matrix.GridRow) []string {
	needs := []string{}
	pins := f.files.pins(f.Use.Module, f.Use.Required)
	line, known := f.goLineOf(row)
	switch {
	case !known:
		needs = append(needs, fmt.Sprintf("perhaps a newer go line: which one %s needs is not known here", versionOf(row)))
	case len(pins) > 0 && pins[0].work: // which leaves the go lines of the modules alone
		needs = append(needs, fmt.Sprintf("Go %s or later", cmp.Or(line, oldestGo)))
	default:
		needs = append(needs, f.newerGo(line)...)
	}
	return append(needs, f.needsOld(row)...)
}

// goLineOf returns the go line of a release or of a fork's version, empty if it has none.
// Known is false if nothing is known of its go.mod.
func (f *finder) goLineOf(row *matrix.GridRow) (line string, known bool) {
	if m := matrix.GoModOf(f.GoMods, row.Source.Module, versionOf(row)); m != nil {
		return m.Go, true
	}
	return row.Source.Go, row.Source.Go != ""
}

// newerGo says which go.mod files need a newer go line.
func (f *finder) newerGo(need string) (needs []string) {
	for _, mod := range f.files.mods {
		if line := goLine(mod.Go); olderGo(line, need) {
			needs = append(needs, fmt.Sprintf("go %s in %s, which says %s", need, relative(f.Cwd, mod.path), line))
		}
	}
	return needs
}

// needsOld says that a row may need an older Go, if it was measured with one.
func (f *finder) needsOld(row *matrix.GridRow) []string {
	if old := f.oldToolchain(row); old != "" {
		return []string{fmt.Sprintf("perhaps an older Go: %s was measured with %s, since it does not compile with every later one", versionOf(row), old)}
	}
	return nil
}

// oldToolchain returns what a row was built with, if that is not what the newest releases
// were built with.
func (f *finder) oldToolchain(row *matrix.GridRow) string {
	newest := ""
	for i := range f.Table.Rows {
		r := &f.Table.Rows[i]
		if r.Source.Kind == matrix.SourceToolchain {
			continue // whoever ran it asked for its toolchain
		}
		if newest == "" || version.Compare(r.Toolchain, newest) > 0 {
			newest = r.Toolchain
		}
	}
	if row.Toolchain == "" || version.Compare(row.Toolchain, newest) >= 0 {
		return ""
	}
	return row.Toolchain
}

// oldestGo is what a go.mod without a go line is for.
const oldestGo = "1.16"

// olderGo reports whether a go line is older than what is needed.
func olderGo(line, need string) bool { return version.Compare("go"+line, "go"+need) < 0 }

// goLine returns what a go line says.
func goLine(line *modfile.Go) string {
	if line == nil {
		return oldestGo
	}
	return line.Version
}

func moduleVersion(path, v string) module.Version { return module.Version{Path: path, Version: v} }

// flagOf returns one side of a replace line for a flag: PATH@VERSION, or PATH.
func flagOf(m module.Version) string {
	if m.Version == "" {
		return m.Path
	}
	return m.Path + "@" + m.Version
}

// arrow returns a replace line without its keyword.
func arrow(r *modfile.Replace) string {
	side := func(m module.Version) string {
		s := modfile.AutoQuote(m.Path)
		if m.Version != "" {
			s += " " + m.Version
		}
		return s
	}
	return side(r.Old) + " => " + side(r.New)
}

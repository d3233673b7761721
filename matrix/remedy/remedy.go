// Package remedy finds changes of a program after which it builds something that leaks
// less, tries them in a copy, and applies one.
//
// A change is a list of commands, as a developer would type them. [Find] makes it from
// the files of the program and from what is known of the releases, without the go
// command and without network. [Trier.Try] runs the same commands in a copy of the
// program, compiles the program before and after, and says what else changes.
// [Trier.Write] does that too, and then puts the changed files in the place of the
// user's.
//
// What decides about the version that is built must change: a replace line that pins
// the release is edited, in the go.work if that has it, since a later require line would
// have no effect. A release is no remedy if the program excludes it, or if its authors
// have retracted it.
package remedy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Question asks for the remedies of one use of the target.
type Question struct {
	Program *matrix.Program
	Use     *matrix.Use           // with its Advice; its Reach decides which probes count
	Table   *matrix.Grid          // that has the row of what is built, and those that can be steps
	GoMods  []matrix.ReleaseGoMod // what is known of the releases; it may be of some only
	Suite   string                // as a command line of matrixrun fork names it; empty for the default suite
	Cwd     string                // absolute: the folder in which the commands will be typed
}

// An Answer has the remedies of one use.
type Answer struct {
	Plans []*Plan  // the most helpful first
	Notes []string // which releases leak less and are not offered, and what was not looked at, a sentence each

	groups []group
	others []*Plan // that help too, and are not offered
	finder *finder
}

// note adds a sentence to the notes, once.
func (a *Answer) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(a.Notes, text) {
		a.Notes = append(a.Notes, text)
	}
}

// A Plan is a fix that can be tried and applied.
type Plan struct {
	Fix matrix.Fix

	module, version string // what is built for the target then; the version is empty for a fork
	left            int    // probes that count and still leak
	old             bool   // what is built then was measured with an older Go than the newest releases
	steps           []step
	applied         bool // the steps worked in a copy, and the target is built as they promise
}

// Fixes returns the fixes of an answer.
func (a *Answer) Fixes() []matrix.Fix {
	fixes := make([]matrix.Fix, len(a.Plans))
	for i, p := range a.Plans {
		fixes[i] = p.Fix
	}
	return fixes
}

// A finder answers a question.
type finder struct {
	Question
	files   *files
	path    string   // of what is built
	version string   // of the release or fork that is built, whatever it is labelled
	copy    string   // PATH@VERSION if it is a module with the files of a release, by another path
	leaks   []string // the probes that leak and count
	answer  Answer

	imported map[string]map[string][]matrix.Position // by folder: import paths of the target, with the lines
}

// Find returns the remedies of a use, none if nothing leaks there or if the results do
// not have it. The error is about a file of the program that cannot be read.
func Find(q Question) (*Answer, error) {
	f := &finder{Question: q, imported: map[string]map[string][]matrix.Position{}}
	advice := q.Use.Advice
	if advice == nil || advice.State != matrix.StateOK || !advice.Affected {
		return &Answer{finder: f}, nil
	}
	var err error
	if f.files, err = load(q.Program); err != nil {
		return nil, err
	}
	f.path, f.version = q.Use.Module, advice.Version
	if _, version, ok := strings.Cut(advice.Version, "@"); ok {
		f.version = version
	}
	if r := q.Use.Replaced; r != nil && f.measured(r.Path) {
		f.path = r.Path
	}
	f.leaks = f.counted(advice.Leaks)
	switch l := q.Use.Likeness; {
	case f.isMain(): // the go command puts nothing in its place
		return &Answer{finder: f}, nil
	case f.measured(f.path):
		f.releases()
	case l != nil && l.Dir == "" && q.Use.Replaced == nil && q.Use.Required != "":
		f.copy = q.Use.Module + "@" + q.Use.Required // in whose place no release can be
	default:
		return &Answer{finder: f}, nil
	}
	f.fork()
	f.parents()
	if len(f.files.mods) == 0 {
		for _, p := range f.answer.Plans {
			p.Fix.Needs = append([]string{"the folder with the program's go.mod, to run the commands in"}, p.Fix.Needs...)
		}
	}
	a := f.answer
	a.finder = f
	slices.SortStableFunc(a.Plans, func(a, b *Plan) int { return rank(a) - rank(b) })
	return &a, nil
}

// isMain reports whether what is built is a main module, a checkout of the target. A module
// that is named by its version is one only as long as it is looked at.
func (f *finder) isMain() bool {
	return f.Program.Input.Kind != matrix.InputVersion && slices.ContainsFunc(f.Program.Modules, func(m matrix.BuiltModule) bool { return m.Main && m.Path == f.Use.Module })
}

// measured reports whether the table has rows of what a module path serves.
func (f *finder) measured(path string) bool {
	return slices.ContainsFunc(f.Table.Rows, func(row matrix.GridRow) bool { return f.kin(&row) && row.Source.Module == path })
}

// kin reports whether a row can be a step from what is built. From a release, another
// release can; from somebody's fork, another version of it.
func (f *finder) kin(row *matrix.GridRow) bool {
	built := matrix.ParseRowID(f.Use.Advice.Row)
	if built.IsRelease() {
		return row.Source.IsRelease()
	}
	path, _, _ := strings.Cut(built.Version, "@")
	return row.Source.Kind == matrix.SourceModule && row.Source.Module == path
}

// rank orders plans: the smallest step first, what changes imports behind that, and last
// what the newest Go does not compile.
func rank(p *Plan) (place int) {
	if p.old {
		place = 10
	}
	switch {
	case p.moves():
		return place + 4
	case p.Fix.Smallest:
		return place
	case p.Fix.Kind == matrix.FixUpgrade:
		return place + 1
	case p.Fix.Kind == matrix.FixParent:
		return place + 2
	default:
		return place + 3
	}
}

// counted returns the probes that count: those that the program may reach. If it reaches
// none of those that leak in what is built, all count: then somebody asks what would
// help all the same.
func (f *finder) counted(probes []string) []string {
	all := !slices.ContainsFunc(f.Use.Advice.Leaks, f.mayReach)
	var counted []string
	for _, name := range probes {
		if all || f.mayReach(name) {
			counted = append(counted, name)
		}
	}
	return counted
}

// mayReach reports whether the program gets to a probe, or whether that is unknown.
func (f *finder) mayReach(probe string) bool {
	return !slices.ContainsFunc(f.Use.Reach, func(r matrix.Reach) bool { return r.Scenario == probe && r.State == matrix.NotReached })
}

// adviceOn returns the advice on a row for this program. If the toolchain decides how the
// program fares, that is about the row which its own toolchain compiled; nil if there is no
// such row.
func (f *finder) adviceOn(row *matrix.GridRow) *matrix.Advice {
	switch own := f.Use.Toolchain; {
	case own == "":
		return &row.Advice
	case own == row.Toolchain && row.AsBuilt != nil:
		return row.AsBuilt
	case own == row.Toolchain:
		return &row.Advice
	default:
		id := matrix.RowID{Version: matrix.WithToolchain(row.Source.Version, own), Patches: row.PatchNames()}
		if built := f.Table.Row(id.String()); built != nil {
			return &built.Advice
		}
		return nil
	}
}

// remedy returns what a row does about the leaks of what is built, and how many probes
// that count still leak. It is no remedy unless fewer do, and unless those that no longer
// do are known to be clean.
func (f *finder) remedy(row *matrix.GridRow) (r matrix.Remedy, left int, ok bool) {
	advice := f.adviceOn(row)
	if advice == nil {
		return r, 0, false
	}
	leaks := f.counted(advice.Leaks)
	r = matrix.Remedy{Row: row.ID, Patches: row.PatchNames(), Cures: []string{}, Leaves: []string{}, Brings: []string{}}
	for _, name := range f.Use.Advice.Leaks {
		switch {
		case slices.Contains(advice.Leaks, name):
			r.Leaves = append(r.Leaves, name)
		case slices.Contains(advice.Clean, name):
			r.Cures = append(r.Cures, name)
		case slices.Contains(f.leaks, name):
			return r, 0, false
		}
	}
	for _, name := range advice.Leaks {
		if !slices.Contains(f.Use.Advice.Leaks, name) {
			r.Brings = append(r.Brings, name)
		}
	}
	return r, len(leaks), advice.State == matrix.StateOK && len(leaks) < len(f.leaks)
}

// effect says what a remedy does, for the end of a title.
func (f *finder) effect(r matrix.Remedy) string {
	leak := f.leak()
	if len(r.Leaves)+len(r.Brings) == 0 {
		if n := f.unknownIn(r.Row); n > 0 {
			return fmt.Sprintf("nothing %s with it, and nothing is known of %s", leak.One, text.Count(n, "probe"))
		}
		return fmt.Sprintf("nothing %s with it", leak.One)
	}
	stay, others := f.counted(r.Leaves), f.counted(r.Brings)
	if len(stay)+len(others) == 0 {
		return fmt.Sprintf("nothing %s with it where the program goes", leak.One)
	}
	does := fmt.Sprintf("%d of the %d probes that %s still %s", len(stay), len(f.leaks), leak.Many, leak.Do(2))
	if n := len(others); n > 0 {
		does += fmt.Sprintf(", and %s %s as well", text.List(others), leak.Verb(n))
	}
	return does
}

// unknownIn returns how many probes that count are not known in a row.
func (f *finder) unknownIn(id string) int {
	row := f.Table.Row(id)
	if row == nil {
		return 0
	}
	advice := f.adviceOn(row)
	if advice == nil {
		return 0
	}
	return len(f.counted(advice.Unknown))
}

// leak returns what is said of a leak, in the words of the suite.
func (f *finder) leak() matrix.Phrase { return f.Table.Words.Leak }

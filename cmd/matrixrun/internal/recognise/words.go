package recognise

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// maxNamed is how many releases are named that some code is equally near to.
const maxNamed = 4

// unknown completes the use of code that no row of the results answers for.
func (r *recogniser) unknown(u *matrix.Use, m *matrix.BuiltModule, f content.Finding, made verdict) {
	u.Next = r.next(m, f, made)
	u.Base = r.base(f.Likeness, made)
	if made.id != "" {
		u.Unknown = fmt.Sprintf("it is %s, made by `matrixrun fork`, and not in the results", made.id)
		return
	}
	what := "it has code of " + r.target.Module
	_, version := m.Built()
	switch {
	case r.missing(m):
		what = version + " is not in the results"
	case !f.Named && f.Likeness.Dir != "":
		what = fmt.Sprintf("its folder %s has code of %s", f.Likeness.Dir, r.target.Module)
	case f.Named && len(f.Likeness.Nearest) == 0:
		what = fmt.Sprintf("it is built in place of %s, and has none of its code", r.target.Module)
	case f.Named:
		what = fmt.Sprintf("it is built in place of %s", r.target.Module)
	}
	u.Unknown = what
	if len(f.Likeness.Nearest) > 0 {
		u.Unknown += fmt.Sprintf(": %s", Likeness(f.Likeness))
		if named := r.labelled(*u); f.Named && named != "" {
			u.Unknown += fmt.Sprintf(" (it is labelled %s)", named)
		}
	}
	switch {
	case slices.ContainsFunc(f.Likeness.Nearest, func(n matrix.Nearness) bool { return n.Exact }):
		u.Unknown += "; nothing tells which of these it is, and their answers differ"
	case !r.missing(m):
		u.Unknown += "; it was not measured"
	}
	if made.why != "" {
		u.Unknown += "; " + made.why
	}
}

// missing reports whether a module is a version of the target that the results do not
// have.
func (r *recogniser) missing(m *matrix.BuiltModule) bool {
	path, version := m.Built()
	return r.target.Has(path) && version != "" && !m.Vendored && r.table.Row(version) == nil && !fork.IsVersion(version)
}

// base returns how the releases fare that some code is nearest to.
func (r *recogniser) base(l matrix.Likeness, made verdict) []matrix.Advice {
	base := []matrix.Advice{}
	versions := versionsOf(l)
	if made.id != "" {
		versions = []string{matrix.ParseRowID(made.id).Version}
	}
	for _, version := range versions {
		if row := r.table.Row(version); row != nil && len(base) < maxNamed {
			base = append(base, row.Advice)
		}
	}
	return base
}

// newest returns the newest release in the results that the go command can select for a
// module path. It returns nil if the go command can select none of them.
func (r *recogniser) newest(path string) (newest *matrix.GridRow) {
	known := r.GoMods()
	for i := range r.table.Rows {
		row := &r.table.Rows[i]
		v := row.Version()
		excluded := slices.ContainsFunc(r.excludes, func(x matrix.Exclusion) bool { return x.Path == path && x.Version == v })
		if !row.Source.IsRelease() || row.Source.Module != path || row.ID != v || excluded || matrix.IsPrerelease(v) {
			continue
		}
		retracted, _ := matrix.RetractionOf(known, path, v)
		if retracted == nil && (newest == nil || matrix.CompareVersions(v, newest.Version()) > 0) {
			newest = row
		}
	}
	return newest
}

// measure returns what to do about a version that the results do not have. No run measures a
// release from before the API that the suite is about.
func (r *recogniser) measure(path, version string) string {
	if suite, err := r.Suite(); err == nil && !suite.Releases.Admits(version) {
		return fmt.Sprintf("`go list -m -versions %s` lists the releases", path)
	}
	return fmt.Sprintf("`%s --only %s` finds it out", r.Run(), version)
}

// next returns what to do to find out.
func (r *recogniser) next(m *matrix.BuiltModule, f content.Finding, made verdict) string {
	id := matrix.ParseRowID(made.id)
	switch path, version := m.Built(); {
	case made.id != "":
		command := r.Run() + " --only " + id.Version
		for _, name := range id.Patches {
			command += " --patch " + name
		}
		return "`" + command + "` finds it out"
	case m.Vendored && r.target.Has(path) && version != "" && r.table.Row(version) != nil:
		return fmt.Sprintf("`go mod vendor` writes %s anew, which the results have", version)
	case r.missing(m):
		return r.measure(path, version)
	case len(f.Likeness.Nearest) > 0 && f.Likeness.Dir == "" && version == "": // and no folder of another module
		return "`" + r.Run() + " --source DIR`, with the folder of its go.mod, finds it out"
	case len(f.Likeness.Nearest) > 0 && f.Likeness.Dir == "" && !r.target.Has(path):
		return fmt.Sprintf("`%s --module %s@%s` finds it out", r.Run(), path, version)
	}
	return ""
}

// measuredNote says how it is known what a fork is.
func measuredNote(l matrix.Likeness) string {
	return "it is a fork that was measured itself: " + Likeness(l)
}

func versionsOf(l matrix.Likeness) (versions []string) {
	for _, n := range l.Nearest {
		versions = append(versions, n.Version)
	}
	return versions
}

// Likeness returns a likeness as a clause, such as "183 of its 222 files are those of
// v0.61.0". If hardly any file is equal, it counts functions.
func Likeness(l matrix.Likeness) string {
	if len(l.Nearest) == 0 {
		return "none of its files is that of a release"
	}
	versions := text.Some(versionsOf(l), maxNamed)
	most := slices.MaxFunc(l.Nearest, func(a, b matrix.Nearness) int { return a.Equal - b.Equal })
	equal := fmt.Sprintf("%d of its %s %s %s", most.Equal, text.Count(l.Files, "file"), areThose(most.Equal), versions)
	if most.Equal == l.Files {
		equal = fmt.Sprintf("its %s %s %s", text.Count(l.Files, "file"), areThose(l.Files), versions)
	}
	if most.Equal*2 >= l.Files {
		return equal
	}
	shared := slices.MaxFunc(l.Nearest, func(a, b matrix.Nearness) int { return a.Functions - b.Functions }).Functions
	return fmt.Sprintf("%s, and %d of its %s", equal, shared, text.Count(l.Functions, "longer function"))
}

// areThose joins files to the releases that have them.
func areThose(files int) string {
	if files == 1 {
		return "is that of"
	}
	return "are those of"
}

// Package recognise finds the code of a suite's target in the modules of a program, and
// says which row of the results answers for it: by the version of a release, by content,
// or by the patches of a fork that matrixrun made. What no row answers for, it describes.
package recognise

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Sources are what code is compared with.
type Sources struct {
	Results *matrix.Results
	Index   *content.Index // of the results' suite; nil if it has none
	Cache   string         // folder of the go command's module cache; empty if there is none
	Memory  content.Memory // of the folders there; nil keeps nothing

	// Patches are those from which forks can have been made, by name.
	Patches map[string]*matrix.Patch

	// Suite returns the suite that the results are about.
	Suite func() (*matrix.Spec, error)

	// Forks returns results that have the row of a fork, or nil. It is called for modules
	// that Results do not have.
	Forks func(row string) (*matrix.Results, error)

	suite      string                     // as a command line has to name it; empty for the default one
	unaffected []matrix.UnaffectedRelease // see unaffectedRelease

	tabled sync.Once
	table  *matrix.Grid // of the results, made when it is needed
	forks  *matrix.Grid // of the forks, likewise
}

// A Seen is what was found out about the folders of one program. It is asked by one suite
// at a time. The zero value has seen nothing.
type Seen struct {
	code content.Seen
	sums map[string]string // checksums of folders
}

// Run returns the command that measures something in the suite, without its flags.
func (s *Sources) Run() string { return strings.TrimSpace("matrixrun run " + s.suite) }

// Table returns the results as a table.
func (s *Sources) Table() *matrix.Grid {
	s.tabled.Do(func() { s.table = grid.New(s.Results) })
	return s.table
}

// PathOf returns the module path that serves a version of the target: the present one if the
// version is not known.
func (s *Sources) PathOf(version string) (path string, known bool) {
	for _, path := range s.Target().Paths() {
		if _, known := s.locked(path, version); known {
			return path, true
		}
	}
	return s.Results.Target, false
}

// Row returns the row that answers for a use of which nothing is unknown; nil if there is
// none.
func (s *Sources) Row(u *matrix.Use) *matrix.GridRow {
	row := s.Table().Row(cmp.Or(u.Fork, u.Version))
	path, version := u.Built()
	if row == nil && u.Fork != "" {
		row, _ = s.forkRow(u.Fork)
		return row
	}
	if row == nil || u.Fork == "" && !s.Target().Has(path) { // a fork may have the version of a release
		if fork, _ := s.forkRow(path + "@" + version); fork != nil { // recognise has seen the error
			return fork
		}
	}
	return row
}

// forkRow returns the row of a fork by its ID, or nil.
func (s *Sources) forkRow(id string) (*matrix.GridRow, error) {
	if row := s.Table().Row(id); row != nil || s.Forks == nil {
		return row, nil
	}
	if s.forks == nil {
		results, err := s.Forks(id)
		if err != nil || results == nil {
			return nil, err
		}
		s.forks = grid.New(results)
	}
	return s.forks.Row(id), nil
}

// TableOf returns the table that has the row which answers for a use: that of the forks, or
// else that of the results.
func (s *Sources) TableOf(u *matrix.Use) *matrix.Grid {
	if u.Advice != nil && s.forks != nil && s.Table().Row(u.Advice.Row) == nil {
		return s.forks
	}
	return s.Table()
}

// GoMods returns what is known of the go.mod files of the releases, from the index.
func (s *Sources) GoMods() []matrix.ReleaseGoMod {
	if s.Index == nil {
		return nil
	}
	modules := make(map[string]string)
	for i := range s.Results.Rows {
		if row := &s.Results.Rows[i]; row.Source.IsRelease() {
			modules[row.Version()] = row.Source.Module
		}
	}
	return s.Index.GoMods(func(version string) string { return cmp.Or(modules[version], s.Results.Target) })
}

// Target returns the target of the results, with the paths that its releases had.
func (s *Sources) Target() matrix.Target { return targetOf(s.Results) }

// Unaffected returns why no scenario can happen in a release of the target; empty if one
// can, or if the lock of the suite has no such release, as nothing proves what that is.
func (s *Sources) Unaffected(version string) string { return s.unaffectedRelease(version).Why }

// unaffectedRelease returns a release in which no scenario can happen; the zero value if one
// can, or if the release is not known. Results from before they had these have those of the
// suite.
func (s *Sources) unaffectedRelease(version string) matrix.UnaffectedRelease {
	if s.unaffected == nil {
		s.unaffected = append([]matrix.UnaffectedRelease{}, s.Results.Unaffected...)
		if len(s.unaffected) == 0 {
			if suite, err := s.Suite(); err == nil {
				s.unaffected = append(s.unaffected, suite.UnaffectedReleases()...)
			}
		}
	}
	at := slices.IndexFunc(s.unaffected, func(u matrix.UnaffectedRelease) bool { return u.Version == version })
	if at < 0 {
		return matrix.UnaffectedRelease{}
	}
	return s.unaffected[at]
}

// New returns what code is compared with for results of a suite, as a command line names
// it: the index of the suite, and the patches that are known in the working folder. A
// patch that cannot be read is not known.
func New(ctx context.Context, suite string, results *matrix.Results) (*Sources, error) {
	index, err := find.Index(suite)
	if err != nil {
		return nil, err
	}
	s := &Sources{Results: results, Index: index, Cache: content.ModuleCache(), Patches: map[string]*matrix.Patch{}}
	switch {
	case suite == find.SuiteName(nil): // what commands here mean
	case find.IsSuite(suite):
		s.suite = text.Quote(suite)
	default: // results only have its name
		s.suite = "SUITE"
	}
	go s.Table() // while the program is read
	s.Suite = sync.OnceValues(func() (*matrix.Spec, error) { return find.Suite([]string{suite}) })
	for _, name := range find.PatchesFor([]string{suite}) {
		if p, err := find.Patch(ctx, name, spec.Found); err == nil {
			s.Patches[name] = p
		}
	}
	return s, nil
}

// Uses returns a use for each piece of the target's code in a program, in the order of the
// modules. A use that a row of the results can answer for has the row's ID as Fork, or the
// row's release as Version. Any other one says in Unknown why there is no answer.
//
// Unseen are the other modules whose code could not be looked at. Seen is what other suites
// found out about the same program, to which Uses adds.
func (s *Sources) Uses(ctx context.Context, p *matrix.Program, seen *Seen) (uses []matrix.Use, unseen []matrix.Unseen, err error) {
	r := &recogniser{Sources: s, excludes: p.Excludes, target: targetOf(s.Results), table: s.Table(), seen: seen}
	found, unseen, err := s.look(ctx, p, r)
	if err != nil {
		return nil, nil, err
	}
	for i := range p.Modules {
		m := &p.Modules[i]
		path, version := m.Built()
		at := slices.IndexFunc(unseen, func(u matrix.Unseen) bool { return u.Module == path && u.Version == version })
		copies := slices.DeleteFunc(slices.Clone(found), func(f content.Finding) bool { return f.Module != i })
		if r.isRelease(m) {
			uses = append(uses, use(m))
			continue
		}
		if at >= 0 {
			u, ok, err := r.uncompared(m, unseen[at].Why)
			if err != nil {
				return nil, nil, err
			}
			if ok {
				uses, unseen = append(uses, u), slices.Delete(unseen, at, at+1)
			}
		}
		for _, f := range copies {
			u, err := r.recognise(ctx, m, f)
			if err != nil {
				return nil, nil, fmt.Errorf("finding out what the code of %s is: %w", path, err)
			}
			uses = append(uses, u)
		}
	}
	return uses, unseen, nil
}

// look compares the code of all modules. Without an index, nothing is known of any.
func (s *Sources) look(ctx context.Context, p *matrix.Program, r *recogniser) ([]content.Finding, []matrix.Unseen, error) {
	if s.Index != nil {
		return s.Index.Modules(ctx, p, content.Look{Target: r.target, Cache: s.Cache, Known: r.isRelease, Memory: s.Memory, Seen: &r.seen.code})
	}
	var unseen []matrix.Unseen
	for i := range p.Modules {
		if m := &p.Modules[i]; !r.isRelease(m) {
			path, version := m.Built()
			unseen = append(unseen, matrix.Unseen{Module: path, Version: version, Why: "the suite " + s.Results.Suite + " has no " + content.FileName + " to compare its code with"})
		}
	}
	return nil, unseen, nil
}

// targetOf returns the target of results.
func targetOf(results *matrix.Results) matrix.Target {
	t := matrix.Target{Module: results.Target}
	for i := range results.Rows {
		if src := &results.Rows[i].Source; src.IsRelease() && src.Module != "" && !t.Has(src.Module) {
			t.Former = append(t.Former, matrix.Former{Module: src.Module})
		}
	}
	return t
}

// A recogniser answers for the modules of one program.
type recogniser struct {
	*Sources
	excludes []matrix.Exclusion
	target   matrix.Target
	table    *matrix.Grid
	seen     *Seen
}

// named reports whether a module has the target's path, or replaces one that has.
func (r *recogniser) named(m *matrix.BuiltModule) bool {
	path, _ := m.Built()
	return r.target.Has(m.Path) || r.target.Has(path)
}

// isRelease reports whether a module is a release of the target by its version: one of the
// results, or one in which no scenario can happen. The go command checks a version against
// its checksum when it downloads it, so where the folder of the module is here, its checksum
// must still be that. Nothing checks a vendor folder.
func (r *recogniser) isRelease(m *matrix.BuiltModule) bool {
	path, version := m.Built()
	if !r.target.Has(path) || version == "" || m.Main || m.Vendored {
		return false
	}
	sum, known := r.locked(path, version)
	return known && (m.Sum == "" || sum == "" || m.Sum == sum) && r.unchanged(m, cmp.Or(sum, m.Sum))
}

// locked returns the checksum of a release of the target, if it is known which release that
// is.
func (s *Sources) locked(path, version string) (sum string, known bool) {
	for i := range s.Results.Rows {
		if src := s.Results.Rows[i].Source; src.Version == version && src.Module == path {
			return src.Sum, true
		}
	}
	u := s.unaffectedRelease(version)
	return u.Sum, u.Why != "" && u.Module == path
}

// measured reports whether a module is a version of a fork that has a row of its own, with
// the checksum there. As with releases, nothing checks a vendor folder. Nor does anything
// check the version of a main module, unless its checksum or its folder is known.
func (r *recogniser) measured(m *matrix.BuiltModule, l matrix.Likeness) (bool, error) {
	path, version := m.Built()
	if version == "" || m.Main && m.Sum == "" && m.Dir == "" || m.Vendored || l.Dir != "" {
		return false, nil
	}
	row, err := r.forkRow(path + "@" + version)
	if err != nil || row == nil {
		return false, err
	}
	return (m.Sum == "" || m.Sum == row.Source.Sum) && r.unchanged(m, row.Source.Sum), nil
}

// unchanged reports whether the folder of a module, if it is here, has a checksum.
func (r *recogniser) unchanged(m *matrix.BuiltModule, sum string) bool {
	if m.Dir == "" || sum == "" {
		return true
	}
	path, version := m.Built()
	return r.seen.sum(m.Dir, func() string { return content.KnownSum(r.Memory, r.Cache, m.Dir, path, version) }) == sum
}

// sum returns the checksum of a folder, which find computes.
func (s *Seen) sum(dir string, find func() string) string {
	if s.sums == nil {
		s.sums = make(map[string]string)
	}
	if s.sums[dir] == "" {
		s.sums[dir] = find()
	}
	return s.sums[dir]
}

// use returns the use of a module, as its require and replace lines have it.
func use(m *matrix.BuiltModule) matrix.Use {
	u := matrix.Use{Module: m.Path, Required: m.Version, Replaced: m.Replaced, Indirect: m.Indirect, Parents: m.Parents, Where: m.Where.String(), Position: m.Where}
	_, u.Version = m.Built()
	return u
}

// uncompared returns the use of a module whose code is not here: a fork that was measured,
// or what is in the target's place. It is not ok for any other module.
func (r *recogniser) uncompared(m *matrix.BuiltModule, why string) (u matrix.Use, ok bool, err error) {
	measured, err := r.measured(m, matrix.Likeness{})
	switch {
	case err != nil:
		return u, false, err
	case measured:
		u = use(m)
		u.Note = "by its version, it is a fork that was measured itself"
		return u, true, nil
	default:
		return r.unread(m, why), r.named(m), nil
	}
}

// unread returns the use of a module in the target's place whose code is not here.
func (r *recogniser) unread(m *matrix.BuiltModule, why string) matrix.Use {
	u := use(m)
	u.Unknown = fmt.Sprintf("it is built in place of %s, and %s", r.target.Module, why)
	if _, version := m.Built(); version == "" && m.Replaced == nil && !m.Main {
		u.Unknown = why // nothing says which release it is
		if newest := r.newest(m.Path); newest != nil {
			u.Base = []matrix.Advice{newest.Advice}
			u.Next = fmt.Sprintf("`go mod tidy` selects the newest release that is neither excluded nor retracted: of those in the results, %s", newest.ID)
		}
	}
	if path, version := m.Built(); r.target.Has(path) && version != "" {
		u.Unknown = fmt.Sprintf("%s is not in the results; %s; and %s", version, grid.Around(r.table, version), why)
		u.Next = r.measure(path, version)
		if fork.IsVersion(version) {
			u.Unknown = fmt.Sprintf("by its version, `matrixrun fork` made it, and %s", why)
			u.Next = "`go mod download` fetches it, if GOPROXY has the folder with the fork"
		}
	}
	return u
}

// recognise returns the use of code that was compared with the releases.
func (r *recogniser) recognise(ctx context.Context, m *matrix.BuiltModule, f content.Finding) (matrix.Use, error) {
	u := use(m)
	u.Likeness = &f.Likeness
	if !f.Named {
		u.Version = ""
	}
	made, err := r.fork(ctx, m, f.Likeness)
	if err != nil {
		return u, err
	}
	switch row := matrix.ParseRowID(made.row); {
	case made.row == "":
	case !row.IsRelease() && len(row.Patches) == 0: // in a vendor folder
		_, u.Version = m.Built()
		u.Note = measuredNote(f.Likeness)
		return u, nil
	default:
		u.Fork = made.row
		return u, nil
	}
	if release, ok := r.release(m, f.Likeness); ok {
		return r.sameAs(u, release, f), nil
	}
	if ok, err := r.measured(m, f.Likeness); ok || err != nil {
		_, u.Version = m.Built()
		u.Note = measuredNote(f.Likeness)
		return u, err
	}
	r.unknown(&u, m, f, made)
	return u, nil
}

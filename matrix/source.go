package matrix

import (
	"cmp"
	"go/version"
	"slices"
	"strings"
	"time"
)

// A Release is a state of the target that rows are built from. Most are a line of
// releases.lock: a version of the target, the module path under which it is served,
// and the checksum that its zip must have.
type Release struct {
	Version string    // with its leading v; for a folder or a commit, that of the zip made from it
	Module  string    // the target's path, a former one, or that of a fork
	Sum     string    // "h1:...", see golang.org/x/mod/sumdb/dirhash; empty if the lock does not have the release
	Time    time.Time // of the version, in UTC; zero if unknown

	Origin *Origin // nil for a release of the target

	// Toolchain is another Go release than the rules of the suite choose, which compiles
	// this release for rows of its own; empty for that of the rules. See SourceToolchain.
	Toolchain string
}

// A SourceKind says what the target of a row is.
type SourceKind string

// The kinds of sources.
const (
	SourceRelease SourceKind = "release" // a version of the target

	// SourceToolchain is a version of the target that another Go release compiles than the
	// rules of the suite choose. What such a row shows holds for that Go release alone. So
	// it is not the row of a release: it is in no range, and nothing that is said of
	// releases as such counts it.
	SourceToolchain SourceKind = "toolchain"

	SourceModule SourceKind = "module" // a version of another module: a fork
	SourceDir    SourceKind = "dir"    // a folder, as it was when it was read
	SourceRef    SourceKind = "ref"    // a commit of a clone
)

// SourceKinds returns all kinds of sources.
func SourceKinds() []SourceKind {
	return []SourceKind{SourceRelease, SourceToolchain, SourceModule, SourceDir, SourceRef}
}

// An Origin describes a state of the target that is not a release: a fork, a folder
// or a commit. The rules of a suite and the variants of patches are for ranges of
// releases, so those of the nearest release apply to it.
type Origin struct {
	Kind SourceKind
	Name string // of its rows, see RowID
	Path string // module path in its go.mod, and in its imports
	Zip  string // path of the module zip that was made of it; empty if the module proxy has it
	Ref  string // what the user called the commit, and its full hash
	Go   string // version in the go line of its go.mod; empty without one

	Submodules []string // folders of git submodules whose files it does not have, and that none of its packages needs

	Missing string // why there is no source, if that was found out already; the row is unavailable then

	Likeness *Likeness // the nearest releases by content; nil if there is nothing to compare with
	Ancestor string    // the newest release in the history of a commit or a checkout, if Likeness does not name one release; empty if unknown
	As       string    // the release that the user named as the nearest; empty to use Likeness and Ancestor
}

// IsRelease reports whether it is a release of the target as the rules of the suite
// compile it.
func (r *Release) IsRelease() bool { return r.Origin == nil && r.Toolchain == "" }

// Name returns what the rows of a release are called: its version, with the toolchain if
// the rules of the suite choose another one, or the name of its origin.
func (r *Release) Name() string {
	if r.Origin != nil {
		return r.Origin.Name
	}
	return WithToolchain(r.Version, r.Toolchain)
}

// Base returns the release whose rules apply: r itself, or the release that the user
// named for r, or the nearest one. It is empty if none is known.
func (r *Release) Base() string {
	if r.Origin == nil {
		return r.Version
	}
	return cmp.Or(r.Origin.As, r.Origin.Likeness.base(r.Origin.Ancestor))
}

// Path returns the module path that the go.mod and the imports of a release have.
func (r *Release) Path() string {
	if r.Origin != nil {
		return r.Origin.Path
	}
	return r.Module
}

// Result returns what the results say of a release. Rehomed says whether a row gives
// it another path.
func (r *Release) Result(rehomed bool) SourceResult {
	s := SourceResult{Kind: SourceRelease, Version: r.Version, Module: r.Module, Sum: r.Sum, Time: r.Time, Rehomed: rehomed}
	if r.Toolchain != "" {
		s.Kind, s.Toolchain = SourceToolchain, r.Toolchain
	}
	if o := r.Origin; o != nil {
		s.Kind, s.Ref, s.Go, s.Likeness, s.Ancestor, s.As, s.Submodules = o.Kind, o.Ref, o.Go, o.Likeness, o.Ancestor, o.As, o.Submodules
		if o.Kind != SourceModule {
			s.Version = o.Name
		}
		if o.Path != r.Module {
			s.Path = o.Path
		}
	}
	return s
}

// CompareReleases orders releases for a table, as the function argument of
// slices.SortFunc: by version, and what is no release after the release that it is
// nearest to.
func CompareReleases(a, b Release) int {
	left, right := a.Result(false), b.Result(false)
	return left.compare(&right)
}

// compare compares the places of two targets in a table, see CompareReleases. After a
// release comes what other toolchains make of it, then forks, then folders, then commits:
// these in the order in which they were made, the others by their names.
func (s *SourceResult) compare(with *SourceResult) int {
	order := cmp.Or(CompareVersions(s.Base(), with.Base()), s.rank()-with.rank())
	switch {
	case order != 0 || s.IsRelease():
		return order
	case s.Kind == SourceToolchain:
		return version.Compare(s.Toolchain, with.Toolchain)
	case s.Kind == SourceRef:
		return cmp.Or(s.Time.Compare(with.Time), strings.Compare(s.Name(), with.Name()))
	default:
		return strings.Compare(s.Name(), with.Name())
	}
}

// rank returns the place of a kind of targets among those that are near to one release.
func (s *SourceResult) rank() int {
	return slices.Index(SourceKinds(), cmp.Or(s.Kind, SourceRelease))
}

// Decides reports whether content alone tells which release is nearest.
func (l *Likeness) Decides() bool { return l != nil && len(l.Nearest) == 1 }

// base returns the nearest release, or "". If content does not tell several apart, it is
// the newest of them that is not newer than the newest release in the target's history,
// or the oldest if all are newer. Without a history it is the newest.
func (l *Likeness) base(ancestor string) string {
	if l == nil || len(l.Nearest) == 0 {
		return ancestor
	}
	for _, n := range slices.Backward(l.Nearest) {
		if ancestor == "" || CompareVersions(n.Version, ancestor) <= 0 {
			return n.Version
		}
	}
	return l.Nearest[0].Version
}

// A Source is a downloaded release whose checksum was verified.
type Source struct {
	Release
	Zip string // path of the module zip, in the module cache: it must not be changed
	Dir string // folder of the module cache with the unpacked zip, which is not verified; empty if there is none
}

package grid

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// mostNamed is how many rows that are no releases and went the same way get a sentence
// each. More of them share one, since the table names them.
const mostNamed = 3

// others says how the rows went that are no releases: whether they went as the release
// that they are nearest to, and if that is not in the table, where they leak.
//
//	example.com/fork@v1.0.1 is nearest to v1.0.0, and all 5 verdicts are the same
func others(rows []matrix.RowResult, scenarios []matrix.Scenario, w matrix.Words) []string {
	var like, unlike []string
	for i := range rows {
		row := &rows[i]
		if row.Source.OfRelease() || len(row.Patches) > 0 || row.State != matrix.StateOK || len(row.Cells) == 0 {
			continue
		}
		sentence, same := likeItsBase(row, rows, scenarios, w)
		if same {
			like = append(like, sentence)
		} else {
			unlike = append(unlike, sentence)
		}
	}
	if n := len(like); n > mostNamed {
		foreign := slices.DeleteFunc(slices.Clone(rows), func(row matrix.RowResult) bool { return row.Source.OfRelease() })
		like = []string{fmt.Sprintf("%d %s have all verdicts of the release that each is nearest to", n, otherNoun(foreign))}
	}
	return slices.Concat(like, unlike, otherEffects(rows, scenarios))
}

// otherNoun says what the rows are that are no releases.
func otherNoun(rows []matrix.RowResult) string {
	has := func(kinds ...matrix.SourceKind) bool {
		return slices.ContainsFunc(rows, func(row matrix.RowResult) bool { return slices.Contains(kinds, row.Source.Kind) })
	}
	switch rebuilt := has(matrix.SourceToolchain); {
	case has(matrix.SourceDir, matrix.SourceRef) && rebuilt:
		return "forks, folders, commits and builds with other toolchains"
	case has(matrix.SourceDir, matrix.SourceRef):
		return "forks, folders and commits"
	case has(matrix.SourceModule) && rebuilt:
		return "forks and builds with other toolchains"
	case rebuilt:
		return "builds with other toolchains"
	default:
		return "forks"
	}
}

// otherEffects says what patches did on rows that are no releases.
func otherEffects(rows []matrix.RowResult, scenarios []matrix.Scenario) (out []string) {
	effects := make(map[matrix.Effect][]string)
	for i := range rows {
		if row := &rows[i]; !row.Source.IsRelease() && len(row.Patches) > 0 && !unbuildable(row, rows) {
			name := row.ID
			if len(row.Patches) > fewPatches {
				name = row.Version() + " with " + label(row)
			}
			effects[row.Effect] = append(effects[row.Effect], name+" "+deedOf(row, rows, scenarios).String())
		}
	}
	for _, w := range effectWords {
		if n := len(effects[w.effect]); n > mostNamed {
			out = append(out, fmt.Sprintf("the set of patches that each gets %s in %d %s", w.words, n, otherNoun(rows)))
			continue
		}
		out = append(out, effects[w.effect]...)
	}
	return out
}

// effectWord says what the patches of a row did.
func effectWord(e matrix.Effect) string {
	for _, w := range effectWords {
		if w.effect == e {
			return w.words
		}
	}
	return "has an unknown effect"
}

// likeItsBase compares a row without patches with the release that it is nearest to, and
// reports whether all verdicts are the same.
func likeItsBase(row *matrix.RowResult, rows []matrix.RowResult, scenarios []matrix.Scenario, w matrix.Words) (sentence string, same bool) {
	base := row.Source.Base()
	at := slices.IndexFunc(rows, func(r matrix.RowResult) bool {
		return r.Source.IsRelease() && len(r.Patches) == 0 && r.Version() == base && r.State == matrix.StateOK
	})
	if at < 0 {
		var leaks []string
		for _, s := range scenarios {
			if c, _ := row.Cell(s.Name); !s.Kind.Invariant() && c.Verdict.Leaks() {
				leaks = append(leaks, s.Name)
			}
		}
		if len(leaks) == 0 {
			return row.ID + " " + w.Leak.One + " in no scenario that is known", false
		}
		return fmt.Sprintf("%s %s in %s", row.ID, w.Leak.One, text.List(leaks)), false
	}
	var differ []string
	for _, c := range row.Cells {
		if is, _ := rows[at].Cell(c.Scenario); is.Verdict != c.Verdict {
			differ = append(differ, fmt.Sprintf("%s (%s, not %s)", c.Scenario, w.Name(c.Verdict), w.Name(is.Verdict)))
		}
	}
	if len(differ) == 0 {
		same := fmt.Sprintf("all %d verdicts are the same", len(row.Cells))
		if len(row.Cells) == 1 {
			same = "its verdict is the same"
		}
		return fmt.Sprintf("%s is nearest to %s, and %s", row.ID, base, same), true
	}
	return fmt.Sprintf("%s is nearest to %s, but differs in %d of %s: %s", row.ID, base, len(differ), text.Count(len(row.Cells), "scenario"), text.Some(differ, 5)), false
}

// nearTo says which releases a target that was compared with them is nearest to, and how
// near: "v1.0.0 and v1.0.1: equal in 183 of its 222 files".
func nearTo(s *matrix.SourceResult) string {
	if len(s.Likeness.Nearest) == 0 {
		return "no release: they have no file and no function in common"
	}
	var names []string
	for _, n := range s.Likeness.Nearest {
		names = append(names, n.Version)
	}
	if n := s.Likeness.Nearest[0]; !n.Exact {
		return fmt.Sprintf("%s: equal in %d of its %s", text.List(names), n.Equal, text.Count(s.Likeness.Files, "file"))
	}
	return text.List(names) + ": it builds the same code"
}

// origin says in a footnote what a target that is no release is.
func origin(s *matrix.SourceResult) string {
	var parts []string
	if s.As != "" {
		parts = append(parts, "treated like "+s.As+", as --as says")
	}
	if s.Likeness != nil {
		parts = append(parts, "nearest to "+nearTo(s))
	}
	if s.Ancestor != "" {
		parts = append(parts, "its history has "+s.Ancestor+", and no newer release")
	}
	if s.Kind == matrix.SourceRef {
		parts = append(parts, "commit "+s.Ref)
	}
	if n := len(s.Submodules); n > 0 {
		parts = append(parts, fmt.Sprintf("without the files of %s, which none of its packages needs: %s", text.Count(n, "submodule"), text.Some(s.Submodules, 5)))
	}
	if s.Rehomed {
		parts = append(parts, "built from a copy with the path of the target")
	}
	return strings.Join(parts, "; ")
}

// nextForeign says why a target that is no release was not run, and what to do.
func nextForeign(row *matrix.RowResult) string {
	out := fmt.Sprintf("it does not build: %s. ", matrix.Gist(row.Reason))
	if is, wanted, ok := matrix.OtherType(row.Reason); ok {
		return out + fmt.Sprintf("Its API takes types of %s where releases take those of %s, and the reproduction compiles with neither: it needs code of its own for that", wanted.Package, is.Package)
	}
	if unrequired(row.Source, row.Reason) {
		return out + requireIt
	}
	if strings.Contains(row.Reason, "import cycle not allowed") {
		return out + "A module that it imports imports the target, in whose place it is built: the reproduction cannot be built with it"
	}
	if matrix.Outdated(row.Reason) {
		return out + "Its dependencies require newer versions of modules than its go.mod lists: run `go mod tidy` in it, and name that folder with --source"
	}
	return out + "If it is made from another release than " + row.Source.Base() + ", name that with --as VERSION"
}

// shortNames returns short names for versions of forks, by the ID of the row without
// patches, where they are unique. With its whole path, a version can be as wide as a
// screen:
//
//	github.com/owner/lib@v1.2.4-0.20260806010916-184d081eef3e   owner@184d081eef3e
func shortNames(rows []matrix.RowResult, target string) map[string]string {
	short, count := make(map[string]string), make(map[string]int)
	for i := range rows {
		s := &rows[i].Source
		if s.Kind != matrix.SourceModule || len(rows[i].Patches) > 0 {
			continue
		}
		owner := path.Base(path.Dir(s.Module))
		if repo := path.Base(s.Module); repo != path.Base(target) {
			owner = path.Join(owner, repo)
		}
		version := s.Version
		if hash, err := module.PseudoVersionRev(version); err == nil {
			version = hash
		}
		short[rows[i].ID] = owner + "@" + version
		count[owner+"@"+version]++
	}
	maps.DeleteFunc(short, func(id, name string) bool { return count[name] > 1 || len(name) >= len(id) })
	return short
}

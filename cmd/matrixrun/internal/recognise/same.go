package recognise

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// release returns the release that some code is equal to, if it is.
func (r *recogniser) release(m *matrix.BuiltModule, l matrix.Likeness) (version string, ok bool) {
	if len(l.Nearest) == 0 || !l.Nearest[0].Exact {
		return "", false // all of them are, or none
	}
	version = r.one(m, versionsOf(l))
	return version, version != ""
}

// one returns the row, of some that code is equal to, that answers for it. There can be
// several, as when a vendor folder has only packages in which releases do not differ. Then
// it is that of the release that the code is labelled as, or the last one in the results,
// if they have equal answers for all; empty if they do not. Rows are releases or IDs.
func (r *recogniser) one(m *matrix.BuiltModule, rows []string) string {
	for _, id := range rows {
		if matrix.ParseRowID(id).Version == label(m) {
			return id
		}
	}
	var answer *matrix.GridRow
	for _, id := range rows {
		row := r.table.Row(id)
		if row != nil && answer != nil && (!slices.Equal(row.Advice.Leaks, answer.Advice.Leaks) || !slices.Equal(row.Advice.Unknown, answer.Advice.Unknown)) {
			return ""
		}
		if row != nil {
			answer = row
		}
	}
	if answer == nil {
		return rows[len(rows)-1]
	}
	return answer.ID
}

// label returns the version that a module is called, whatever is in it.
func label(m *matrix.BuiltModule) string {
	if _, version := m.Built(); version != "" {
		return version
	}
	return m.Version
}

// sameAs completes the use of code that is equal to a release.
func (r *recogniser) sameAs(u matrix.Use, release string, f content.Finding) matrix.Use {
	u.Version = release
	files := "its " + text.Count(f.Likeness.Files, "file")
	if f.Likeness.Dir != "" {
		files = fmt.Sprintf("the %s in its folder %s", text.Count(f.Likeness.Files, "file"), f.Likeness.Dir)
	}
	u.Note = fmt.Sprintf("%s %s %s", files, areThose(f.Likeness.Files), release)
	if slices.ContainsFunc(f.Likeness.Nearest, func(n matrix.Nearness) bool { return n.Version == release && n.Equal < f.Likeness.Files }) {
		u.Note += ", apart from comments and layout"
	}
	if named := r.labelled(u); f.Named && named != release && named != "" {
		u.Note += ", although it is labelled " + named
	}
	return u
}

// labelled returns the release that the files of the user name for a use, whatever is
// built; empty if they name none.
func (r *recogniser) labelled(u matrix.Use) string {
	if u.Replaced != nil && r.table.Row(u.Replaced.Version) != nil {
		return u.Replaced.Version
	}
	if r.table.Row(u.Required) != nil {
		return u.Required
	}
	return ""
}

// A verdict says whether some code is a fork that matrixrun made, or in a vendor folder
// somebody's fork.
type verdict struct {
	row string // ID of the row of the results; empty if there is none or the code is no fork
	id  string // of the release and the patches that it is, although the results have no such row
	why string // if the code claims to be such a fork: why that is not believed
}

// fork finds out whether code is a fork that matrixrun made. A version or a FORK folder
// only says where to begin: without the changes of the patches, the code must be that of
// the release. Code without any, as in a vendor folder, is tried with the patches of the
// nearest releases if few files differ.
func (r *recogniser) fork(ctx context.Context, m *matrix.BuiltModule, l matrix.Likeness) (verdict, error) {
	code, done, err := content.Open(m, r.Cache)
	if err != nil {
		return verdict{}, err
	}
	defer done()
	if l.Dir != "" {
		code.Path = path.Join(code.Path, l.Dir)
		if code.Files, err = fs.Sub(code.Files, l.Dir); err != nil {
			return verdict{}, err
		}
	}
	_, claim := m.Built()
	if !fork.IsVersion(claim) {
		claim = ""
	}
	if stated, ok := fork.Claimed(code.Files); ok && claim == "" {
		claim = stated
	}
	if claim != "" {
		return r.claimed(ctx, m, code, l, claim)
	}
	if _, ok := r.release(m, l); ok {
		return verdict{}, nil
	}
	if m.Vendored && l.Dir == "" {
		if row, err := r.vendored(ctx, m, code); err != nil || row != "" {
			return verdict{row: row}, err
		}
	}
	return r.unclaimed(ctx, m, code, l)
}

// unclaimed tries the patched rows of the nearest releases.
func (r *recogniser) unclaimed(ctx context.Context, m *matrix.BuiltModule, code content.Code, l matrix.Likeness) (verdict, error) {
	var rows []string
	for _, n := range l.Nearest {
		for i := range r.Results.Rows {
			row := &r.Results.Rows[i]
			if row.Version() != n.Version || len(row.Patches) == 0 || l.Files-n.Equal > maxPatched*len(row.Patches) {
				continue
			}
			v, err := r.verify(ctx, code, matrix.RowID{Version: n.Version, Patches: row.PatchNames()})
			if err != nil {
				return verdict{}, err
			}
			if v.row != "" {
				rows = append(rows, v.row)
			}
		}
	}
	if len(rows) == 0 {
		return verdict{}, nil
	}
	return verdict{row: r.one(m, rows)}, nil
}

// maxPatched is how many files a patch changes at most, for code that does not say that
// it is patched.
const maxPatched = 10

// claimed finds out whether code is the fork that it says it is, or else one of another
// release: the base of a fork can be a release by another name.
func (r *recogniser) claimed(ctx context.Context, m *matrix.BuiltModule, code content.Code, l matrix.Likeness, claim string) (verdict, error) {
	var releases, patches []string
	for i := range r.Results.Rows {
		releases = append(releases, r.Results.Rows[i].Version())
	}
	for name := range r.Patches {
		patches = append(patches, name)
	}
	id, ok := fork.Of(claim, releases, patches)
	if !ok {
		if v, ok, err := r.refork(ctx, m, code, claim); ok || err != nil {
			return v, err
		}
		if v, err := r.unclaimed(ctx, m, code, l); v.row != "" || err != nil {
			return v, err
		}
		return verdict{why: fmt.Sprintf("it says that it is %s, made by `matrixrun fork`, but the results or the patches of that are not known here", claim)}, nil
	}
	v, err := r.verify(ctx, code, id)
	if err != nil || v.why == "" {
		return v, err
	}
	if other, err := r.unclaimed(ctx, m, code, l); other.row != "" || err != nil {
		return other, err
	}
	v.why = fmt.Sprintf("it says that it is %s, made by `matrixrun fork`, but %s", id, v.why)
	if m.Dir != "" {
		if file, err := fork.Changed(m.Dir); err == nil && file != "" {
			v.why += fmt.Sprintf("; %s was changed since", file)
		}
	}
	return v, nil
}

// verify finds out whether code is a release with patches.
func (r *recogniser) verify(ctx context.Context, code content.Code, id matrix.RowID) (verdict, error) {
	var row *matrix.RowResult
	if at := slices.IndexFunc(r.Results.Rows, func(row matrix.RowResult) bool { return row.ID == id.String() }); at >= 0 {
		row = &r.Results.Rows[at]
	}
	patches, why := r.variants(id, row)
	if why != "" {
		return verdict{why: why}, nil
	}
	if len(patches) == 0 {
		return verdict{why: id.Version + " has all changes of these patches already"}, nil
	}
	dir, err := scratch.Dir("undo-")
	if err != nil {
		return verdict{}, err
	}
	defer os.RemoveAll(dir)
	if why, err := fork.Undo(ctx, code.Files, dir, patches); err != nil || why != "" {
		return verdict{why: why}, err
	}
	l, err := r.Index.Compare(ctx, content.Code{Files: os.DirFS(dir), Path: code.Path, Skip: code.Skip, Ignored: code.Ignored}, r.target)
	if err != nil {
		return verdict{}, err
	}
	if !slices.ContainsFunc(l.Nearest, func(n matrix.Nearness) bool { return n.Exact && n.Version == id.Version }) {
		return verdict{why: "it has other changes, too"}, nil
	}
	v := verdict{id: id.String()}
	if row != nil {
		v.row = row.ID
	}
	return v, nil
}

// variants returns the patches of a row as they change its release: without those that
// the release has already. Why says what of them is not known.
func (r *recogniser) variants(id matrix.RowID, row *matrix.RowResult) (patches []matrix.Variant, why string) {
	for i, name := range id.Patches {
		patch := r.Patches[name]
		if patch == nil {
			return nil, fmt.Sprintf("the patch %s is not known here", name)
		}
		v, ok := patch.For(id.Version)
		switch {
		case !ok:
			return nil, fmt.Sprintf("the patch %s known here is not for %s", name, id.Version)
		case row != nil && row.Patches[i].SHA256 != v.SHA256:
			return nil, fmt.Sprintf("the results are about another version of the patch %s", name)
		case row != nil && row.Patches[i].Apply == matrix.ApplyAlready:
		default:
			patches = append(patches, v)
		}
	}
	return patches, ""
}

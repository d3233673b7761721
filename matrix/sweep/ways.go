package sweep

import (
	"context"
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
)

// artifact returns the outcome of building the row. A row that is not built from a
// release has several ways to be built, since no rule of the suite names it. If the first
// one fails, the others are tried: other adapters or packages if the reproduction does not
// compile, other toolchains if the target does not, and other variants of patches. The row
// then has the first way that makes a binary. The record has the outcomes of all of them, so
// that the next sweep goes straight to that one.
func (w *work) artifact(ctx context.Context) (matrix.Artifact, error) {
	first, err := w.artifactWith(ctx)
	if err == nil && matrix.Outdated(first.Complaint) {
		// A dependency of the target requires the target too.
		w.row.Required = gomod.TopVersion(w.sweep.spec.Target.Module)
		first, err = w.artifactWith(ctx)
	}
	if err != nil || first.Complaint == "" {
		return first, err
	}
	if build.Misfit(first) {
		return w.firstBuilt(ctx, first, w.fits(first))
	}
	tried, err := w.otherVariants(ctx, first)
	if err != nil || tried.SHA256 != "" {
		return tried, err
	}
	return w.firstBuilt(ctx, tried, ways(w.row, w.row.Toolchains, func(row *matrix.Row, goVersion string) { row.Toolchain = goVersion }))
}

// fits returns the ways to make the reproduction fit the target: with other adapters, and
// with another package if the API of what is no release takes that.
func (w *work) fits(first matrix.Artifact) []matrix.Row {
	adapt := func(row *matrix.Row, a matrix.Adapter) { row.Adapter = a }
	all := ways(w.row, w.row.Neighbours, adapt)
	if swap, ok := build.Swap(first); ok && w.row.Release.Origin != nil {
		swapped := w.row
		swapped.Swap = swap
		all = slices.Concat([]matrix.Row{swapped}, all, ways(swapped, w.row.Neighbours, adapt))
	}
	return all
}

// firstBuilt returns the outcome of the first way that makes a binary. If none does, the
// row stays as it is, and so does its outcome.
func (w *work) firstBuilt(ctx context.Context, first matrix.Artifact, ways []matrix.Row) (matrix.Artifact, error) {
	own, ownVersion := w.row, w.goVersion
	for _, w.row = range ways {
		w.goVersion = "" // that of the way's toolchain
		if next, err := w.artifactWith(ctx); err != nil || next.SHA256 != "" {
			return next, err
		}
	}
	w.row, w.goVersion = own, ownVersion
	return first, nil
}

// ways returns a row with each of several values, which set gives to it.
func ways[T any](row matrix.Row, values []T, set func(*matrix.Row, T)) []matrix.Row {
	all := make([]matrix.Row, len(values))
	for i, value := range values {
		all[i] = row
		set(&all[i], value)
	}
	return all
}

// otherVariants builds the row with another variant of one of its patches, if what the
// first ones make does not compile. The artifact says why those were passed, and if none
// compiles, so does its complaint, with a line for each.
func (w *work) otherVariants(ctx context.Context, first matrix.Artifact) (matrix.Artifact, error) {
	own := w.row.Patches
	none := first
	none.Applied = slices.Clone(first.Applied)
	for i, was := range first.Applied {
		passed := append(slices.Clip(was.Passed), matrix.Passed{Releases: was.Releases, Why: uncompiled(first)})
		for one, ok := own[i].After(was.SHA256); ok; one, ok = one.After(one.SHA256) {
			w.row.Patches = slices.Clone(own)
			w.row.Patches[i] = one
			w.row.Patches[i].Others = nil
			a, err := w.artifactWith(ctx)
			switch {
			case err != nil:
				return a, err
			case a.SHA256 != "":
				a.Applied = slices.Clone(a.Applied)
				a.Applied[i].Releases, a.Applied[i].Passed = one.Releases.String(), passed
				return a, nil
			}
			passed = append(passed, matrix.Passed{Releases: one.Releases.String(), Why: uncompiled(a)})
			none.Complaint += fmt.Sprintf("\nnor does the variant of %s for %s: %s", one.Patch, one.Releases, uncompiled(a))
		}
		if len(passed) > 1 {
			none.Applied[i].Releases, none.Applied[i].Passed = "", passed
		}
	}
	w.row.Patches = own
	return none, nil
}

// uncompiled says in one line why there is no binary.
func uncompiled(a matrix.Artifact) string {
	if a.Conflict != "" {
		return matrix.Gist(a.Conflict)
	}
	return "what it makes does not compile: " + matrix.Gist(a.Complaint)
}

package diff

import (
	"context"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// check implements Check, for the line ends that the diff has.
func (d *Diff) check(ctx context.Context, tree fs.FS) (Result, []Edit, error) {
	if err := d.refuseLinks(ctx, tree); err != nil {
		return Result{}, nil, err
	}
	counts, err := d.deciding(tree)
	if err != nil {
		return Result{}, nil, err
	}
	now, total := newState(tree), Result{Apply: matrix.ApplyAlready}
	for _, changes := range d.steps {
		core, aside := parted(changes, counts)
		result, edits, err := d.step(ctx, now, core)
		if err != nil {
			return Result{}, nil, err
		}
		switch {
		case result.Apply == matrix.ApplyConflict:
			back, err := d.takenBack(ctx, tree, counts)
			if err != nil || back {
				return Result{Apply: matrix.ApplyAlready}, nil, err
			}
			result.May, err = d.may(tree, counts)
			return result, nil, err
		case result.Apply == matrix.ApplyAlready && len(core) > 0:
			continue // with its tests
		case len(core) > 0:
			total.add(result)
		}
		now.change(edits)
		left, err := d.aside(ctx, now, aside)
		if err != nil {
			return Result{}, nil, err
		}
		total.Aside = append(total.Aside, left...)
	}
	if total.Apply == matrix.ApplyAlready {
		return Result{Apply: matrix.ApplyAlready}, nil, nil
	}
	return total, now.edits(), nil
}

// parted returns the changes that count for how a diff applies, and the others.
func parted(changes []change, counts func(change) bool) (core, aside []change) {
	for _, c := range changes {
		if counts(c) {
			core = append(core, c)
		} else {
			aside = append(aside, c)
		}
	}
	return core, aside
}

// add adds the result of one step to that of all.
func (r *Result) add(step Result) {
	if abs(step.Offset) > abs(r.Offset) {
		r.Offset = step.Offset
	}
	if r.Apply == matrix.ApplyAlready || step.Apply == matrix.ApplyOffset {
		r.Apply = step.Apply
	}
}

// step computes how the changes of one step apply. Without changes, they are made
// already.
func (d *Diff) step(ctx context.Context, now *state, changes []change) (Result, []Edit, error) {
	forth, err := try(ctx, now, d.file, changes, shown)
	if err != nil {
		return Result{}, nil, err
	}
	switch {
	case forth.exact() && forth.idle:
		return Result{Apply: matrix.ApplyAlready}, nil, nil
	case forth.exact():
		return Result{Apply: matrix.ApplyExact}, forth.edits, nil
	}
	back, err := try(ctx, now, d.file, undo(changes), 0)
	switch {
	case err != nil:
		return Result{}, nil, err
	case back.exact(), back.fits() && !forth.fits():
		return Result{Apply: matrix.ApplyAlready}, nil, nil
	case !forth.fits():
		return Result{Apply: matrix.ApplyConflict, Conflict: forth.conflict()}, nil, nil
	}
	return Result{Apply: matrix.ApplyOffset, Offset: forth.offset}, forth.edits, nil
}

// takenBack reports whether all steps of a series can be undone, the last one first: then
// the tree has the series, although not its first step, which later ones changed again.
func (d *Diff) takenBack(ctx context.Context, tree fs.FS, counts func(change) bool) (bool, error) {
	if len(d.steps) < 2 {
		return false, nil
	}
	now := newState(tree)
	for _, changes := range slices.Backward(d.steps) {
		core, _ := parted(changes, counts)
		back, err := try(ctx, now, d.file, undo(core), 0)
		if err != nil || !back.fits() {
			return false, err
		}
		now.change(back.edits)
	}
	return true, nil
}

// aside makes the changes that do not decide, package by package, and returns the files
// of those packages in which some conflict.
func (d *Diff) aside(ctx context.Context, now *state, changes []change) ([]matrix.Aside, error) {
	folders := map[string][]change{}
	for _, c := range changes {
		of := matrix.PackageOf(c.name())
		folders[of] = append(folders[of], c)
	}
	var left []matrix.Aside
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		result, edits, err := d.step(ctx, now, folders[folder])
		if err != nil {
			return nil, err
		}
		now.change(edits)
		if result.Apply != matrix.ApplyConflict {
			continue
		}
		for _, c := range folders[folder] {
			alone, err := try(ctx, now, d.file, []change{c}, 1)
			if err != nil {
				return nil, err
			}
			why, _, _ := strings.Cut(alone.conflict(), "\n")
			left = append(left, matrix.Aside{File: c.name(), Conflict: why})
		}
	}
	return left, nil
}

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// thePatch is the patch to edit. It has the most variants, and names the most
// releases of the bench.
const thePatch = "drop-late-resets"

// warm measures a run of the whole suite with nothing changed since the last run.
func (l *lab) warm(ctx context.Context, h home) ([]Tool, error) {
	l.logf("warm: filling the record with all %d releases", l.set.Suite)
	if _, _, err := l.run(ctx, h, job{trials: l.set.Trials, online: true}); err != nil {
		return nil, err
	}
	var all []Tool
	for n := range l.set.Runs {
		t, _, err := l.run(ctx, h, job{trials: l.set.Trials})
		if err != nil {
			return nil, err
		}
		if t.Built != 0 || t.Trials != 0 || t.Rows != l.set.Suite {
			return nil, fmt.Errorf("a warm run made %d builds and %d trials in %d rows: want none, in %d", t.Built, t.Trials, t.Rows, l.set.Suite)
		}
		l.logf("warm %d/%d: %.2f s", n+1, l.set.Runs, t.Wall)
		all = append(all, t)
	}
	return all, nil
}

// patch measures a run after a change in each variant of a patch.
func (l *lab) patch(ctx context.Context, h home) (*Patch, error) {
	dir := filepath.Join(l.temp, thePatch)
	original := filepath.Join("patches", thePatch)
	if err := copyPatch(original, dir, nil, 0); err != nil {
		return nil, err
	}
	patched, releases, err := l.takers(dir)
	if err != nil {
		return nil, err
	}
	j := job{only: releases, trials: l.set.Trials, args: []string{"--patch", dir}}
	l.logf("patch: filling the record with %d patched rows", len(patched))
	if _, _, err := l.run(ctx, h, j); err != nil {
		return nil, err
	}
	p := &Patch{Name: thePatch, Rows: len(patched)}
	for _, kind := range []struct {
		name   string
		change edit
		into   *[]Tool
	}{{"comment", editComment, &p.Comment}, {"line", editLine, &p.Line}} {
		for n := range l.set.Runs {
			if err := copyPatch(original, dir, kind.change, n+1); err != nil {
				return nil, err
			}
			t, account, err := l.run(ctx, h, j)
			if err != nil {
				return nil, err
			}
			if err := account.did(patched); err != nil {
				return nil, fmt.Errorf("after an edit of %s: %w", thePatch, err)
			}
			l.logf("patch %d/%d: a %s changed: %.1f s for %d rows", n+1, l.set.Runs, kind.name, t.Wall, len(patched))
			*kind.into = append(*kind.into, t)
		}
	}
	return p, os.RemoveAll(dir)
}

// takers returns the IDs of the rows with the patch in a folder, and their releases.
func (l *lab) takers(dir string) (patched, releases []string, err error) {
	p, err := spec.LoadPatch(os.DirFS(dir), thePatch)
	if err != nil {
		return nil, nil, err
	}
	todo, err := plan.New(l.suite, plan.Selection{Only: l.set.Rows, Patches: []*matrix.Patch{p}})
	if err != nil {
		return nil, nil, err
	}
	for _, r := range todo.Rows {
		if len(r.Patches) > 0 {
			patched, releases = append(patched, r.ID), append(releases, r.Release.Version)
		}
	}
	if len(patched) == 0 {
		return nil, nil, fmt.Errorf("no release of the bench takes %s: set BENCH_RELEASES to others", thePatch)
	}
	return patched, releases, nil
}

// addition measures a run with one more release, the newest one, than the record
// and the build cache have. Each run starts with a copy of both.
func (l *lab) addition(ctx context.Context) (*Addition, error) {
	newest := l.set.Rows[len(l.set.Rows)-1]
	a := &Addition{Version: newest}
	before, err := l.newHome()
	defer before.remove()
	if err != nil {
		return nil, err
	}
	l.logf("release: filling the record with all but %s", newest)
	if _, _, err := l.run(ctx, before, job{only: l.set.Rows[:len(l.set.Rows)-1], trials: l.set.Trials}); err != nil {
		return nil, err
	}
	for n := range l.set.Runs {
		t, err := l.added(ctx, before, newest)
		if err != nil {
			return nil, err
		}
		l.logf("release %d/%d: %.1f s", n+1, l.set.Runs, t.Wall)
		a.Runs = append(a.Runs, t)
	}
	return a, nil
}

// added runs all rows in a copy of a home, and checks that it builds only the newest.
func (l *lab) added(ctx context.Context, before home, newest string) (Tool, error) {
	h, err := l.copied(before)
	defer h.remove()
	if err != nil {
		return Tool{}, err
	}
	t, account, err := l.run(ctx, h, job{only: l.set.Rows, trials: l.set.Trials})
	if err != nil {
		return t, err
	}
	return t, account.did([]string{newest})
}

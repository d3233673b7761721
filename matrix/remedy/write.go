package remedy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// A RefusedError says why a fix was not written. It is about the program, which stays as
// it is.
type RefusedError struct{ Why string }

func (e *RefusedError) Error() string { return "nothing was written: " + e.Why }

// Choose returns the plan with a name: one of those that are offered, or another one
// that helps. The error is a matrix.Problems.
func (a *Answer) Choose(name string) (*Plan, error) {
	var names []string
	all := slices.Concat(a.Plans, a.others)
	for _, p := range a.Plans {
		names = append(names, p.Fix.Name)
	}
	for _, g := range a.groups {
		all = append(all, g.all...)
	}
	for _, p := range all {
		if p.Fix.Name == name {
			return p, nil
		}
	}
	if len(names) == 0 {
		return nil, matrix.Mistake("there is no fix %q: there is none for this program", name)
	}
	return nil, matrix.Mistake("there is no fix %q: want one of %s", name, strings.Join(names, ", "))
}

// Write applies a plan to the user's files. It tries it in a copy first, and writes
// nothing if the program does not compile then, or if that could not be found out.
// A program that does not compile today is changed all the same if the commands work.
//
// The changed files take the place of the user's when all are complete. If that fails
// for one, those before it get their former content back. An interrupt counts until the
// first file is replaced, and not from then on. The names of the changed files are
// returned, relative to the working folder.
func (t *Trier) Write(ctx context.Context, q Question, p *Plan) (written []string, err error) {
	s, err := t.open(ctx, q)
	if untriable, ok := errors.AsType[*untriableError](err); ok {
		return nil, &RefusedError{untriable.why}
	}
	if err != nil {
		return nil, err
	}
	defer s.replica.remove()
	p.Fix.Tried, p.applied, s.force = nil, false, true
	if err := s.try(ctx, p); err != nil {
		return nil, err
	}
	switch a := p.Fix.Tried; {
	case !a.OK && !a.Unknown:
		return nil, &RefusedError{"with the fix the program does not compile: " + a.Error}
	case !p.applied || a.Unknown && s.doubt == "":
		return nil, fmt.Errorf("trying the fix in a copy: %s", a.Error)
	}
	c, err := s.collect(p)
	if err != nil {
		return nil, fmt.Errorf("collecting what the fix changes: %w", err)
	}
	defer c.close()
	if err := c.prepare(); err != nil {
		return nil, fmt.Errorf("preparing the changed files: %w", err)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err := c.commit(); err != nil {
		return nil, err
	}
	for _, e := range c.entries {
		written = append(written, relative(q.Cwd, e.path))
	}
	return written, nil
}

// A change is what a plan changes in the folders of the user.
type change struct {
	entries []*entry // in the order in which they are put in place
	stages  map[string]*place
}

// A place is a folder of the user's in which something changes.
type place struct {
	root  *os.Root
	stage *scratch.Stage
}

// An entry is a file or a folder that takes the place of the user's.
type entry struct {
	path   string // of the user's
	from   string // in the copy; empty if it is removed
	folder bool
	before []byte // content that the file must still have; nil if it must not exist
	done   bool
}

// collect compares the copy with what it was made from. Folders come first, then the
// checksums: without go.mod, which comes last, they change nothing.
func (s *session) collect(p *Plan) (*change, error) {
	c := &change{stages: map[string]*place{}}
	for _, dir := range s.replica.created {
		c.entries = append(c.entries, &entry{path: dir, from: s.replica.at(dir), folder: true})
	}
	if s.replica.vendor != "" && slices.ContainsFunc(p.steps, func(s step) bool { return slices.Contains(s.args, "vendor") }) {
		c.entries = append(c.entries, &entry{path: s.replica.vendor, from: s.replica.at(s.replica.vendor), folder: true})
	}
	for _, set := range []map[string][]byte{s.replica.edited, s.replica.saved} {
		for path, before := range set {
			now, err := os.ReadFile(s.replica.at(path))
			gone := errors.Is(err, fs.ErrNotExist)
			if err != nil && !gone {
				return nil, err
			}
			if gone && before == nil || !gone && before != nil && bytes.Equal(now, before) {
				continue
			}
			e := &entry{path: path, from: s.replica.at(path), before: before}
			if gone {
				e.from = ""
			}
			c.entries = append(c.entries, e)
		}
	}
	slices.SortStableFunc(c.entries, func(a, b *entry) int {
		if order := a.order() - b.order(); order != 0 {
			return order
		}
		return strings.Compare(a.path, b.path)
	})
	return c, nil
}

// order returns when an entry is put in place.
func (e *entry) order() int {
	switch {
	case e.folder:
		return 0
	case strings.HasSuffix(e.path, ".sum"):
		return 1
	case filepath.Ext(e.path) == ".go":
		return 2
	default:
		return 3
	}
}

// prepare makes what can be made before the first file is replaced. It is an error if
// the user's files are not those that were copied.
func (c *change) prepare() error {
	for _, e := range c.entries {
		if real, err := filepath.EvalSymlinks(e.path); err == nil {
			e.path = real // a link stays one
		}
		p, err := c.placeOf(e)
		if err != nil {
			return err
		}
		if !e.folder {
			if err := e.unchanged(); err != nil {
				return err
			}
			continue
		}
		if err := os.CopyFS(filepath.Join(p.stage.Dir, filepath.Base(e.path)), os.DirFS(e.from)); err != nil {
			return err
		}
	}
	return nil
}

// placeOf opens the folder that an entry is in.
func (c *change) placeOf(e *entry) (*place, error) {
	dir := filepath.Dir(e.path)
	if p := c.stages[dir]; p != nil {
		return p, nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	stage, err := scratch.OpenStage(root)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	c.stages[dir] = &place{root, stage}
	return c.stages[dir], nil
}

// unchanged returns an error if a file of the user's is not what was copied.
func (e *entry) unchanged() error {
	now, err := os.ReadFile(e.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && e.before == nil:
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case err == nil && e.before != nil && bytes.Equal(now, e.before):
		return nil
	}
	return &RefusedError{fmt.Sprintf("%s was changed in the meantime", e.path)}
}

// commit puts everything in its place, or nothing after an error.
func (c *change) commit() error {
	for _, e := range c.entries {
		if err := c.put(e, e.from); err != nil {
			return errors.Join(fmt.Errorf("replacing %s: %w", e.path, err), c.undo())
		}
		e.done = true
	}
	return nil
}

// put puts an entry in its place. A folder changes places with the one that is there.
func (c *change) put(e *entry, from string) error {
	p := c.stages[filepath.Dir(e.path)]
	switch {
	case e.folder:
		return exchange(filepath.Join(p.stage.Dir, filepath.Base(e.path)), e.path)
	case from == "":
		return os.Remove(e.path)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return p.stage.Write(filepath.Base(e.path), data)
}

// undo takes back what was put in place, the last first.
func (c *change) undo() error {
	var errs []error
	for _, e := range slices.Backward(c.entries) {
		p := c.stages[filepath.Dir(e.path)]
		switch {
		case !e.done:
		case e.folder:
			errs = append(errs, exchange(filepath.Join(p.stage.Dir, filepath.Base(e.path)), e.path))
		case e.before == nil:
			errs = append(errs, os.Remove(e.path))
		default:
			errs = append(errs, p.stage.Write(filepath.Base(e.path), e.before))
		}
	}
	return errors.Join(errs...)
}

// close removes what is not in place.
func (c *change) close() {
	for _, p := range c.stages {
		_ = p.stage.Close() // what it leaves, the next stage in the folder removes
		_ = p.root.Close()
	}
}

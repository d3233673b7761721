package exchange

import (
	"context"
	"errors"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/remote"
)

// PushBuild writes a build that was made here and has a binary, unless the remote record has
// it. The toolchain says which binaries have most in common with this one.
func (x *Exchange) PushBuild(ctx context.Context, key, toolchain string, a matrix.Artifact) {
	if x == nil || !x.Push || a.From != "" || a.SHA256 == "" {
		return
	}
	x.push(ctx, func() error { return x.pushBuild(ctx, key, toolchain, a) })
}

func (x *Exchange) pushBuild(ctx context.Context, key, toolchain string, a matrix.Artifact) error {
	e, err := x.Remote.Get(ctx, buildKind, key)
	switch bad := (*remote.BadError)(nil); {
	case err == nil && !x.isIgnored(buildKind, key):
		x.rebase(toolchain, e)
		return nil
	case err != nil && !errors.Is(err, remote.ErrNone) && !errors.As(err, &bad):
		return err
	}
	content, err := x.content(a.SHA256)
	if err != nil {
		return nil //nolint:nilerr // somebody has removed it from the record: the next run writes it
	}
	x.mu.Lock()
	base := x.bases[toolchain]
	x.mu.Unlock()
	e, err = x.Remote.Put(ctx, buildKind, key, a, remote.Source{Content: content, Base: base})
	if err != nil {
		return err
	}
	x.rebase(toolchain, e)
	x.count(func(u *matrix.RemoteUse) { u.PushedBuilds++ })
	return nil
}

// rebase makes the binary of an entry the one that others of its toolchain are compressed
// against, if it is kept whole.
func (x *Exchange) rebase(toolchain string, e *remote.Entry) {
	if len(e.Files) == 0 || !e.Files[0].Whole() {
		return
	}
	f := e.Files[0]
	x.mu.Lock()
	defer x.mu.Unlock()
	x.bases[toolchain] = &remote.Base{File: f, Content: func() ([]byte, error) { return x.content(f.SHA256) }}
}

// PushTraces writes the traces of a binary that were made here and that the remote record
// has not, or not as long. If two writers do so at once, the remote record may have those of
// one of them: a later run writes the others again.
func (x *Exchange) PushTraces(ctx context.Context, of record.BundleKey, keys []record.TraceKey) {
	if x == nil || !x.Push {
		return
	}
	x.push(ctx, func() error { return x.pushTraces(ctx, of, keys) })
}

func (x *Exchange) pushTraces(ctx context.Context, of record.BundleKey, keys []record.TraceKey) error {
	_, has, err := x.findBundle(ctx, of)
	if bad := (*remote.BadError)(nil); err != nil && !errors.Is(err, remote.ErrNone) && !errors.As(err, &bad) {
		return err
	}
	if x.isIgnored(tracesKind, of.String()) {
		has, err = nil, remote.ErrNone
	}
	whole := err == nil
	own := make(map[record.TraceKey]*matrix.Trace)
	for _, key := range keys {
		if t, miss := x.store.Trace(key); miss == "" && len(t.Trials) > has[key.String()] {
			own[key] = t
		}
	}
	if len(own) == 0 {
		return nil
	}
	all := new(record.Bundle)
	if whole {
		if there, _, err := x.fetchBundle(ctx, of); err == nil {
			all = there
		} else {
			has = nil
		}
	}
	now := sizes{}
	for key, n := range has {
		now[key] = n
	}
	for key, t := range own {
		if _, err := all.Add(key, t); err != nil {
			return err
		}
		now[key.String()] = len(t.Trials)
	}
	content, err := all.Encode()
	if err == nil {
		_, err = x.Remote.Put(ctx, tracesKind, of.String(), now, remote.Source{Content: content})
	}
	if err == nil {
		x.count(func(u *matrix.RemoteUse) { u.PushedTraces++ })
	}
	return err
}

// isIgnored reports whether something is wrong with an entry, so that it is written again.
func (x *Exchange) isIgnored(kind, key string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.ignored[remote.Tag(kind, key)]
}

// push writes in the background: no row waits for it. When writing has failed, it does
// nothing.
func (x *Exchange) push(ctx context.Context, write func() error) {
	x.pushes.Go(func() {
		if x.slots.Acquire(ctx, 1) != nil {
			return // the run has ended
		}
		defer x.slots.Release(1)
		x.mu.Lock()
		off := x.unwritten
		x.mu.Unlock()
		if off {
			return
		}
		if err := write(); err != nil && ctx.Err() == nil {
			x.mu.Lock()
			defer x.mu.Unlock()
			if !x.unwritten {
				x.say(err.Error() + ": nothing more is written to it")
			}
			x.unwritten = true
		}
	})
}

// soon is how long Wait waits before that is worth a word.
const soon = 2 * time.Second

// Wait waits until everything is written, or the context of the run has ended.
func (x *Exchange) Wait() {
	if x == nil {
		return
	}
	say := time.AfterFunc(soon, func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.say("writing what was made")
	})
	x.pushes.Wait()
	say.Stop()
}

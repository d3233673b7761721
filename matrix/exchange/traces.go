package exchange

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/remote"
)

// A bundle is the traces of one binary: what an earlier run fetched, and what the remote
// record has now.
type bundle struct{ before, now func() *record.Bundle }

// sizes is the data of an entry with traces: how many trials each has, by its key. It says
// what a writer would add without fetching them.
type sizes map[string]int

// Trace returns the trace of a key, if the traces of the remote record are believed and it
// has one for which enough returns true. Otherwise it returns nil.
func (x *Exchange) Trace(ctx context.Context, key record.TraceKey, enough func(*matrix.Trace) bool) *matrix.Trace {
	if x == nil || !x.Traces {
		return nil
	}
	all := x.bundleOf(ctx, record.BundleKey{Binary: key.Binary, Server: key.Server})
	for _, get := range []func() *record.Bundle{all.before, all.now} {
		b := get()
		if b == nil {
			continue
		}
		if t := b.Trace(key); t != nil && enough(t) {
			t.From = x.Name()
			return t
		}
	}
	return nil
}

// bundleOf returns the traces of a binary. They are read when they are first asked for.
func (x *Exchange) bundleOf(ctx context.Context, of record.BundleKey) *bundle {
	x.mu.Lock()
	defer x.mu.Unlock()
	b := x.bundles[of]
	if b == nil {
		here := of
		here.From = x.Remote.Ref().ID()
		b = &bundle{
			before: sync.OnceValue(func() *record.Bundle {
				had, _ := x.store.Bundle(here) // nil for a miss
				return had
			}),
			now: sync.OnceValue(func() *record.Bundle {
				if !x.reads() {
					return nil
				}
				got, _, err := x.fetchBundle(ctx, of)
				if err == nil {
					err = x.store.PutBundle(here, got)
				}
				if err != nil {
					x.failed(ctx, err)
					return nil
				}
				x.count(func(u *matrix.RemoteUse) { u.Traces++ })
				return got
			}),
		}
		x.bundles[of] = b
	}
	return b
}

// fetchBundle fetches the traces of a binary, and how many trials each has.
func (x *Exchange) fetchBundle(ctx context.Context, of record.BundleKey) (*record.Bundle, sizes, error) {
	e, has, err := x.findBundle(ctx, of)
	if err != nil {
		return nil, nil, err
	}
	content, err := x.Remote.Fetch(ctx, e, e.Files[0], nil)
	if err != nil {
		return nil, nil, err
	}
	b, err := record.DecodeBundle(content)
	if err != nil {
		return nil, nil, &remote.BadError{Entry: tracesKind + "-" + e.Key, Why: err.Error()}
	}
	return b, has, nil
}

// findBundle returns the entry with the traces of a binary.
func (x *Exchange) findBundle(ctx context.Context, of record.BundleKey) (*remote.Entry, sizes, error) {
	e, err := x.get(ctx, tracesKind, of.String())
	if err != nil {
		return nil, nil, err
	}
	has := sizes{}
	if json.Unmarshal(e.Data, &has) != nil || len(e.Files) != 1 || !e.Files[0].Whole() {
		return nil, nil, &remote.BadError{Entry: tracesKind + "-" + e.Key, Why: "it has no traces"}
	}
	return e, has, nil
}

package exchange

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/remote"
)

// sizes is the data of an entry with traces: how many trials each has, by its key. It says
// what a writer would add without fetching them.
type sizes map[string]int

// Trace returns the trace of a key, if the traces of the remote record are believed and it
// has one for which enough returns true. Otherwise it returns nil.
func (x *Exchange) Trace(ctx context.Context, key record.TraceKey, enough func(*matrix.Trace) bool) *matrix.Trace {
	if x == nil || !x.Traces {
		return nil
	}
	b := x.bundleOf(ctx, record.BundleKey{Binary: key.Binary, Server: key.Server})()
	if b == nil {
		return nil
	}
	t := b.Trace(key)
	if t == nil || !enough(t) {
		return nil
	}
	t.From = x.Name()
	return t
}

// bundleOf returns a function that returns the traces of a binary. They are fetched once in
// a run, and not kept longer: what is removed from the remote record is gone.
func (x *Exchange) bundleOf(ctx context.Context, of record.BundleKey) func() *record.Bundle {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.bundles[of] == nil {
		x.bundles[of] = sync.OnceValue(func() *record.Bundle {
			if !x.reads() {
				return nil
			}
			b, _, err := x.fetchBundle(ctx, of)
			if err != nil {
				x.failed(ctx, err)
				return nil
			}
			x.count(func(u *matrix.RemoteUse) { u.Traces++ })
			return b
		})
	}
	return x.bundles[of]
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
		return nil, nil, &remote.BadError{Entry: remote.Tag(tracesKind, e.Key), Why: err.Error()}
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
		return nil, nil, &remote.BadError{Entry: remote.Tag(tracesKind, e.Key), Why: "it has no traces"}
	}
	return e, has, nil
}

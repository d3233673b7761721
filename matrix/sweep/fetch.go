package sweep

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/source"
)

// fetching is how many releases are downloaded at a time before they are built.
const fetching = 4

// A sources fetches each release once for all rows that have it.
type sources struct {
	proxy *source.Proxy
	mu    sync.Mutex
	got   map[matrix.Release]func() (matrix.Source, error)
}

// fetch returns a release. If another goroutine is fetching it already, fetch waits
// for that.
func (s *sources) fetch(ctx context.Context, r matrix.Release) (matrix.Source, error) {
	r.Toolchain = ""
	s.mu.Lock()
	if s.got == nil {
		s.got = make(map[matrix.Release]func() (matrix.Source, error))
	}
	get := s.got[r]
	if get == nil {
		get = sync.OnceValues(func() (matrix.Source, error) { return s.proxy.Fetch(ctx, r) })
		s.got[r] = get
	}
	s.mu.Unlock()
	return get()
}

// prefetch downloads the toolchains and releases of rows, in their order, while
// others are built. It ignores errors: the rows that need them meet them again.
func (s *Sweep) prefetch(ctx context.Context, rows []*work) {
	var group errgroup.Group
	group.SetLimit(fetching)
	asked := make(map[string]bool)
	for _, w := range rows {
		row := w.row
		if !asked[row.Toolchain] {
			asked[row.Toolchain] = true
			group.Go(func() error {
				_, _ = s.goCmd.Version(ctx, row.Toolchain)
				return nil
			})
		}
		group.Go(func() error {
			if ctx.Err() == nil {
				defer s.load.lightly()()
				_, _ = s.fetched.fetch(ctx, row.Release)
			}
			return nil
		})
	}
	_ = group.Wait() // no function returns an error
}

// places returns the places of rows in the plan.
func places(rows []*work) []int {
	var list []int
	for _, w := range rows {
		list = append(list, w.place)
	}
	return list
}

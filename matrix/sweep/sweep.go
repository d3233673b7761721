// Package sweep drives the stages over all rows of a plan. It fetches, lays,
// builds, runs and judges several rows at a time, looks into the record before it
// does any of that, and emits an event for each step. It is the only package under
// matrix that imports several stages.
package sweep

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/exchange"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/remote"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// Options are the settings of a sweep. Those that could change a trial are part of
// the keys of the record.
type Options struct {
	Trials int    // the most proven trials of a cell
	Fixed  bool   // run them all, whatever the suite's sequential test says
	Sure   bool   // run more, until the cells are as sure as the suite wants published ones to be; it must say that
	Jobs   int    // rows at a time
	Fresh  bool   // recall nothing from before this sweep
	Tool   string // the version of matrixrun, for the results

	Sandbox matrix.SandboxMode // for reproductions; empty for SandboxAuto

	// More returns a plan with further rows, given the results of the plan so far, or nil to
	// add no row. If More itself is nil, no row is added.
	More func(*matrix.Results) *matrix.Plan

	Explain bool // emit why rows are not recalled
	Build   bool // only build: rows have no cells

	Evidence matrix.EvidenceMode // which cells get evidence; empty for none

	Exchange *exchange.Exchange // with a remote record; nil for none
	Verify   float64            // the percentage of the rows that were built elsewhere to make here, too

	UpstreamTests bool          // run the tests that releases ship against patched rows
	UpstreamLimit time.Duration // for the tests of one package
}

// Limits of the reproduction's processes that no suite has a reason to change. A
// trial's report takes a few hundred bytes. One failed process makes a cell an
// error, and three show whether they all fail alike.
const (
	maxOutput   = 16 << 20 // bytes on each of stdout and stderr
	maxFailures = 3
)

// A Sweep answers the rows of a plan.
type Sweep struct {
	spec    *matrix.Spec
	plan    *matrix.Plan
	opts    Options
	goCmd   *gocmd.Go
	fetched *sources
	store   *store
	emit    func(matrix.Event)
	limits  trial.Limits
	shared  string       // the parameters that all trace keys have in common
	sure    *matrix.Sure // nil if cells need not be surer than their verdicts
	busy    keyed        // work that several rows may need at the same time
	builds  *schedule    // of the plan's rows
	load    *load
	trying  *semaphore.Weighted // rows whose scenarios are tried at the same time
	count   counters
	shelf   shelf
	sandbox *sandbox.Sandbox // set by Run
	exposed error            // why sandbox is not known, so that nothing can be tried
	over    atomic.Bool      // Run has returned
	tests   testDir
	lied    lied
}

// New prepares a sweep. emit is called for each event, never by two goroutines
// at once.
func New(spec *matrix.Spec, plan *matrix.Plan, store *record.Store, opts Options, emit func(matrix.Event)) *Sweep {
	g := new(gocmd.Go)
	opts.Jobs, opts.Trials = max(1, opts.Jobs), spec.MostTrials(opts.Trials)
	var sure *matrix.Sure
	if opts.Sure {
		s := judge.Sure(*spec.Sure)
		sure = &s
	}
	limits := trial.Limits{Trial: spec.Limits.Trial, Output: maxOutput, Failures: maxFailures}
	return &Sweep{
		spec: spec, plan: plan, opts: opts, goCmd: g, fetched: &sources{proxy: &source.Proxy{Go: g}},
		store: newStore(store, opts.Fresh), emit: serial(emit),
		sure:   sure,
		limits: limits,
		shared: fmt.Sprintf("%+v %q", limits, trial.Environment(spec.Environment)),
		builds: newSchedule(plan, spec.First, opts.Jobs, runtime.GOMAXPROCS(0)),
		load:   newLoad(opts.Jobs),
		trying: semaphore.NewWeighted(int64(opts.Jobs)),
	}
}

// Run answers all rows in the plan's order and returns the results. What goes wrong
// in a row is part of that row's result. The error is the context's: the results
// then have the rows that were finished, and the record has everything that was
// found out. If nothing was begun, because the sandbox that the options require cannot
// be had, there are no results. There are none either if a remote record turns out not to be
// trusted: the error is then a *LieError.
func (s *Sweep) Run(ctx context.Context) (*matrix.Results, error) {
	defer s.tests.remove()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	s.lied.stop = stop
	s.sandbox, s.exposed = sandbox.Find(ctx, s.opts.Sandbox)
	if s.exposed != nil && s.opts.Sandbox == matrix.SandboxRequire {
		return nil, s.exposed
	}
	s.send(matrix.Event{Planned: s.planned()})
	finish := func(w *work) {
		row := s.answer(ctx, w)
		row.Cells = nonNil(row.Cells)
		if ctx.Err() == nil {
			w.answer = &answer{row, w.effort.took}
			w.pushTraces(ctx)
			s.send(matrix.Event{Row: &row})
		}
	}
	works := s.works(nil)
	for todo := works; len(todo) > 0; works, todo = s.more(ctx, works) {
		s.all(ctx, todo, finish)
	}
	if s.sure != nil {
		s.makeSure(ctx, works, finish)
	}
	s.opts.Exchange.Wait()
	if lie := s.lied.err(); lie != nil {
		s.forget()
		return nil, lie
	}
	for _, w := range works {
		if w.begun {
			s.count.row(&w.effort)
		}
	}
	s.over.Store(true)
	r := s.results(works)
	if err := ctx.Err(); err != nil {
		return r, fmt.Errorf("answering %d rows: stopped after %d: %w", len(s.plan.Rows), len(r.Rows), err)
	}
	return r, nil
}

// works returns the rows in the plan's order. Those of an earlier plan stay as they are.
func (s *Sweep) works(earlier []*work) []*work {
	known := make(map[string]*work)
	for _, w := range earlier {
		known[w.row.ID] = w
	}
	works := make([]*work, len(s.plan.Order))
	for at, i := range s.plan.Order {
		w := known[s.plan.Rows[i].ID]
		if w == nil {
			w = s.newWork(s.plan.Rows[i], i)
		}
		w.place, works[at] = i, w
	}
	return works
}

// more goes on to the plan with further rows that the options ask for. It returns all of
// its rows, and those that are to be answered now: none if there are no further ones.
func (s *Sweep) more(ctx context.Context, works []*work) (all, added []*work) {
	if s.opts.More == nil || ctx.Err() != nil {
		return works, nil
	}
	plan := s.opts.More(s.results(works))
	if plan == nil {
		return works, nil
	}
	prepared := s.builds.prepared
	s.plan, s.builds = plan, newSchedule(plan, s.spec.First, s.opts.Jobs, runtime.GOMAXPROCS(0))
	s.builds.prepared = prepared
	all = s.works(works)
	refined := new(matrix.Refined)
	for _, w := range all {
		if w.answer == nil {
			added = append(added, w)
			refined.Rows = append(refined.Rows, w.row.ID)
		}
	}
	s.send(matrix.Event{Refined: refined})
	return all, added
}

// all calls finish for each row, for several at a time.
func (s *Sweep) all(ctx context.Context, works []*work, finish func(*work)) {
	known, unbuilt := s.look(ctx, works)
	var group sync.WaitGroup
	group.Go(func() { s.prefetch(ctx, unbuilt) })
	// The schedule limits how many of these rows are built at the same time, and
	// trying limits how many are tried.
	s.builds.start(places(unbuilt))
	for _, w := range unbuilt {
		group.Go(func() { finish(w) })
	}
	s.few(ctx, known, finish)
	group.Wait()
}

// few calls finish for each row, for opts.Jobs at a time, until the context ends.
func (s *Sweep) few(ctx context.Context, works []*work, finish func(*work)) {
	var few errgroup.Group
	few.SetLimit(s.opts.Jobs)
	for _, w := range works {
		few.Go(func() error {
			if ctx.Err() == nil {
				finish(w)
			}
			return nil
		})
	}
	_ = few.Wait() // no function returns an error
}

// look returns the rows whose build is in the record, and those that must be built,
// both in the plan's order.
func (s *Sweep) look(ctx context.Context, works []*work) (known, unbuilt []*work) {
	var few errgroup.Group
	few.SetLimit(s.opts.Jobs)
	if s.opts.Exchange != nil {
		few.SetLimit(max(s.opts.Jobs, remote.Parallel)) // most of the time it waits
	}
	for _, w := range works {
		few.Go(func() error {
			w.look(ctx)
			return nil
		})
	}
	_ = few.Wait() // no function returns an error
	s.doubt(works)
	for _, w := range works {
		if w.unbuilt {
			unbuilt = append(unbuilt, w)
		} else {
			known = append(known, w)
		}
	}
	return known, unbuilt
}

// An answer is a row of the results, and what it took to make it.
type answer struct {
	row  matrix.RowResult
	took matrix.CPU
}

// results puts the rows together by version and adds what takes more than one row:
// effects and intervals. A row without an answer was not finished.
func (s *Sweep) results(works []*work) *matrix.Results {
	r := &matrix.Results{
		Schema:       matrix.SchemaVersion,
		Suite:        s.spec.Suite,
		Target:       s.spec.Target.Module,
		Generated:    time.Now().UTC().Truncate(time.Second),
		Matrixrun:    s.opts.Tool,
		Lock:         s.spec.LockDigest,
		Host:         matrix.Host{GOOS: runtime.GOOS, GOARCH: runtime.GOARCH, CPUs: runtime.NumCPU()},
		Reproduction: s.spec.ReproductionDigest,
		Scenarios:    s.plan.Scenarios,
		Question:     s.spec.Question,
		Who:          s.spec.Who,
		Families:     s.spec.Families,
		Words:        s.spec.Words,
		Unaffected:   s.spec.UnaffectedReleases(),
		Untried:      s.plan.Untried,
		Advisories:   judge.Claims(s.spec.Expect, s.plan.Scenarios),
		Sandbox:      s.contained(),
		Costs:        make(map[string]matrix.CPU),
		Sure:         s.sure,
	}
	byPlace := slices.SortedFunc(slices.Values(works), func(a, b *work) int { return a.place - b.place })
	for _, w := range byPlace {
		if w.answer == nil {
			continue
		}
		row := w.answer.row
		if planned := w.row; len(planned.Patches) > 0 {
			base := matrix.BaseOf(&row, r.Rows) // the plan has it before its patched rows
			row.Fixes = judge.Fixes(s.plan.Scenarios, fixes(planned))
			row.Effect = judge.Effect(s.plan.Scenarios, fixes(planned), &row, base)
		}
		r.Rows = append(r.Rows, row)
		if cost := w.answer.took.Plus(matrix.CPU{}); cost.Build > 0 { // rounded to the millisecond
			r.Costs[row.ID] = cost
		}
	}
	r.Intervals = matrix.Intervals(r)
	if s.opts.Evidence == matrix.EvidenceEnds {
		r.KeepEnds()
	}
	return r
}

// contained says what the reproductions of this sweep cannot reach.
func (s *Sweep) contained() *matrix.Sandbox {
	if s.sandbox == nil {
		return nil // it does not run
	}
	return &s.sandbox.Contains
}

// fixes returns the globs of the scenarios that the patches of a row should fix.
func fixes(row matrix.Row) []string {
	var globs []string
	for _, p := range row.Patches {
		globs = append(globs, p.Fixes...)
	}
	return globs
}

// planned returns the event's description of the run.
func (s *Sweep) planned() *matrix.Planned {
	p := &matrix.Planned{Suite: s.spec.Suite, Scenarios: s.plan.Scenarios, Skips: s.plan.Skips, Sandbox: s.contained(), Explain: s.opts.Explain}
	for _, i := range s.plan.Order {
		p.Rows = append(p.Rows, s.plan.Rows[i].ID)
	}
	return p
}

// Planned returns the number of rows that this sweep set out to answer. Call it after Run.
func (s *Sweep) Planned() int { return len(s.plan.Rows) }

// Done returns how much this sweep did. Call it after Run.
func (s *Sweep) Done() matrix.Done {
	done := s.count.done()
	done.Remote = s.opts.Exchange.Used()
	return done
}

// send emits an event with the present time. After Run there are no more events.
func (s *Sweep) send(e matrix.Event) {
	if s.over.Load() {
		return
	}
	e.Time = time.Now().UTC()
	s.emit(e)
}

// serial returns a function that calls emit for one goroutine at a time.
func serial(emit func(matrix.Event)) func(matrix.Event) {
	var mu sync.Mutex
	return func(e matrix.Event) {
		mu.Lock()
		defer mu.Unlock()
		emit(e)
	}
}

// nonNil makes nil lists of cells empty, so that the row of an event is encoded as
// that of results.json.
func nonNil(cells []matrix.Cell) []matrix.Cell {
	for i := range cells {
		c := &cells[i]
		if c.Saw == nil {
			c.Saw = []matrix.Sighting{}
		}
		if c.Evidence == nil {
			c.Evidence = []string{}
		}
	}
	return cells
}

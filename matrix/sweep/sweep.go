// Package sweep drives the stages over all rows of a plan: it fetches, lays,
// builds, runs and judges several rows at a time, asks the record before it
// does anything, and tells what it does as it goes. It is the only package
// under matrix that sees several stages.
package sweep

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// Options are what a sweep may do. Those that can change a verdict are part of
// what the record keeps verdicts by.
type Options struct {
	Trials int    // proven trials of each cell at most
	Fixed  bool   // take them all, whatever the suite's sequential test says
	Jobs   int    // rows at a time
	Fresh  bool   // start over: recall nothing from before this sweep
	Tool   string // the version of matrixrun, for the results

	Explain bool // tell why rows are not recalled

	Evidence matrix.EvidenceMode // which cells are to have some; empty for none

	Cures         bool          // a patch that does not say what it fixes is for all that its release leaks
	UpstreamTests bool          // run the tests that releases ship against patched rows
	UpstreamLimit time.Duration // that those of a package may take
}

// Bounds of the reproduction's processes that no suite has a reason to change:
// a trial's report takes a few hundred bytes, and a cell is an error after its
// first failed process, so that three tell enough.
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
	store   *recall
	emit    func(matrix.Event)
	limits  trial.Limits
	busy    keyed     // builds and trials that several rows may want at once
	builds  *schedule // of the plan's rows
	load    *load
	trying  *semaphore.Weighted // rows whose scenarios are tried at a time
	count   counters
	kept    shelf
}

// New prepares a sweep. emit is called for each event, never by two goroutines
// at once.
func New(spec *matrix.Spec, plan *matrix.Plan, store *record.Store, opts Options, emit func(matrix.Event)) *Sweep {
	g := new(gocmd.Go)
	opts.Jobs = max(1, opts.Jobs)
	return &Sweep{
		spec: spec, plan: plan, opts: opts, goCmd: g, fetched: &sources{proxy: &source.Proxy{Go: g}},
		store: newRecall(store, opts.Fresh), emit: serial(emit),
		limits: trial.Limits{Trial: spec.Limits.Trial, Output: maxOutput, Failures: maxFailures},
		builds: newSchedule(plan, spec.First, opts.Jobs, runtime.GOMAXPROCS(0)),
		load:   newLoad(opts.Jobs),
		trying: semaphore.NewWeighted(int64(opts.Jobs)),
	}
}

// Run answers all rows, the most telling first, and returns the results. What
// goes wrong in one row is told in that row. The error is the context's, where
// that ended the sweep: the results then hold the rows that were finished, and
// the record all that was found out.
func (s *Sweep) Run(ctx context.Context) (*matrix.Results, error) {
	s.tell(matrix.Event{Planned: s.planned()})
	answers := make([]*matrix.RowResult, len(s.plan.Rows))
	finish := func(w *work) {
		answer := s.answer(ctx, w)
		answer.Cells = whole(answer.Cells)
		if ctx.Err() == nil {
			answers[w.place] = &answer
			s.tell(matrix.Event{Row: &answer})
		}
	}
	known, unbuilt := s.look(ctx)
	var group sync.WaitGroup
	group.Go(func() { s.ahead(ctx, unbuilt) })
	// What bounds the rows that are to be built is the schedule, and after that the
	// number of rows that are tried at a time.
	s.builds.start(places(unbuilt))
	for _, w := range unbuilt {
		group.Go(func() { finish(w) })
	}
	var few errgroup.Group
	few.SetLimit(s.opts.Jobs)
	for _, w := range known {
		few.Go(func() error {
			if ctx.Err() == nil {
				finish(w)
			}
			return nil
		})
	}
	_ = few.Wait() // rows have no errors
	group.Wait()
	r := s.results(answers)
	if err := ctx.Err(); err != nil {
		return r, fmt.Errorf("answering %d rows: stopped after %d: %w", len(s.plan.Rows), len(r.Rows), err)
	}
	return r, nil
}

// look asks the record for the builds of all rows, and returns those that need
// none, and those that do, each in the order in which they are to be answered.
func (s *Sweep) look(ctx context.Context) (known, unbuilt []*work) {
	works := make([]*work, len(s.plan.Order))
	var few errgroup.Group
	few.SetLimit(s.opts.Jobs)
	for at, i := range s.plan.Order {
		works[at] = &work{sweep: s, row: s.plan.Rows[i], place: i}
		few.Go(func() error {
			works[at].look(ctx)
			return nil
		})
	}
	_ = few.Wait() // what goes wrong is told by the row
	for _, w := range works {
		if w.unbuilt {
			unbuilt = append(unbuilt, w)
		} else {
			known = append(known, w)
		}
	}
	return known, unbuilt
}

// results puts the rows together, in the plan's order, with what only all of
// them can tell: effects and intervals.
func (s *Sweep) results(answers []*matrix.RowResult) *matrix.Results {
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
		Costs:        make(map[string]matrix.CPU),
	}
	bases := make(map[string]*matrix.RowResult)
	for i, answer := range answers {
		if answer == nil {
			continue
		}
		row := s.plan.Rows[i]
		if len(row.Patches) == 0 {
			bases[row.Release.Version] = answer
		} else {
			base := bases[row.Release.Version]
			answer.Fixes = judge.Fixes(s.plan.Scenarios, fixes(row), base, s.opts.Cures)
			answer.Effect = judge.Effect(s.plan.Scenarios, answer.Fixes, answer, base)
		}
		r.Rows = append(r.Rows, *answer)
		if answer.CPU.Build > 0 {
			r.Costs[answer.ID] = answer.CPU
		}
	}
	r.Intervals = matrix.Intervals(r.Rows, r.Scenarios)
	if s.opts.Evidence == matrix.EvidenceEnds {
		r.KeepEnds()
	}
	return r
}

// fixes returns what all patches of a row are for.
func fixes(row matrix.Row) []string {
	var globs []string
	for _, p := range row.Patches {
		globs = append(globs, p.Fixes...)
	}
	return globs
}

// planned describes the run before it begins.
func (s *Sweep) planned() *matrix.Planned {
	p := &matrix.Planned{Suite: s.spec.Suite, Scenarios: s.plan.Scenarios, Skips: s.plan.Skips, Explain: s.opts.Explain}
	for _, i := range s.plan.Order {
		p.Rows = append(p.Rows, s.plan.Rows[i].ID)
	}
	return p
}

// Done counts what this sweep did; call it after Run.
func (s *Sweep) Done() matrix.Done { return s.count.done() }

// tell sends an event with the time.
func (s *Sweep) tell(e matrix.Event) {
	e.Time = time.Now().UTC()
	s.emit(e)
}

package sweep

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// What a sweep does with a remote record: it looks there for what the record of this machine
// has not, writes what was made here, and makes a sample again to check what others wrote.

// fetchBuild returns the artifact of a build key from the remote record. The miss is empty
// if it has one. A fresh sweep and one that only recalls do not ask.
func (w *work) fetchBuild(ctx context.Context, key, miss string) (matrix.Artifact, string) {
	if w.sweep.opts.Fresh || w.recall || w.doubted {
		return matrix.Artifact{}, miss
	}
	a, ok := w.sweep.opts.Exchange.Artifact(ctx, key, w.isPatchedAs)
	if !ok {
		return matrix.Artifact{}, miss
	}
	w.sweep.lied.note(key)
	w.effort.add(func(e *effort) { e.got = true })
	return a, ""
}

// isPatchedAs reports whether an artifact says how each patch of the row was applied, and no other.
func (w *work) isPatchedAs(a matrix.Artifact) bool {
	return slices.EqualFunc(a.Applied, w.row.Patches, func(is matrix.Applied, p matrix.Variant) bool {
		return is.Name == p.Patch && is.SHA256 == p.SHA256
	})
}

// fetchTrace returns a trace from the remote record, if its traces are believed and it has
// one that is enough for the verdict; nil otherwise. A row that is made here to check the
// remote record takes none.
func (w *work) fetchTrace(ctx context.Context, key record.TraceKey, scenario matrix.Scenario, b judge.Budget) *matrix.Trace {
	if w.sweep.opts.Fresh || w.recall || w.doubted {
		return nil
	}
	return w.sweep.opts.Exchange.Trace(ctx, key, func(t *matrix.Trace) bool { return w.sweep.wanted(scenario, t, b) == 0 })
}

// push writes a build to the remote record, if it was made here.
func (w *work) push(ctx context.Context, key string, a matrix.Artifact) {
	if !w.recall {
		w.sweep.opts.Exchange.PushBuild(ctx, key, w.row.Toolchain, a)
	}
}

// pushTraces writes the trials of a row that was answered to the remote record.
func (w *work) pushTraces(ctx context.Context) {
	if w.answer == nil || w.answer.row.Binary == "" || w.sweep.opts.Build {
		return
	}
	keys := make(map[record.BundleKey][]record.TraceKey)
	for _, scenario := range w.sweep.plan.Scenarios {
		p := w.partFor(scenario)
		if p.artifact.SHA256 == "" {
			continue
		}
		key := p.work.traceKey(p.artifact, scenario)
		of := record.BundleKey{Binary: key.Binary, Server: key.Server}
		keys[of] = append(keys[of], key)
		key.Apart = true
		keys[of] = append(keys[of], key)
	}
	for of, all := range keys {
		w.sweep.opts.Exchange.PushTraces(ctx, of, all)
	}
}

// doubt chooses the rows that are made here to check the remote record: a share of those
// that were built elsewhere, or if traces are believed, of all rows; and at least one of them.
func (s *Sweep) doubt(works []*work) {
	var elsewhere []*work
	for _, w := range works {
		if w.answer == nil && w.row.Adapter.Supported && (w.elsewhere != "" || s.opts.Exchange.Believes()) {
			elsewhere = append(elsewhere, w)
		}
	}
	if s.opts.Verify <= 0 || len(elsewhere) == 0 {
		return
	}
	n := max(1, int(float64(len(elsewhere))*s.opts.Verify/100+0.5))
	for _, i := range rand.Perm(len(elsewhere))[:min(n, len(elsewhere))] {
		elsewhere[i].doubted, elsewhere[i].unbuilt = true, true
	}
}

// checking is why a row that the remote record has is made here.
const checking = "it is made here to check the remote record"

// own returns the artifact of a build key if it was made here. It notes that of the remote
// record, to compare them.
func (w *work) own(ctx context.Context, key string) (matrix.Artifact, string) {
	a, miss := w.sweep.store.Artifact(key)
	theirs, there := a, miss == "" && a.From != ""
	if miss != "" {
		theirs, there = w.sweep.opts.Exchange.Artifact(ctx, key, w.isPatchedAs)
	}
	if there {
		w.sweep.lied.note(key)
		w.effort.add(func(e *effort) { e.theirs = &theirs })
		return matrix.Artifact{}, checking
	}
	return a, miss
}

// check compares a build that was made here with that of the remote record, if the row is
// one of the sample.
func (w *work) check(mine matrix.Artifact) error {
	var theirs *matrix.Artifact
	w.effort.add(func(e *effort) { theirs, e.theirs = e.theirs, nil })
	if theirs == nil || sameBuild(*theirs, mine) {
		return nil
	}
	return w.sweep.lied.tell(w.row.ID, w.sweep.opts.Exchange.NameOf(*theirs), *theirs, mine)
}

// sameBuild reports whether two builds have the same binary, and say the same of it. What
// they cost does not count, nor what earlier versions did not look for.
func sameBuild(a, b matrix.Artifact) bool {
	for _, one := range []*matrix.Artifact{&a, &b} {
		one.From, one.Path, one.CPU, one.Tools, one.NoC = "", "", 0, 0, false
	}
	first, firstErr := json.Marshal(a)
	second, secondErr := json.Marshal(b)
	return firstErr == nil && secondErr == nil && bytes.Equal(first, second)
}

// checkCell compares the verdict of trials that ran here with that of the remote record, if
// the row is one of the sample, and traces are believed.
func (w *work) checkCell(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario, b judge.Budget, mine matrix.Cell) error {
	if !w.doubted {
		return nil
	}
	key := w.traceKey(a, scenario)
	there := w.sweep.opts.Exchange.Trace(ctx, key, func(t *matrix.Trace) bool { return w.sweep.wanted(scenario, t, b) == 0 })
	if there == nil {
		return nil
	}
	theirs := judge.Cell(scenario, there, b)
	clean := theirs.Verdict == matrix.VerdictClean && mine.Leaks > 0
	if leaks := theirs.Verdict == matrix.VerdictLeak && mine.Verdict == matrix.VerdictClean; !clean && !leaks {
		return nil
	}
	return w.sweep.lied.set(&LieError{Row: w.row.ID + "/" + scenario.Name, From: there.From, Theirs: string(theirs.Verdict), Mine: string(mine.Verdict)})
}

// A LieError says that what a remote record has is not what comes out here.
type LieError struct{ Row, From, Theirs, Mine string }

func (e *LieError) Error() string {
	return fmt.Sprintf("%s of the remote record %s is not what comes out here: there it is %s, here %s: find out who wrote it, and run without it", e.Row, e.From, e.Theirs, e.Mine)
}

// A lied keeps the first difference between the remote record and what comes out here.
type lied struct {
	mu    sync.Mutex
	first *LieError
	keys  []string // of builds in the record of this machine that are from the remote one
	stop  context.CancelCauseFunc
}

// note notes that the record of this machine has a build from the remote one.
func (l *lied) note(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys = append(l.keys, key)
}

// tell notes that a build is not what the remote record has.
func (l *lied) tell(row, from string, theirs, mine matrix.Artifact) error {
	what := func(a matrix.Artifact) string {
		switch {
		case a.Conflict != "":
			return "a patch that does not apply"
		case a.SHA256 == "":
			return "a build that fails"
		default:
			return "sha256:" + a.SHA256
		}
	}
	return l.set(&LieError{Row: row, From: from, Theirs: what(theirs), Mine: what(mine)})
}

// set notes a difference, and stops the sweep.
func (l *lied) set(e *LieError) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.first = cmp.Or(l.first, e)
	l.stop(e)
	return e
}

// err returns the first difference; nil for none.
func (l *lied) err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.first == nil {
		return nil
	}
	return l.first
}

// forget removes from the record of this machine the builds that are from the remote one.
func (s *Sweep) forget() {
	s.lied.mu.Lock()
	defer s.lied.mu.Unlock()
	for _, key := range s.lied.keys {
		if a, miss := s.store.Artifact(key); miss == "" && a.From != "" {
			s.store.ForgetArtifact(key)
		}
	}
}

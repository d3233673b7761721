package sweep

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// misses are the reasons why a row is not recalled.
type misses struct {
	mu   sync.Mutex
	list []matrix.Miss
}

// add adds a reason. Scenarios with the same reason share an entry.
func (m *misses) add(what, scenario, why string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.list, func(o matrix.Miss) bool { return o.What == what && o.Why == why })
	if i < 0 {
		i = len(m.list)
		m.list = append(m.list, matrix.Miss{What: what, Why: why})
	}
	if scenario != "" && !slices.Contains(m.list[i].Scenarios, scenario) {
		m.list[i].Scenarios = append(m.list[i].Scenarios, scenario)
	}
}

// noteMiss notes why something is not in the record and has to be made now. For a
// server it is noted with the row that asked for the server first.
func (w *work) noteMiss(what, scenario, miss string) {
	if !w.sweep.opts.Explain {
		return
	}
	switch {
	case miss == record.NotRecorded && what == matrix.MissEvidence:
		miss = "none was kept of this binary"
	case miss == record.NotRecorded && what == matrix.MissUpstream:
		miss = "they were never run with this release, its patches and its toolchain"
	}
	switch {
	case w.serves == nil:
		w.inPlan().misses.add(what, scenario, miss)
	case what == matrix.MissBuild:
		w.serves.misses.add(matrix.MissServer, "", miss)
	default:
		w.serves.misses.add(matrix.MissServerBinary, "", miss)
	}
}

// noteBuildMiss notes why the row's build is not in the record.
func (w *work) noteBuildMiss(miss string) {
	if !w.sweep.opts.Explain {
		return
	}
	if miss == record.NotRecorded {
		miss = w.past.why(w, func(was last) string {
			is := w.recipe()
			if is.C == nil || was.Recipe.C == nil {
				is.C, was.Recipe.C = nil, nil // it has no C, or that was not known
			}
			if was.Recipe.Key() == is.Key() {
				return removed
			}
			return strings.Join(is.Since(was.Recipe), ", ")
		}, "never built here")
	}
	w.noteMiss(matrix.MissBuild, "", miss)
}

// noteTrialsMiss notes why not all trials of a scenario are in the record.
func (w *work) noteTrialsMiss(key record.TraceKey, miss string) {
	// That a row needs more trials than this sweep recorded itself is no news.
	if !w.sweep.opts.Explain || w.sweep.store.own(key) {
		return
	}
	if miss == record.NotRecorded {
		miss = w.past.why(w, func(was last) string { return was.Tried.since(key) }, neverTried)
	}
	w.noteMiss(matrix.MissTrials, key.Scenario, miss)
}

// tooFew says that a verdict needs n more trials than the record has.
func tooFew(has, n int) string {
	return fmt.Sprintf("%d more needed than the %d in the record", n, has)
}

const (
	neverTried = "never tried here"
	removed    = "it was there, and was pruned or removed"
)

// since says why the record has no trace of a key, given how the row was tried the
// last time.
func (t *tried) since(key record.TraceKey) string {
	if t == nil {
		return neverTried
	}
	var changes []string
	if key.Binary != t.Binary {
		changes = append(changes, "the binary is another one")
	}
	parameters, open := strings.CutSuffix(key.Parameters, openly)
	was, wasOpen := strings.CutSuffix(t.Parameters, openly)
	switch {
	case open && !wasOpen:
		changes = append(changes, "there is no sandbox now")
	case wasOpen && !open:
		changes = append(changes, "there is a sandbox now")
	}
	if parameters != was {
		changes = append(changes, "the limits, the arguments or what counts as the defect changed")
	}
	switch {
	case key.Server == t.Server:
	case key.Server == "":
		changes = append(changes, "the servers are the row's own now")
	case t.Server == "":
		changes = append(changes, "the servers are not the row's own any more")
	default:
		changes = append(changes, "the server's binary is another one")
	}
	switch {
	case len(changes) > 0:
		return strings.Join(changes, ", ")
	case !slices.Contains(t.Scenarios, key.Scenario):
		return neverTried
	case key.Apart:
		return "the others disagree, and these run with nothing else running"
	}
	return removed
}

// explain emits the reasons why the row was not recalled, if there are any.
func (w *work) explain(ctx context.Context) {
	if len(w.misses.list) == 0 || ctx.Err() != nil {
		return
	}
	at := make(map[string]int)
	for i, s := range w.sweep.plan.Scenarios {
		at[s.Name] = i
	}
	for i := range w.misses.list {
		slices.SortFunc(w.misses.list[i].Scenarios, func(a, b string) int { return cmp.Compare(at[a], at[b]) })
	}
	w.sweep.send(matrix.Event{Missed: &matrix.Missed{Row: w.row.ID, Misses: w.misses.list}})
	w.misses.list = nil
}

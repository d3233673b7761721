package sweep

import (
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
)

// An effort is what it takes to answer one row. The scenarios of the row add to it
// at the same time.
type effort struct {
	mu     sync.Mutex
	stage  string // the last one that an event announced
	laid   bool   // on disk, if only to see that a patch does not apply
	built  bool
	got    bool             // its build was fetched by this sweep
	theirs *matrix.Artifact // what the remote record has for the build that is made here to check it
	failed bool             // something could not be found out
	trials int              // executed by this sweep
	cpu    matrix.CPU       // spent by this sweep
	took   matrix.CPU       // what the row's artifact and trials took whenever they were made
}

// add changes the effort, one goroutine at a time.
func (e *effort) add(change func(*effort)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(e)
}

// step sends an event that the row has reached a stage, if it is not the stage of
// the event before. Those of a server or a part belong to the row
// that waits for it.
func (w *work) step(stage string) {
	again := false
	w.effort.add(func(e *effort) { again, e.stage = e.stage == stage, stage })
	switch {
	case again:
	case w.inPlan() != w:
		w.inPlan().step(stage)
	default:
		w.sweep.send(matrix.Event{Step: &matrix.Step{Row: w.row.ID, Stage: stage}})
	}
}

// join adds the effort for a part of the row.
func (e *effort) join(part *effort) {
	e.add(func(e *effort) {
		e.laid, e.built, e.got, e.failed = e.laid || part.laid, e.built || part.built, e.got || part.got, e.failed || part.failed
		e.trials += part.trials
		e.cpu, e.took = e.cpu.Plus(part.cpu), e.took.Plus(part.took)
	})
}

// counters sum up the efforts of all rows.
type counters struct {
	mu    sync.Mutex
	total matrix.Done
}

// row adds the effort of an answered row.
func (c *counters) row(e *effort) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total.Rows++
	c.total.Trials += e.trials
	c.total.CPU = c.total.CPU.Plus(e.cpu)
	if e.built {
		c.total.Built++
	}
	if e.got && !e.built {
		c.total.Fetched++
	}
	if !e.laid && !e.got && !e.failed && e.trials == 0 {
		c.total.Recalled++
	}
}

// built adds a build that is not of a row of the plan.
func (c *counters) built(cpu matrix.CPU) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total.Built++
	c.total.CPU = c.total.CPU.Plus(cpu)
}

func (c *counters) done() matrix.Done {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.total
}

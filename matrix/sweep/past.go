package sweep

import (
	"reflect"
	"slices"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// last is how a row was made the last time, as the record keeps it to tell what
// changed since.
type last struct {
	Recipe build.Recipe
	Tried  *tried `json:",omitempty"` // nil where there was nothing to try
}

// tried is how the trials of a row were run: the parts of their keys.
type tried struct {
	Binary, Parameters string
	Server             string   `json:",omitempty"`
	Scenarios          []string // sorted
}

// past is the last time of a row, read when it is first asked for.
type past struct {
	once sync.Once
	last last
	miss string
}

func (p *past) read(w *work) (last, string) {
	p.once.Do(func() { p.miss = w.sweep.store.Row(w.rowKey(), &p.last) })
	return p.last, p.miss
}

// orWhy says what the last time of a row explains, or what it means that there
// was none.
func (p *past) orWhy(w *work, explain func(last) string, never string) string {
	switch was, miss := p.read(w); miss {
	case "":
		return explain(was)
	case record.NotRecorded:
		return never
	default:
		return record.NotRecorded + ", and what is known of the last time is " + miss
	}
}

// rowKey names the row by what stays when it is made anew.
func (w *work) rowKey() record.RowKey {
	spec := w.sweep.spec
	return record.RowKey{Suite: spec.Suite, Target: spec.Target.Module, Row: w.row.ID, Server: w.told != nil}
}

// remember keeps how the row was made, where that is not known already. No
// verdict depends on it, so that an error is nobody's concern.
func (w *work) remember(a matrix.Artifact) {
	if w.recall || !build.Settled(a) {
		return
	}
	was, miss := w.past.read(w)
	is := last{Recipe: w.recipe()}
	if a.SHA256 != "" && w.told == nil {
		key := w.traceKey(a, matrix.Scenario{})
		is.Tried = &tried{Binary: key.Binary, Parameters: key.Parameters, Server: key.Server}
		if t := was.Tried; t != nil && t.Binary == key.Binary && t.Parameters == key.Parameters && t.Server == key.Server {
			is.Tried.Scenarios = slices.Clone(t.Scenarios)
		}
		for _, s := range w.sweep.plan.Scenarios {
			is.Tried.Scenarios = append(is.Tried.Scenarios, s.Name)
		}
		slices.Sort(is.Tried.Scenarios)
		is.Tried.Scenarios = slices.Compact(is.Tried.Scenarios)
	}
	if miss != "" || !reflect.DeepEqual(is, was) {
		_ = w.sweep.store.PutRow(w.rowKey(), is)
	}
}

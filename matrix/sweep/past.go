package sweep

import (
	"reflect"
	"slices"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// A last is how a row was made the last time. The record keeps it so that explain
// can say what has changed since.
type last struct {
	Recipe build.Recipe
	Tried  *tried `json:",omitempty"` // nil if there was no binary to try
}

// A tried is how the trials of a row were run: the parts of their keys.
type tried struct {
	Binary, Parameters string
	Server             string   `json:",omitempty"`
	Scenarios          []string // sorted
}

// A past reads the last of a row when it is first asked for.
type past struct {
	once sync.Once
	last last
	miss string
}

func (p *past) read(w *work) (last, string) {
	p.once.Do(func() { p.miss = w.sweep.store.Row(w.rowKey(), &p.last) })
	return p.last, p.miss
}

// why returns explain of the last time, or never if there was none.
func (p *past) why(w *work, explain func(last) string, never string) string {
	switch was, miss := p.read(w); miss {
	case "":
		return explain(was)
	case record.NotRecorded:
		return never
	default:
		return record.NotRecorded + ", and what is known of the last time is " + miss
	}
}

// rowKey returns the key of the row's last: the parts that do not change between
// runs.
func (w *work) rowKey() record.RowKey {
	spec := w.sweep.spec
	key := record.RowKey{Suite: spec.Suite, Target: spec.Target.Module, Row: w.row.ID, Server: w.serves != nil}
	if w.partOf != nil {
		key.Package = w.pkg
	}
	return key
}

// remember records how the row was made, if that has changed. It ignores errors,
// since no verdict depends on it.
func (w *work) remember(a matrix.Artifact) {
	if w.recall {
		return
	}
	was, miss := w.past.read(w)
	is := last{Recipe: w.recipe()}
	if a.SHA256 != "" && w.serves == nil {
		key := w.traceKey(a, matrix.Scenario{})
		is.Tried = &tried{Binary: key.Binary, Parameters: key.Parameters, Server: key.Server}
		if t := was.Tried; t != nil && t.Binary == key.Binary && t.Parameters == key.Parameters && t.Server == key.Server {
			is.Tried.Scenarios = slices.Clone(t.Scenarios)
		}
		for _, s := range w.sweep.plan.Scenarios {
			if s.Package == w.pkg {
				is.Tried.Scenarios = append(is.Tried.Scenarios, s.Name)
			}
		}
		slices.Sort(is.Tried.Scenarios)
		is.Tried.Scenarios = slices.Compact(is.Tried.Scenarios)
	}
	if miss != "" || !reflect.DeepEqual(is, was) {
		_ = w.sweep.store.PutRow(w.rowKey(), is)
	}
}

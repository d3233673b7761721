package sweep

import (
	"context"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// soon is how long another process is waited for before that is told.
const soon = time.Second

// claim waits until no other process does the same work: what is to be looked up
// may be in the record then. It is asked for what the record lacked, so that a
// run that recalls all takes no lock of another process.
//
// Inside of this process the keyed lock of the same key is held already. Claims
// are taken in this order, and never two of one kind, so that no two processes
// wait for each other (see record.Claim):
//
//	build
//	trace or evidence, then binary
//	upstream, then tests
//
// Who waits here holds no part of the load, nor anything else that another claim's
// holder may need to come to its end.
func (w *work) claim(ctx context.Context, kind, key string) (release func(), err error) {
	row := w
	if w.told != nil {
		row = w.told
	}
	told := make(chan struct{})
	late := time.AfterFunc(soon, func() {
		defer close(told)
		w.sweep.tell(matrix.Event{Step: &matrix.Step{Row: row.row.ID, Stage: "wait"}})
	})
	release, err = w.sweep.store.Claim(ctx, kind, key)
	if !late.Stop() {
		<-told
		row.note(func(d *did) { d.stage = "wait" }) // so that the stage that comes is told, even if it was before
	}
	return release, err
}

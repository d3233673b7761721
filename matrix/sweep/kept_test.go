package sweep

import (
	"errors"
	"sync"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestKept obtains one thing with several goroutines, which make it once. A row
// that only recalls makes nothing.
func TestKept(t *testing.T) {
	s := newSweep(t, unsupported("v0.1.0"), Options{}, func(matrix.Event) {})
	made := 0 // guarded by the lock of the key
	thing := kept[int]{
		kind: "thing", key: "k", name: "the thing",
		get: func() (int, string) {
			if made == 0 {
				return 0, "never made"
			}
			return made, ""
		},
		make: func(int, string) (int, error) {
			made++
			return made, nil
		},
	}
	var miss *MissError
	if _, err := thing.obtain(t.Context(), &work{sweep: s, recall: true}); !errors.As(err, &miss) || miss.What != "the thing" || miss.Why != "never made" {
		t.Errorf("recalling: error %v, want a *MissError", err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got, err := thing.obtain(t.Context(), &work{sweep: s}); got != 1 || err != nil {
				t.Errorf("got %d, %v", got, err)
			}
		})
	}
	group.Wait()
}

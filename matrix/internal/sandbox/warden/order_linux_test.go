package warden

import (
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"
)

// TestReports checks that the start of a program is reported before reap can report its
// end, for which reap needs the lock: who waits for the start would wait in vain.
func TestReports(t *testing.T) {
	path, err := exec.LookPath("true")
	if err != nil {
		t.Skip("needs the command true: ", err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	var w *warden
	started := 0
	w = newWarden(func(r Report) {
		if !r.Ready || r.ID != 1 {
			t.Errorf("report %+v", r)
		}
		if w.mu.TryLock() {
			w.mu.Unlock()
			t.Error("the start is reported without the lock")
		}
		started++
	})
	w.null = int(null.Fd())
	if err := w.launch(program{1, make(chan struct{})}, Launch{Path: path, Args: []string{path}}, []int{w.null, w.null}); err != nil {
		t.Fatal(err)
	}
	if started != 1 {
		t.Errorf("the start is reported %d times", started)
	}
	for pid := range w.programs {
		if _, err := unix.Wait4(pid, nil, 0, nil); err != nil {
			t.Error(err)
		}
	}
}

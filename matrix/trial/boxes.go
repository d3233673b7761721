package trial

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// Boxes keeps the boxes that runs of a program have used, for its next runs: to make a
// box takes longer than a trial. One run at a time has a box, which is cleared when the
// run is over. No other program gets it. The zero value is ready to use.
//
// What a run can leave for the next one of the same code is what the kernel keeps
// without a process: System V shared memory, for instance.
type Boxes struct {
	mu   sync.Mutex
	idle []*home
}

// A home is a folder of its own, and a box that can write there if there is a sandbox.
type home struct {
	dir      string
	box      *sandbox.Box  // nil for none
	binaries []os.FileInfo // that the box was made for
}

// take returns a home for a run of a program, which the caller gives back. Nil keeps none.
func (b *Boxes) take(ctx context.Context, p Program) (*home, error) {
	binaries, err := look(p)
	if err != nil {
		return nil, err
	}
	if b != nil {
		b.mu.Lock()
		for len(b.idle) > 0 {
			h := b.idle[len(b.idle)-1]
			b.idle = b.idle[:len(b.idle)-1]
			if (h.box == nil || h.box.Works()) && slices.EqualFunc(h.binaries, binaries, regular.Same) {
				b.mu.Unlock()
				return h, nil
			}
			h.close() // its warden has ended, or a binary was made anew
		}
		b.mu.Unlock()
	}
	return newHome(ctx, p, binaries)
}

// look finds the files of a program that runs in a box. A box leaves out what is not
// there.
func look(p Program) (binaries []os.FileInfo, err error) {
	if !p.Sandbox.Active() {
		return nil, nil
	}
	for _, binary := range []string{p.Binary, p.Server} {
		if binary == "" {
			continue
		}
		info, err := os.Stat(binary)
		if err != nil {
			return nil, process{binary: binary}.hide(fmt.Errorf("starting %w", err))
		}
		binaries = append(binaries, info)
	}
	return binaries, nil
}

// newHome makes a home for a program with these binaries.
func newHome(ctx context.Context, p Program, binaries []os.FileInfo) (_ *home, err error) {
	h := &home{binaries: binaries}
	if h.dir, err = scratch.Dir("trials-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	if !p.Sandbox.Active() {
		return h, nil
	}
	// Another user runs the programs of root, and has to get to its own folders there.
	if err := os.Chmod(h.dir, 0o711); err != nil { //nolint:gosec // the folder above is private
		return nil, err
	}
	files := sandbox.Files{Programs: []string{p.Binary}, Write: []string{h.dir}}
	if p.Tests.Dir != "" {
		files.Read = []string{p.Tests.Dir}
	}
	if p.Server != "" {
		files.Programs = append(files.Programs, p.Server)
	}
	h.box, err = p.Sandbox.Open(ctx, files)
	return h, err
}

// give takes a home back: it ends the processes there, and removes folders of the run.
func (b *Boxes) give(h *home, folders []string) {
	if b == nil || h.box == nil || h.box.Clear() != nil {
		h.close()
		return
	}
	for _, dir := range folders {
		_ = scratch.RemoveAll(dir)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.idle = append(b.idle, h)
}

// Close ends the boxes that no run uses. Nil has none.
func (b *Boxes) Close() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, h := range b.idle {
		h.close()
	}
	b.idle = nil
}

// close ends all processes of a home, and removes it.
func (h *home) close() {
	if h.box != nil {
		h.box.Close()
	}
	_ = scratch.RemoveAll(h.dir)
}

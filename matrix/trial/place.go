package trial

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
)

// A place is where the processes of a program run once: in a home, with a folder for the
// temporary files of each.
type place struct {
	program Program // with absolute paths
	client  string  // a folder
	server  string  // likewise; empty if the program has no process for servers
	sandbox *sandbox.Sandbox
	home    *home
	folders []string // to remove
}

// openPlace makes a place. The caller closes it.
func openPlace(ctx context.Context, p Program) (_ *place, err error) {
	for _, binary := range []*string{&p.Binary, &p.Server} {
		if *binary == "" {
			continue
		}
		if *binary, err = filepath.Abs(*binary); err != nil {
			return nil, err
		}
	}
	at := &place{program: p, sandbox: p.Sandbox}
	if at.home, err = p.Boxes.take(ctx, p); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			at.close()
		}
	}()
	if at.client, err = at.folder("trial-"); err == nil && p.Server != "" {
		at.server, err = at.folder("trial-")
	}
	return at, err
}

// folder makes a folder that is removed with the place.
func (at *place) folder(pattern string) (string, error) {
	dir, err := os.MkdirTemp(at.home.dir, pattern)
	if err != nil {
		return "", fmt.Errorf("making a temporary folder: %w", err)
	}
	at.folders = append(at.folders, dir)
	return dir, nil
}

// starter returns what starts processes in the place that may write to these folders,
// without empty names; nil means this process.
func (at *place) starter(folders ...string) proc.Starter {
	if at.home.box == nil {
		return nil
	}
	var write []string
	for _, dir := range folders {
		if dir != "" {
			write = append(write, dir)
		}
	}
	return at.home.box.Only(write...)
}

// close ends the processes in the place, and removes it with all that they wrote there.
func (at *place) close() { at.program.Boxes.give(at.home, at.folders) }

package trial

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// A place is where the processes of a program run: a folder for the temporary files of
// each, and a box that both share, if there is a sandbox.
type place struct {
	program Program // with absolute paths
	client  string  // a folder
	server  string  // likewise; empty if the program has no process for servers
	sandbox *sandbox.Sandbox
	box     *sandbox.Box // nil for none
}

// openPlace makes a place. Evidence is a folder that processes in it may write to, or
// empty. The caller closes the place.
func openPlace(ctx context.Context, p Program, evidence string) (_ *place, err error) {
	at := &place{program: p, sandbox: p.Sandbox}
	defer func() {
		if err != nil {
			at.close()
		}
	}()
	files := sandbox.Files{}
	for _, one := range []struct{ binary, dir *string }{{&at.program.Binary, &at.client}, {&at.program.Server, &at.server}} {
		if *one.binary == "" {
			continue
		}
		if *one.binary, err = filepath.Abs(*one.binary); err != nil {
			return nil, err
		}
		if *one.dir, err = scratch.Dir("trial-"); err != nil {
			return nil, err
		}
		files.Programs, files.Write = append(files.Programs, *one.binary), append(files.Write, *one.dir)
	}
	if evidence != "" {
		files.Write = append(files.Write, evidence)
	}
	if !p.Sandbox.Active() {
		return at, nil
	}
	if _, err := os.Stat(at.program.Binary); err != nil { // a box leaves out what is not there
		return nil, fmt.Errorf("starting %w", err)
	}
	at.box, err = p.Sandbox.Open(ctx, files)
	return at, err
}

// starter returns what starts processes in the place; nil means this process.
func (at *place) starter() proc.Starter {
	if at.box == nil {
		return nil // not a nil *Box, which would not be nil in the interface
	}
	return at.box
}

// close ends the processes in the place, and removes it with all that they wrote there.
func (at *place) close() {
	if at.box != nil {
		at.box.Close()
	}
	for _, dir := range []string{at.client, at.server} {
		if dir != "" {
			_ = scratch.RemoveAll(dir)
		}
	}
}

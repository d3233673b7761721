// Package program finds out what a build is made from: the modules that it selects,
// with what replaces them, the lines that say so, and the folders with their code.
//
// Where there is a go command and a module, the go command selects, with the settings
// of the user: GOFLAGS, GOWORK, GOTOOLCHAIN. Elsewhere the files are read by the same
// rules. [matrix.Input] says which it was. Nothing of the user's is written: what the go
// command could change, it gets as a copy.
package program

import (
	"context"
	"io"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// Options say how to read a program.
type Options struct {
	Stdin     io.Reader // what the name "-" reads
	Target    []string  // module paths that the target was released under
	FilesOnly bool      // do not run the go command
	Offline   bool      // download nothing

	// PathOf returns the module path that serves a version of the target. If it is nil, the
	// module of a version by itself has no path.
	PathOf func(version string) string

	// Downloading is called before modules are downloaded; it may be nil.
	Downloading func(modules int)
}

// run runs the go command.
func (o Options) run(ctx context.Context, c gocmd.Call) ([]byte, error) {
	if o.Offline {
		c.Env = append(c.Env, "GOPROXY=off")
	}
	return new(gocmd.Go).Run(ctx, c)
}

// Read reads the program that a name stands for:
//
//   - a folder: its module or workspace, as the go command finds it from there
//   - a go.mod, a go.work, a vendor folder, or its modules.txt
//   - a file with the output of go list -m -json all, or of go list -m all
//   - a program that the go command compiled
//   - a version of the target, or MODULE@VERSION
//   - "-": one of these texts on standard input
//
// An empty name stands for the working folder. The error is matrix.Problems if the name
// stands for nothing of the kind.
func Read(ctx context.Context, name string, o Options) (*matrix.Program, error) {
	in, err := open(name, o)
	if err != nil {
		return nil, err
	}
	return in.read(ctx, o)
}

package gocmd

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// coverLimit limits the program that reads coverage data. The go command may compile it first.
const coverLimit = 5 * time.Minute

// Profile returns the coverage profile, as text, of the data files in a folder, which a program
// that was built with -cover left there. It is an error if it has more than a number of bytes,
// or if the data cannot be read: the program may have written anything.
func (g *Go) Profile(ctx context.Context, toolchain, dir string, most int64) ([]byte, error) {
	tool, err := g.covdata(ctx, toolchain)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, coverLimit)
	defer cancel()
	var profile bytes.Buffer
	said := proc.Tail{Max: 1 << 10}
	err = proc.Cmd{
		Path: tool, Args: []string{"textfmt", "-i=" + dir, "-o=/dev/stdout"}, Env: Call{}.environ().list(),
		Stdout: &profile, MaxStdout: most, Stderr: &said, MaxStderr: maxStderr,
	}.Run(limited)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, &CoverError{fmt.Errorf("reading coverage data: %w: %s", err, strings.TrimSpace(said.String()))}
	}
	return profile.Bytes(), nil
}

// A CoverError says that coverage data could not be read, or have too much to say.
type CoverError struct{ Err error }

func (e *CoverError) Error() string { return e.Err.Error() }

// Unwrap returns e.Err.
func (e *CoverError) Unwrap() error { return e.Err }

// covdata returns the path of the program. Found once, it is run without the go command,
// which would take longer than the program itself.
func (g *Go) covdata(ctx context.Context, toolchain string) (string, error) {
	g.mu.Lock()
	known := g.coverTools[toolchain]
	g.mu.Unlock()
	if known != "" {
		if _, err := os.Stat(known); err == nil {
			return known, nil
		}
	}
	// This compiles it, if the toolchain has it as source only.
	out, err := g.Run(ctx, Call{Args: []string{"tool", "-n", "covdata"}, Toolchain: toolchain, Limit: coverLimit})
	if err != nil {
		return "", fmt.Errorf("finding the program that reads coverage data: %w", err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.coverTools == nil {
		g.coverTools = make(map[string]string)
	}
	g.coverTools[toolchain] = strings.TrimSpace(string(out))
	return g.coverTools[toolchain], nil
}

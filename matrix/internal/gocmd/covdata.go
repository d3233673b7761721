package gocmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// coverLimit limits the program that reads coverage data. The go command may compile it first.
const coverLimit = 5 * time.Minute

// Profile returns the coverage profile, as text, of the data files in a folder, which a program
// that was built with -cover left there. The program may have written anything there: if the data
// cannot be read, or make a profile of more than most bytes, why is the reason. An error means
// that this machine could not find out.
func (g *Go) Profile(ctx context.Context, toolchain, dir string, most int64) (profile []byte, why string, err error) {
	tool, err := g.covdata(ctx, toolchain)
	if err != nil {
		return nil, "", err
	}
	limited, cancel := context.WithTimeout(ctx, coverLimit)
	defer cancel()
	var out bytes.Buffer
	said := proc.Tail{Max: 1 << 10}
	err = proc.Cmd{
		Path: tool, Args: []string{"textfmt", "-i=" + dir, "-o=/dev/stdout"}, Env: Call{}.environ().list(),
		Stdout: &out, MaxStdout: most, Stderr: &said, MaxStderr: maxStderr,
	}.Run(limited)
	var flood *proc.FloodError
	exit := proc.Failed(err)
	switch {
	case err == nil:
		return out.Bytes(), "", nil
	case ctx.Err() != nil:
		return nil, "", context.Cause(ctx)
	case errors.As(err, &flood):
		return nil, err.Error(), nil
	}
	err = fmt.Errorf("reading coverage data: %w: %s", err, strings.TrimSpace(said.String()))
	if advice := fault.Shortage(said.String()); advice != "" {
		return nil, "", fmt.Errorf("%w (%s)", err, advice)
	}
	if exit == nil || exit.ExitCode() < 0 { // not even started, took too long, or was killed
		return nil, "", err
	}
	return nil, err.Error(), nil
}

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

package gocmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// coverLimit limits the program that reads coverage data. The go command may compile it first.
const coverLimit = 5 * time.Minute

// Profile returns the coverage profile, as text, of the data files in a folder, which a program
// that was built with -cover left there. It writes another file there.
func (g *Go) Profile(ctx context.Context, dir string) ([]byte, error) {
	tool, err := g.covdata(ctx)
	if err != nil {
		return nil, fmt.Errorf("finding the program that reads coverage data: %w", err)
	}
	out := filepath.Join(dir, "profile.txt")
	said := proc.Tail{Max: errorTail}
	ctx, cancel := context.WithTimeoutCause(ctx, coverLimit, errTook)
	defer cancel()
	err = proc.Cmd{
		Path: tool, Args: []string{"textfmt", "-i=" + dir, "-o=" + out}, Env: Call{}.environ().list(),
		Stdout: &said, MaxStdout: maxStderr, Stderr: &said, MaxStderr: maxStderr,
	}.Run(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading coverage data: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return os.ReadFile(out)
}

// covdata returns the path of the program. Found once, it is run without the go command,
// which would take longer than the program itself.
func (g *Go) covdata(ctx context.Context) (string, error) {
	g.mu.Lock()
	known := g.coverTool
	g.mu.Unlock()
	if known != "" {
		if _, err := os.Stat(known); err == nil {
			return known, nil
		}
	}
	// This compiles it, if the toolchain has it as source only.
	out, err := g.Run(ctx, Call{Args: []string{"tool", "-n", "covdata"}, Limit: coverLimit})
	if err != nil {
		return "", err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.coverTool = strings.TrimSpace(string(out))
	return g.coverTool, nil
}

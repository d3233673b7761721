package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// script runs a command as the service does: bash, that stops at the first
// command that fails, in the workspace.
func (f *frame) script(ctx context.Context, s step, env map[string]string) (open, error) {
	args := []string{"bash", "-e"}
	switch s.Shell {
	case "":
	case "bash":
		args = []string{"bash", "--noprofile", "--norc", "-eo", "pipefail"}
	default:
		return nil, fmt.Errorf("shell %s: this program knows bash", s.Shell)
	}
	files, err := newFiles(f.dir("_temp"))
	if err != nil {
		return nil, err
	}
	file := filepath.Join(files.dir, "run.sh")
	if err := os.WriteFile(file, []byte(s.Run), 0o666); err != nil {
		return nil, err
	}
	ctx, stop := limited(ctx, s.Timeout)
	defer stop()
	words := &transcript{tail: proc.Tail{Max: 16 << 10}}
	err = proc.Cmd{
		Path: envCommand, Args: append(args, file), Dir: f.dir("work"), Env: append(f.environ(env), files.environ()...),
		Stdout: words, Stderr: words,
	}.Run(ctx)
	outputs, wrong := f.collect(files, s.title())
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return outputs, &failedError{fmt.Sprint(exit.ExitCode()), words.tail.String()}
	case errors.Is(err, errLate):
		return outputs, &failedError{"late", words.tail.String() + err.Error()}
	case err != nil:
		return nil, err
	}
	return outputs, wrong
}

// errLate says that a job or a step took longer than it may.
var errLate = errors.New("it took longer than its timeout-minutes")

// limited bounds the time of a job or a step: 360 minutes unless it says so.
func limited(ctx context.Context, minutes int) (context.Context, context.CancelFunc) {
	if minutes == 0 {
		minutes = 360
	}
	return context.WithTimeoutCause(ctx, time.Duration(minutes)*time.Minute, errLate)
}

// A transcript is the end of what a step prints, on either stream.
type transcript struct {
	mu   sync.Mutex
	tail proc.Tail
}

// Write keeps p, at the expense of what came first.
func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.tail.Write(p)
}

// environ makes the environment of a step; what comes later counts.
func (f *frame) environ(env map[string]string) []string {
	all := append(slices.Clone(f.run.env),
		"GITHUB_WORKSPACE="+f.dir("work"), "GITHUB_REF="+f.ref, "GITHUB_SHA="+f.head,
		"GITHUB_EVENT_NAME="+f.event, "GITHUB_REPOSITORY=matrixrun/matrixrun", "GITHUB_JOB="+f.jobID)
	if f.folder != "" {
		all = append(all, "GITHUB_ACTION_PATH="+f.folder)
	}
	for _, key := range slices.Sorted(maps.Keys(env)) {
		all = append(all, key+"="+env[key])
	}
	return all
}

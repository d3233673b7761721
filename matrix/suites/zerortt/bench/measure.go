package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

const (
	// tailSize is how many bytes of a failed process's output an error quotes.
	tailSize = 8 << 10
	// grace is how long an interrupted process may take to end its children.
	grace = 15 * time.Second
)

// clock runs a process and returns the time that it took. An exit code other than
// 0 and those in fine is an error, with the end of the process's output.
func clock(ctx context.Context, c proc.Cmd, fine ...int) (t Timing, exit int, err error) {
	var cpu time.Duration
	output := proc.Tail{Max: tailSize}
	c.Stderr, c.CPU, c.Grace = &output, &cpu, grace
	start := time.Now()
	err = c.Run(ctx)
	t = Timing{Wall: matrix.Seconds(time.Since(start)), CPU: matrix.Seconds(cpu)}
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		exit = failed.ExitCode()
		if slices.Contains(fine, exit) {
			return t, exit, nil
		}
	}
	if err != nil {
		return t, exit, fmt.Errorf("running %s: %w\n%s", filepath.Base(c.Path), err, output.String())
	}
	return t, exit, nil
}

// plain runs plain.sh for all rows, and counts binaries and trials. With 0 trials,
// plain.sh only builds.
func (l *lab) plain(ctx context.Context, h home, trials int) (Plain, error) {
	var built bytes.Buffer
	c, err := l.plainCmd(h, strconv.Itoa(trials), false)
	if err != nil {
		return Plain{}, err
	}
	c.Stdout = &built
	p := Plain{}
	if p.Timing, _, err = clock(ctx, c); err != nil {
		return p, fmt.Errorf("the plain loop: %w", err)
	}
	p.Binaries = bytes.Count(built.Bytes(), []byte("\n"))
	if p.Binaries != len(l.rows) {
		return p, fmt.Errorf("the plain loop made %d binaries of %d", p.Binaries, len(l.rows))
	}
	for _, row := range l.rows {
		if trials == 0 {
			break
		}
		if err := l.reported(filepath.Join(h.out(), row.Release.Version), trials); err != nil {
			return p, fmt.Errorf("the plain loop: %s: %w", row.Release.Version, err)
		}
		p.Trials += trials * len(l.scenarios)
	}
	return p, nil
}

// plainCmd returns the command that runs plain.sh. It uses env to find bash, as the
// first line of the script does.
func (l *lab) plainCmd(h home, trials string, online bool) (proc.Cmd, error) {
	var rows strings.Builder
	for _, r := range l.rows {
		tags := strings.Join(r.Adapter.Tags, ",")
		if tags == "" {
			tags = "-"
		}
		fmt.Fprintln(&rows, r.Release.Version, r.Release.Module, r.Toolchain, tags)
	}
	list := filepath.Join(h.dir, "rows")
	if err := os.WriteFile(list, []byte(rows.String()), 0o666); err != nil {
		return proc.Cmd{}, err
	}
	args := []string{"bash", l.script, list, h.out(), trials}
	for _, s := range l.scenarios {
		args = append(args, s.Name)
	}
	return proc.Cmd{Path: "/usr/bin/env", Args: args, Env: h.environ(online)}, nil
}

// reported checks that a file has this number of trials of each scenario of the
// lab, and of no other scenario.
func (l *lab) reported(file string, trials int) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	counts := map[string]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var t matrix.Trial
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return fmt.Errorf("reading a trial: %w", err)
		}
		counts[t.Scenario]++
	}
	if err := lines.Err(); err != nil {
		return err
	}
	for _, s := range l.scenarios {
		if counts[s.Name] != trials {
			return fmt.Errorf("%d trials of %s: want %d", counts[s.Name], s.Name, trials)
		}
	}
	if len(counts) != len(l.scenarios) {
		return fmt.Errorf("trials of %d scenarios: want %d", len(counts), len(l.scenarios))
	}
	return nil
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// readme and results are the files that bench writes, below the module's root.
const (
	readme  = folder + "/README.md"
	results = "results/bench.json"
)

func main() { os.Exit(execute()) }

// execute runs bench and returns the exit code. The first interrupt stops the
// processes that run; a second one ends this program.
func execute() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	if err := bench(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}

// bench measures, prints the table, and publishes it if all parts were measured.
func bench(ctx context.Context) (err error) {
	set, err := readSettings(os.Getenv)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.FromSlash(folder + "/plain.sh")); err != nil {
		return errors.New("this is not the module's root: run make bench there")
	}
	temp, err := os.MkdirTemp("", "matrixrun-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	l, err := newLab(set, temp)
	if err != nil {
		return err
	}
	r, err := l.measure(ctx)
	if r.Figures = figures(r); err == nil || len(r.Figures) > 0 { // after an error, the parts before it may have taken an hour
		fmt.Print(table(r))
	}
	if err != nil {
		return err
	}
	if !set.whole() {
		fmt.Fprintf(os.Stderr, "Only some parts were measured: %s and %s are unchanged.\n", results, readme)
		return nil
	}
	return publish(r)
}

// measure measures the parts of the settings. With an error, the report has the
// parts that were measured before.
func (l *lab) measure(ctx context.Context) (*Report, error) {
	r := &Report{Schema: schema, Date: time.Now().UTC().Truncate(time.Second), Settings: l.set}
	r.Machine = describe(os.DirFS("/"))
	r.Machine.Toolchains = l.toolchains()
	var err error
	if r.Matrixrun, err = l.build(ctx); err != nil {
		return r, err
	}
	lasting, err := l.newHome() // for the parts that start with a record
	if err != nil {
		return r, err
	}
	if l.set.releases() {
		if err := l.prepare(ctx, lasting); err != nil {
			return r, err
		}
	}
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"cold", func() (err error) {
			r.Cold, err = l.pairs(ctx, "cold", l.set.Trials, job{only: l.set.Rows, trials: l.set.Trials})
			return err
		}},
		{"builds", func() (err error) {
			r.Builds, err = l.pairs(ctx, "builds", 0, job{only: l.set.Rows, trials: 1, args: builds})
			return err
		}},
		{"first", func() (err error) { r.First, err = l.first(ctx); return err }},
		{"warm", func() (err error) { r.Warm, err = l.warm(ctx, lasting); return err }},
		{"patch", func() (err error) { r.Patch, err = l.patch(ctx, lasting); return err }},
		{"release", func() (err error) { r.Release, err = l.addition(ctx); return err }},
		{"memory", func() (err error) { r.Memory, err = l.memory(ctx); return err }},
		{"check", func() (err error) { r.Check, err = l.check(ctx, lasting); return err }},
		{"bisect", func() (err error) { r.Bisect, err = l.bisect(ctx, lasting); return err }},
		{"sandbox", func() (err error) { r.Sandbox, err = l.sandbox(ctx); return err }},
		{"try", func() (err error) { r.Try, err = l.try(ctx); return err }},
		{"remote", func() (err error) { r.Remote, err = l.remote(ctx, lasting); return err }},
	} {
		if !l.set.has(part.name) {
			continue
		}
		if err := part.do(); err != nil {
			return r, fmt.Errorf("measuring %q: %w", part.name, err)
		}
	}
	return r, nil
}

// publish writes bench.json and the table in the README.md of this folder.
func publish(r *Report) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(results, append(data, '\n'), 0o666); err != nil {
		return err
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	if text, err = replaceTable(text, table(r)); err != nil {
		return fmt.Errorf("replacing the table of %s: %w", readme, err)
	}
	return os.WriteFile(readme, text, 0o666)
}

// The table is between these lines.
const (
	tableBegin = "<!-- bench -->\n"
	tableEnd   = "<!-- /bench -->\n"
)

// replaceTable replaces the table in a text.
func replaceTable(text []byte, table string) ([]byte, error) {
	before, rest, begins := bytes.Cut(text, []byte(tableBegin))
	_, after, ends := bytes.Cut(rest, []byte(tableEnd))
	if !begins || !ends {
		return nil, fmt.Errorf("it has no %q or no %q", tableBegin, tableEnd)
	}
	return fmt.Appendf(nil, "%s%s%s%s%s", before, tableBegin, table, tableEnd, after), nil
}

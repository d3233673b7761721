// Workflows runs the steps of GitHub Actions workflows on this machine, in order,
// as the service would:
//
//	go run ./matrix/internal/workflows [flags] WORKFLOW.yml...
//
// Jobs run one after the other, each in a checkout of its own below a temporary
// folder, which goes at the end. Run steps run; of the actions, those that move
// files are played: checkout, upload-artifact, download-artifact and
// upload-pages-artifact; and actions of this repository are run, step by step.
// All others are skipped, with a line that says so. A matrix is expanded, outputs
// and artifacts go from job to job, a job whose needs failed is skipped.
//
// Flags:
//
//	-event NAME        what starts the workflows: workflow_dispatch, pull_request,
//	                   push or schedule
//	-ref REF           on which branch, refs/heads/main by default
//	-input KEY=VALUE   an input of the dispatch; again for several
//	-env KEY=VALUE     a variable that all steps get; again for several
//	-added FILE        a file that the pull request adds; again for several
//	-job NAME          only this job of each workflow; again for several
//	-o DIR             keep the artifacts and the job summaries in DIR
//
// The exit code is 1 where a job failed, 2 where a workflow cannot be run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	// An interrupt ends the step that runs; what was written is removed all the same.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the flags.
type options struct {
	event, ref string
	inputs     pairs
	env        pairs
	added      list
	jobs       list
	keep       string
}

// execute runs a command line and returns the exit code.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := options{inputs: pairs{}, env: pairs{}}
	flags := flag.NewFlagSet("workflows", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.event, "event", "workflow_dispatch", "what starts the workflows")
	flags.StringVar(&o.ref, "ref", "refs/heads/main", "the branch or pull request")
	flags.Var(o.inputs, "input", "an input of the dispatch, `KEY=VALUE`")
	flags.Var(o.env, "env", "a variable that all steps get, `KEY=VALUE`")
	flags.Var(&o.added, "added", "a `FILE` that the pull request adds")
	flags.Var(&o.jobs, "job", "only this `JOB` of each workflow")
	flags.StringVar(&o.keep, "o", "", "keep artifacts and summaries in `DIR`")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	failed, err := runAll(ctx, o, flags.Args(), stdout)
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "workflows:", err)
		return 2
	case failed:
		return 1
	}
	return 0
}

// runAll runs workflows, one after the other, and reports whether any failed.
func runAll(ctx context.Context, o options, files []string, out io.Writer) (failed bool, err error) {
	if len(files) == 0 {
		return false, errors.New("which workflows? want their files")
	}
	m, err := newMachine(ctx, o, out)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	for _, file := range files {
		ok, err := m.runFile(ctx, file)
		if err != nil {
			return true, err
		}
		failed = failed || !ok
	}
	return failed, nil
}

// pairs are the values of a flag KEY=VALUE.
type pairs map[string]string

func (p pairs) String() string { return "" }

// Set adds a pair.
func (p pairs) Set(text string) error {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return errors.New("want KEY=VALUE")
	}
	p[key] = value
	return nil
}

// list are the values of a flag that may come several times.
type list []string

func (l *list) String() string { return "" }

// Set adds a value.
func (l *list) Set(text string) error {
	*l = append(*l, text)
	return nil
}

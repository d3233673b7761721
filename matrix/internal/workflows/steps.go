package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A frame is where steps run: a job, or an action that a job uses.
type frame struct {
	*run
	jobID    string
	contexts map[string]any    // those that stay the same from step to step
	env      map[string]string // of the workflow and the job, and what steps have added
	folder   string            // of the action; empty in a job
	steps    map[string]any
	failed   bool
}

// frame makes that of a job.
func (r *run) frame(j *job, variant map[string]any) (*frame, error) {
	f := &frame{run: r, jobID: j.id, contexts: r.scope(j).contexts, env: map[string]string{}, steps: map[string]any{}}
	f.contexts["matrix"] = variant
	f.contexts["runner"] = map[string]any{"os": "Linux", "temp": r.dir("_temp")}
	for _, env := range []map[string]string{r.workflow.Env, j.Env} {
		if err := f.expandInto(f.env, env); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// scope is what the expressions of a step see.
func (f *frame) scope() *scope {
	env := open{}
	for key, value := range f.env {
		env[key] = value
	}
	contexts := maps.Clone(f.contexts)
	contexts["env"], contexts["steps"] = env, f.steps
	return &scope{contexts: contexts, failed: f.failed, hash: f.hashFiles}
}

// expandInto expands the texts of one map into another.
func (f *frame) expandInto(into, texts map[string]string) (err error) {
	s := f.scope()
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if into[key], err = s.text(texts[key]); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// runSteps runs steps in order. A step that fails is no error; that this program does
// not know what to do is one.
func (f *frame) runSteps(ctx context.Context, steps []step) error {
	for _, s := range steps {
		if err := f.step(ctx, s); err != nil {
			return fmt.Errorf("step %s: %w", s.title(), err)
		}
	}
	return nil
}

// title is how a step is called.
func (s step) title() string {
	for _, text := range []string{s.Run, s.Uses} {
		if text != "" {
			return strings.ReplaceAll(strings.TrimSpace(text), "\n", "; ")
		}
	}
	return s.Name
}

// step runs a step if its condition holds, and notes what it came to.
func (f *frame) step(ctx context.Context, s step) error {
	result := map[string]any{"outcome": "skipped", "conclusion": "skipped", "outputs": open{}}
	if s.ID != "" {
		f.steps[s.ID] = result
	}
	yes, err := f.scope().holds(s.If)
	if err != nil {
		return err
	}
	if !yes {
		why := "not wanted, if: " + s.If
		if s.If == "" {
			why = "not after a failure"
		}
		f.say("-", 0, s.title()+": "+why)
		return nil
	}
	env, with := maps.Clone(f.env), map[string]string{}
	if err := errors.Join(f.expandInto(env, s.Env), f.expandInto(with, s.With)); err != nil {
		return err
	}
	if s.Run, err = f.scope().text(s.Run); err != nil {
		return err
	}
	begin := time.Now()
	outputs, how, err := f.do(ctx, s, env, with)
	var failure *failedError
	if err != nil && !errors.As(err, &failure) {
		return err
	}
	result["outcome"], result["conclusion"], result["outputs"] = "success", "success", outputs
	if failure != nil {
		result["outcome"] = "failure"
		if !s.Continue {
			result["conclusion"], f.failed = "failure", true
		}
		how = "exit " + failure.code
	}
	f.say(how, time.Since(begin), s.title())
	if failure != nil && failure.words != "" {
		fmt.Fprintln(f.out, "        | "+strings.ReplaceAll(strings.TrimSpace(failure.words), "\n", "\n        | "))
	}
	return nil
}

// say prints what a step came to.
func (f *frame) say(how string, took time.Duration, what string) {
	if f.folder != "" {
		what = "  " + what
	}
	fmt.Fprintf(f.out, "    %-7s %5.1f s  %s\n", how, took.Seconds(), what)
}

// A failedError says that a step failed, as steps may.
type failedError struct{ code, words string }

func (e *failedError) Error() string { return e.words }

// do does what a step is for. It returns the outputs, and a word for how it went.
func (f *frame) do(ctx context.Context, s step, env, with map[string]string) (outputs open, how string, err error) {
	switch {
	case s.Run != "" && s.Uses == "":
		outputs, err = f.script(ctx, s, env)
		return outputs, "exit 0", err
	case strings.HasPrefix(s.Uses, "./"):
		outputs, err = f.local(ctx, s.Uses, env, with)
		return outputs, "done", err
	case s.Uses != "" && s.Run == "":
		name, _, _ := strings.Cut(s.Uses, "@")
		if play := played[name]; play != nil {
			return open{}, "done", play(f, with)
		}
		return open{}, "skipped", nil
	}
	return nil, "", errors.New("want either run or uses")
}

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A run is one of a workflow.
type run struct {
	*machine
	name     string // of the file, without .yml
	workflow *workflow
	inputs   open
	done     map[string]*outcome // of jobs
}

// An outcome is what a job came to.
type outcome struct {
	result  string // success, failure, skipped, as the service says
	outputs open
	sound   bool // it and all that it needed succeeded
}

// runFile runs a workflow and reports whether it would have been green.
func (m *machine) runFile(ctx context.Context, file string) (ok bool, err error) {
	w, err := readWorkflow(file)
	if err != nil {
		return false, err
	}
	inputs, err := m.started(w)
	if err != nil {
		return false, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	for _, id := range m.jobs {
		if w.Jobs.find(id) == nil {
			return false, fmt.Errorf("%s: there is no job %s", filepath.Base(file), id)
		}
	}
	r := &run{
		machine: m, name: strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), workflow: w,
		inputs: inputs, done: map[string]*outcome{},
	}
	if err := os.RemoveAll(m.dir("artifacts")); err != nil {
		return false, err
	}
	fmt.Fprintf(m.out, "%s, started by %s\n", filepath.Base(file), m.event)
	ok = true
	for _, j := range w.Jobs {
		if len(m.jobs) > 0 && !slices.Contains(m.jobs, j.id) {
			continue
		}
		o, err := r.job(ctx, j)
		if err != nil {
			return false, fmt.Errorf("%s: job %s: %w", filepath.Base(file), j.id, err)
		}
		r.done[j.id] = o
		ok = ok && o.result != "failure"
		fmt.Fprintf(m.out, "  %s: %s\n", j.id, o.result)
	}
	return ok, r.keepArtifacts()
}

// job runs a job, or all that its matrix makes of it.
func (r *run) job(ctx context.Context, j *job) (*outcome, error) {
	s := r.scope(j)
	o := &outcome{result: "skipped", outputs: open{}}
	if yes, err := s.holds(j.If); err != nil || !yes {
		return o, err
	}
	variants, err := j.Strategy.expand(s)
	if err != nil {
		return nil, err
	}
	o.result, o.sound = "success", !s.failed
	for _, variant := range variants {
		ok, err := r.instance(ctx, j, variant, o.outputs)
		if err != nil {
			return nil, err
		}
		if !ok {
			o.result, o.sound = "failure", false
			if j.Strategy.FailFast == nil || *j.Strategy.FailFast {
				break // the others are cancelled
			}
		}
	}
	return o, nil
}

// scope is what the condition of a job sees.
func (r *run) scope(j *job) *scope {
	s := &scope{contexts: map[string]any{"github": r.github(r.workflow), "inputs": r.inputs}}
	needs := map[string]any{}
	for _, id := range j.Needs {
		o := r.done[id]
		if o == nil { // not among the jobs of -job
			o = &outcome{result: "skipped", outputs: open{}}
		}
		needs[id] = map[string]any{"result": o.result, "outputs": o.outputs}
		s.failed = s.failed || !o.sound
	}
	s.contexts["needs"] = needs
	return s
}

// expand returns the values that "matrix" has in each job that a matrix makes.
func (st strategy) expand(s *scope) ([]map[string]any, error) {
	if st.Matrix == "" {
		return []map[string]any{{}}, nil
	}
	value, err := s.expand(st.Matrix)
	if err != nil {
		return nil, err
	}
	object, _ := value.(map[string]any)
	include, _ := object["include"].([]any)
	var all []map[string]any
	for _, item := range include {
		variant, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("the matrix includes %v, which has no keys", item)
		}
		all = append(all, variant)
	}
	if len(all) == 0 || len(object) != 1 {
		return nil, fmt.Errorf("the matrix %s: want a list \"include\", of one job at least, and nothing else", display(value))
	}
	return all, nil
}

// instance runs the steps of a job in a workspace of their own, adds its outputs,
// and reports whether all went well.
func (r *run) instance(ctx context.Context, j *job, variant map[string]any, outputs open) (bool, error) {
	for _, dir := range []string{"work", "_temp"} {
		if err := os.RemoveAll(r.dir(dir)); err != nil {
			return false, err
		}
		if err := os.MkdirAll(r.dir(dir), 0o777); err != nil {
			return false, err
		}
	}
	name := j.id
	if len(variant) > 0 {
		name += " " + display(variant[slices.Sorted(maps.Keys(variant))[0]])
	}
	fmt.Fprintf(r.out, "  %s\n", name)
	ctx, stop := limited(ctx, j.Timeout)
	defer stop()
	f, err := r.frame(j, variant)
	if err != nil {
		return false, err
	}
	if err := f.runSteps(ctx, j.Steps); err != nil {
		return false, err
	}
	for key, text := range j.Outputs {
		if outputs[key], err = f.scope().text(text); err != nil {
			return false, fmt.Errorf("output %s: %w", key, err)
		}
	}
	return !f.failed, nil
}

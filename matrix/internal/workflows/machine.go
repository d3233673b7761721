package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A machine is what workflows are run on: this one, with all that they write in
// a temporary folder.
type machine struct {
	options
	out  io.Writer
	temp string // of all that is written; removed at the end
	head string // the commit that is checked out
	env  []string
}

// newMachine makes a machine. The caller closes it.
func newMachine(ctx context.Context, o options, out io.Writer) (*machine, error) {
	temp, err := os.MkdirTemp("", "workflows-")
	if err != nil {
		return nil, err
	}
	m := &machine{options: o, out: out, temp: temp}
	if m.env, err = m.environment(); err == nil {
		err = m.snapshot(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, m.close())
	}
	return m, nil
}

// close removes all that was written but not kept.
func (m *machine) close() error {
	return os.RemoveAll(m.temp)
}

// dir names a folder or file of the machine.
func (m *machine) dir(name ...string) string {
	return filepath.Join(append([]string{m.temp}, name...)...)
}

// passed are the variables of this process that steps get: where commands,
// modules and certificates are, and how they are reached. All else would make the
// steps another thing here than there, first of all what make exports.
var passed = []string{"PATH", "HOME", "USER", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy", "https_proxy", "no_proxy"}

// environment makes what all steps get. The caches of the go command are this
// machine's, since all that is in them is known by its hash; the record of
// matrixrun is not, so that a run is a whole one, and leaves nothing.
func (m *machine) environment() ([]string, error) {
	env := []string{
		"CI=true", "GITHUB_ACTIONS=true", "RUNNER_OS=Linux",
		"TMPDIR=" + m.dir("tmp"), "XDG_CACHE_HOME=" + m.dir("cache"), "RUNNER_TEMP=" + m.dir("_temp"),
	}
	for _, pair := range os.Environ() {
		key, _, _ := strings.Cut(pair, "=")
		if slices.Contains(passed, key) || slices.Contains(passed, strings.ToLower(key)) || strings.HasPrefix(key, "GO") {
			env = append(env, pair)
		}
	}
	if os.Getenv("GOCACHE") == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("finding the go command's cache: %w: set GOCACHE", err)
		}
		env = append(env, "GOCACHE="+filepath.Join(cache, "go-build"))
	}
	// So that what was compiled in one temporary folder is known in the next.
	env = append(env, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -trimpath"))
	for key, value := range m.options.env {
		env = append(env, key+"="+value)
	}
	return env, errors.Join(os.Mkdir(m.dir("tmp"), 0o777), os.Mkdir(m.dir("cache"), 0o777))
}

// A trigger is what a workflow says of an event that starts it.
type trigger struct {
	Inputs map[string]struct {
		Description string   `yaml:"description"`
		Required    bool     `yaml:"required"`
		Default     string   `yaml:"default"`
		Type        string   `yaml:"type"`
		Options     []string `yaml:"options"`
	} `yaml:"inputs"`
}

// started returns the inputs with which the event starts a workflow.
func (m *machine) started(w *workflow) (open, error) {
	var on map[string]yaml.Node
	if err := w.On.Decode(&on); err != nil {
		return nil, fmt.Errorf("on: %w: this program knows events with a key each", err)
	}
	node, ok := on[m.event]
	if !ok {
		return nil, fmt.Errorf("no %s starts it: see -event", m.event)
	}
	inputs := open{}
	if m.event != "workflow_dispatch" {
		return inputs, nil // which the service leaves empty, too
	}
	var t trigger
	if err := node.Decode(&t); err != nil {
		return nil, fmt.Errorf("on.%s: %w", m.event, err)
	}
	for name, input := range t.Inputs {
		inputs[name] = input.Default
		if input.Type == "boolean" {
			inputs[name] = input.Default == "true"
		}
	}
	for name, value := range m.inputs {
		switch old, known := inputs[name]; {
		case !known:
			return nil, fmt.Errorf("it has no input %s", name)
		case old == true || old == false:
			inputs[name] = value == "true"
		default:
			inputs[name] = value
		}
	}
	return inputs, nil
}

// github is the context of that name.
func (m *machine) github(w *workflow) map[string]any {
	_, short, _ := strings.Cut(strings.TrimPrefix(m.ref, "refs/"), "/")
	return map[string]any{
		"event_name": m.event, "event": open{}, "ref": m.ref, "ref_name": short, "sha": m.head,
		"repository": "matrixrun/matrixrun", "workflow": w.Name, "run_id": "1", "run_number": "1", "run_attempt": "1",
		"workspace": m.dir("work"),
	}
}

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v4"
)

// A workflow is a file of .github/workflows. Keys that say nothing of what is
// run where one job follows the other are there to be known: any other key is an
// error.
type workflow struct {
	Name        string            `yaml:"name"`
	On          yaml.Node         `yaml:"on"`
	Permissions yaml.Node         `yaml:"permissions"`
	Concurrency yaml.Node         `yaml:"concurrency"`
	Env         map[string]string `yaml:"env"`
	Jobs        inOrder           `yaml:"jobs"`
}

// inOrder are jobs, in the order of the file.
type inOrder []*job

// A job is one of a workflow.
type job struct {
	id string

	Name        string            `yaml:"name"`
	Needs       oneOrMore         `yaml:"needs"`
	If          string            `yaml:"if"`
	RunsOn      string            `yaml:"runs-on"`
	Permissions yaml.Node         `yaml:"permissions"`
	Environment yaml.Node         `yaml:"environment"`
	Concurrency yaml.Node         `yaml:"concurrency"`
	Timeout     int               `yaml:"timeout-minutes"`
	Outputs     map[string]string `yaml:"outputs"`
	Env         map[string]string `yaml:"env"`
	Strategy    strategy          `yaml:"strategy"`
	Steps       []step            `yaml:"steps"`
}

// A strategy makes several jobs of one. Of a matrix, the form that plan prints is
// known: an expression whose value has a list "include".
type strategy struct {
	FailFast *bool  `yaml:"fail-fast"`
	Matrix   string `yaml:"matrix"`
}

// A step runs a command or uses an action.
type step struct {
	ID       string            `yaml:"id"`
	Name     string            `yaml:"name"`
	If       string            `yaml:"if"`
	Uses     string            `yaml:"uses"`
	With     map[string]string `yaml:"with"`
	Run      string            `yaml:"run"`
	Shell    string            `yaml:"shell"`
	Env      map[string]string `yaml:"env"`
	Continue bool              `yaml:"continue-on-error"`
	Timeout  int               `yaml:"timeout-minutes"`
}

// An action is an action.yml of this repository.
type action struct {
	Name        string    `yaml:"name"`
	Description string    `yaml:"description"`
	Author      string    `yaml:"author"`
	Branding    yaml.Node `yaml:"branding"`
	Inputs      map[string]struct {
		Description string `yaml:"description"`
		Required    bool   `yaml:"required"`
		Default     string `yaml:"default"`
	} `yaml:"inputs"`
	Outputs map[string]struct {
		Description string `yaml:"description"`
		Value       string `yaml:"value"`
	} `yaml:"outputs"`
	Runs struct {
		Using string `yaml:"using"`
		Steps []step `yaml:"steps"`
	} `yaml:"runs"`
}

// oneOrMore is a text, or a list of them.
type oneOrMore []string

// UnmarshalYAML reads either form.
func (o *oneOrMore) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*o = oneOrMore{node.Value}
		return nil
	}
	return node.Decode((*[]string)(o))
}

// UnmarshalYAML keeps the order of the file.
func (o *inOrder) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: want jobs by their names", node.Line)
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		// Decoded from text again: a node's own Decode lets unknown keys pass.
		text, err := yaml.Marshal(node.Content[i+1])
		if err != nil {
			return err
		}
		j := &job{id: node.Content[i].Value}
		if err := strictly(text, j); err != nil {
			return fmt.Errorf("job %s, of line %d: %w", j.id, node.Content[i].Line, err)
		}
		*o = append(*o, j)
	}
	return nil
}

// strictly decodes YAML and refuses a key that the value has no place for.
func strictly(text []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	return d.Decode(into)
}

// readWorkflow reads a workflow, with its jobs such that each comes after those
// that it needs.
func readWorkflow(file string) (*workflow, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var w workflow
	if err := strictly(text, &w); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	var sorted inOrder
	for len(sorted) < len(w.Jobs) {
		next := slices.IndexFunc(w.Jobs, func(j *job) bool {
			return !slices.Contains(sorted, j) && !slices.ContainsFunc(j.Needs, func(id string) bool { return sorted.find(id) == nil })
		})
		if next < 0 {
			return nil, fmt.Errorf("%s: jobs need each other, or one that there is not", filepath.Base(file))
		}
		sorted = append(sorted, w.Jobs[next])
	}
	w.Jobs = sorted
	return &w, nil
}

// find returns a job by its name, nil where there is none.
func (o inOrder) find(id string) *job {
	for _, j := range o {
		if j.id == id {
			return j
		}
	}
	return nil
}

package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// played are the actions that this program plays, for what they do to files.
var played = map[string]func(f *frame, with map[string]string) error{
	"actions/checkout":          func(f *frame, with map[string]string) error { return f.checkout(with) },
	"actions/upload-artifact":   func(f *frame, with map[string]string) error { return f.upload(with) },
	"actions/download-artifact": func(f *frame, with map[string]string) error { return f.download(with) },
	"actions/upload-pages-artifact": func(f *frame, with map[string]string) error {
		return f.upload(map[string]string{"name": "github-pages", "path": with["path"], "if-no-files-found": "error"})
	},
}

// local runs the steps of an action of this repository.
func (f *frame) local(ctx context.Context, uses string, env, with map[string]string) (open, error) {
	folder := f.dir("work", filepath.FromSlash(uses))
	text, err := os.ReadFile(filepath.Join(folder, "action.yml"))
	if err != nil {
		return nil, err
	}
	var a action
	if err := strictly(text, &a); err != nil {
		return nil, fmt.Errorf("%s: %w", uses, err)
	}
	inputs := map[string]any{}
	for name, input := range a.Inputs {
		inputs[name] = input.Default
	}
	for name, value := range with {
		if _, ok := inputs[name]; !ok {
			return nil, fmt.Errorf("%s has no input %s", uses, name)
		}
		inputs[name] = value
	}
	github := maps.Clone(f.contexts["github"].(map[string]any))
	github["action_path"] = folder
	inner := &frame{
		run: f.run, jobID: f.jobID, folder: folder, env: env, steps: map[string]any{},
		contexts: map[string]any{"github": github, "inputs": inputs, "runner": f.contexts["runner"]},
	}
	if err := inner.runSteps(ctx, a.Runs.Steps); err != nil {
		return nil, fmt.Errorf("%s: %w", uses, err)
	}
	outputs := open{}
	for name, output := range a.Outputs {
		if outputs[name], err = inner.scope().text(output.Value); err != nil {
			return nil, fmt.Errorf("%s: output %s: %w", uses, name, err)
		}
	}
	if inner.failed {
		return outputs, &failedError{"1", "a step of the action failed"}
	}
	return outputs, nil
}

// hashFiles is a digest over the files of the workspace that match patterns, and
// empty where none does.
func (f *frame) hashFiles(patterns []string) (any, error) {
	h, found := sha256.New(), false
	for _, pattern := range patterns {
		if strings.Contains(pattern, "**") {
			return nil, fmt.Errorf("hashFiles(%s): this program knows * within a folder", pattern)
		}
		files, err := filepath.Glob(f.dir("work", pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			found = true
			fmt.Fprintf(h, "%x", sha256.Sum256(data))
		}
	}
	if !found {
		return "", nil
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

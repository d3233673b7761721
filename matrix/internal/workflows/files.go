package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// files are those by which a step tells the service something.
type files struct{ dir string }

// told are the variables that name them.
var told = []string{"GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"}

// newFiles makes the files of a step, empty as they are on GitHub.
func newFiles(temp string) (files, error) {
	dir, err := os.MkdirTemp(temp, "step-")
	if err != nil {
		return files{}, err
	}
	for _, name := range told {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			return files{}, err
		}
	}
	return files{dir}, nil
}

// environ are the variables.
func (f files) environ() (env []string) {
	for _, name := range told {
		env = append(env, name+"="+filepath.Join(f.dir, name))
	}
	return env
}

// maxSummary is what GitHub takes of the summary of one step, in bytes.
const maxSummary = 1 << 20

// collect reads what a step has told. That the service would refuse it fails the
// step.
func (f *frame) collect(from files, title string) (open, error) {
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(from.dir, name))
		if err != nil {
			return "" // the step has removed it, and so told nothing
		}
		return string(data)
	}
	outputs, env := open{}, map[string]string{}
	for key, value := range assignments(read("GITHUB_OUTPUT")) {
		outputs[key] = value
	}
	for key, value := range assignments(read("GITHUB_ENV")) {
		env[key] = value
	}
	for key, value := range env {
		f.env[key] = value
	}
	if read("GITHUB_PATH") != "" {
		return nil, errors.New("it adds to GITHUB_PATH, which this program does not know")
	}
	summary := read("GITHUB_STEP_SUMMARY")
	if len(summary) > maxSummary {
		return outputs, &failedError{"0", fmt.Sprintf("the summary has %d bytes, and GitHub takes %d", len(summary), maxSummary)}
	}
	return outputs, f.keepSummary(title, summary)
}

// keepSummary adds to the summaries that are kept.
func (f *frame) keepSummary(title, summary string) error {
	if f.keep == "" || summary == "" {
		return nil
	}
	if err := os.MkdirAll(f.keep, 0o777); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(f.keep, f.name+"-summary.md"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "<!-- %s: %s -->\n\n%s\n", f.jobID, title, summary)
	return errors.Join(err, file.Close())
}

// assignments reads lines KEY=VALUE, and KEY<<END, lines, END.
func assignments(text string) map[string]string {
	all := map[string]string{}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		key, value, isLine := strings.Cut(lines[i], "=")
		name, end, isBlock := strings.Cut(lines[i], "<<")
		if !isBlock || isLine && len(key) < len(name) {
			if isLine {
				all[key] = value
			}
			continue
		}
		var block []string
		for i++; i < len(lines) && lines[i] != end; i++ {
			block = append(block, lines[i])
		}
		all[name] = strings.Join(block, "\n")
	}
	return all
}

package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// A workflow is a file of .github/workflows, or an action of .github/actions, as
// far as the rules go; actionlint knows the rest.
type workflow struct {
	On          map[string]any
	Permissions map[string]string
	Concurrency any
	Jobs        map[string]struct {
		RunsOn      string            `yaml:"runs-on"`
		Timeout     int               `yaml:"timeout-minutes"`
		Permissions map[string]string `yaml:"permissions"`
		Steps       []workflowStep
	}
	Runs struct{ Steps []workflowStep }
}

type workflowStep struct {
	Uses, Run string
	With      map[string]any
}

// workflowFiles lists the workflows and the actions.
func workflowFiles(t *testing.T) []string {
	t.Helper()
	workflows, _ := filepath.Glob("../../.github/workflows/*.yml")
	actions, _ := filepath.Glob("../../.github/actions/*/action.yml")
	if len(workflows) < 4 || len(actions) == 0 {
		t.Fatalf("found %v and %v: that cannot be all", workflows, actions)
	}
	return append(workflows, actions...)
}

// TestWorkflows holds the workflows to what is wanted of them: no more rights than
// a job needs, actions that nobody can change afterwards, and steps that are one
// command which runs on any machine.
func TestWorkflows(t *testing.T) {
	pins := map[string]string{} // of all files, by action
	makefile := read(t, "../../Makefile")
	for _, file := range workflowFiles(t) {
		text := read(t, file)
		for _, breach := range append(rightsOf(t, text), pinsOf(text, pins)...) {
			t.Errorf("%s: %s", filepath.Base(file), breach)
		}
		for _, breach := range stepsOf(t, text, makefile) {
			t.Errorf("%s: %s", filepath.Base(file), breach)
		}
	}
}

// parseWorkflow reads the text of a workflow.
func parseWorkflow(t *testing.T, text string) (w workflow) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// mayWrite are the rights that a job may have beside reading, and what for.
var mayWrite = map[string]string{"pages": "write", "id-token": "write"} // deploy to Pages

// rightsOf checks what a workflow may do, and for how long. An action has the
// rights of the job that uses it.
func rightsOf(t *testing.T, text string) (breaches []string) {
	w := parseWorkflow(t, text)
	if w.Runs.Steps != nil {
		return nil
	}
	if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
		breaches = append(breaches, "permissions: want {contents: read}, and more in the job that needs it")
	}
	if w.Concurrency == nil {
		breaches = append(breaches, "concurrency: want a group, so that no two runs are in each other's way")
	}
	if _, ok := w.On["pull_request_target"]; ok {
		breaches = append(breaches, "pull_request_target: it would run a stranger's code with this repository's rights")
	}
	for id, j := range w.Jobs {
		if j.Timeout == 0 || strings.Contains(j.RunsOn, "latest") {
			breaches = append(breaches, id+": want timeout-minutes, and runs-on with a version")
		}
		for key, value := range j.Permissions {
			if value != "read" && mayWrite[key] != value {
				breaches = append(breaches, fmt.Sprintf("%s: permissions: %s: %s: no job needs that", id, key, value))
			}
		}
		if _, ok := w.On["pull_request"]; ok && j.Permissions != nil {
			breaches = append(breaches, id+": permissions: a pull request's jobs read, and no more")
		}
		for _, s := range j.Steps {
			if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != false {
				breaches = append(breaches, id+": checkout: want persist-credentials: false")
			}
		}
	}
	return breaches
}

// pinned is an action by its commit, and the version that it is.
var pinned = regexp.MustCompile(`^([\w.-]+/[\w.-]+)(/[\w./-]+)?@([0-9a-f]{40}) # v\d+\.\d+\.\d+$`)

// pinsOf checks that actions are pinned, and each to one commit everywhere.
func pinsOf(text string, pins map[string]string) (breaches []string) {
	for _, found := range regexp.MustCompile(`(?m)^[\s-]*uses:\s*(.*)$`).FindAllStringSubmatch(text, -1) {
		pin := pinned.FindStringSubmatch(found[1])
		switch {
		case strings.HasPrefix(found[1], "./"):
		case pin == nil:
			breaches = append(breaches, found[1]+": want owner/name@COMMIT # vN.N.N, all 40 digits")
		case pins[pin[1]] != "" && pins[pin[1]] != pin[3]:
			breaches = append(breaches, pin[1]+" is pinned to another commit elsewhere")
		default:
			pins[pin[1]] = pin[3]
		}
	}
	return breaches
}

// makeStep is a step that runs a make target, with variables maybe; an action finds
// the Makefile where it was checked out.
var makeStep = regexp.MustCompile(`^make (?:--no-print-directory -C "\$GITHUB_ACTION_PATH/\.\./\.\./\.\." )?([a-z-]+)((?: [A-Z]+=(?:'[^']*'|[\w.,=-]+))*)$`)

// stepsOf checks that each run step is one command that a person can run as well.
func stepsOf(t *testing.T, text, makefile string) (breaches []string) {
	w := parseWorkflow(t, text)
	steps := w.Runs.Steps
	for _, j := range w.Jobs {
		steps = append(steps, j.Steps...)
	}
	for _, s := range steps {
		line, isMatrixrun := strings.CutPrefix(s.Run, "matrixrun ")
		target := ""
		if found := makeStep.FindStringSubmatch(s.Run); len(found) > 1 {
			target = found[1]
		}
		switch {
		case s.Run == "":
		case strings.Contains(s.Run, "${{"):
			breaches = append(breaches, s.Run+": an expression in it would be run: want it in env")
		case target != "" && !regexp.MustCompile(`(?m)^`+target+`:.* ## `).MatchString(makefile):
			breaches = append(breaches, s.Run+": the Makefile has no such target, with what it does")
		case target != "":
		case !isMatrixrun || strings.ContainsAny(line, "\n;|&<>`$"):
			breaches = append(breaches, s.Run+": want one make target, or one command of matrixrun")
		default:
			if err := try(t, words(line)); err != nil {
				breaches = append(breaches, fmt.Sprintf("%s: %v", s.Run, err))
			}
		}
	}
	return breaches
}

// TestWorkflowRulesCanFail breaks each of the rules.
func TestWorkflowRulesCanFail(t *testing.T) {
	pin := "actions/checkout@" + strings.Repeat("0", 40) + " # v6.0.2"
	good := "on: {push: }\nconcurrency: {group: g}\npermissions: {contents: read}\njobs:\n  j:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n" +
		"      - uses: " + pin + "\n        with: {persist-credentials: false}\n      - run: make run ARGS='--only v0.47.0'\n      - run: matrixrun plan --shards 4\n"
	check := func(text string) (all []string) {
		pins := map[string]string{"actions/cache": strings.Repeat("1", 40)}
		return slices.Concat(rightsOf(t, text), pinsOf(text, pins), stepsOf(t, text, "run: ## run it\nhidden:\n"))
	}
	if breaches := check(good); len(breaches) > 0 {
		t.Fatalf("nothing is wrong with it, and yet: %v", breaches)
	}
	for _, test := range []struct{ old, new, want string }{
		{"permissions: {contents: read}", "permissions: {contents: write}", "want {contents: read}"},
		{"permissions: {contents: read}\n", "", "want {contents: read}"},
		{"concurrency: {group: g}\n", "", "want a group"},
		{"push: ", "pull_request_target: ", "a stranger's code"},
		{"    timeout-minutes: 5\n", "", "want timeout-minutes"},
		{"ubuntu-24.04", "ubuntu-latest", "with a version"},
		{"    timeout", "    permissions: {issues: write}\n    timeout", "no job needs that"},
		{"persist-credentials: false", "persist-credentials: true", "want persist-credentials"},
		{pin, "actions/checkout@v6", "all 40 digits"},
		{" # v6.0.2", " # v6", "all 40 digits"},
		{"actions/checkout@", "actions/cache/restore@", "another commit elsewhere"},
		{"make run", "make nothing", "no such target"},
		{"make run", "make hidden", "no such target"},
		{"make run ARGS='--only v0.47.0'", "make run && make run", "want one make target"},
		{"make run ARGS='--only v0.47.0'", "make run ARGS=${{ github.event.issue.title }}", "want it in env"},
		{"plan --shards 4", "plan --shard 4", "unknown flag"},
		{"plan --shards 4", "plan | sh", "want one make target"},
	} {
		breaches := check(strings.Replace(good, test.old, test.new, 1))
		if !strings.Contains(strings.Join(breaches, "\n"), test.want) {
			t.Errorf("%s instead of %s: got %q, want %q", test.new, test.old, breaches, test.want)
		}
	}
}

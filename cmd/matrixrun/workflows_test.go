package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// A workflow is a file of .github/workflows or an action of .github/actions, as
// far as the rules go. actionlint checks the rest, expressions included.
type workflow struct {
	On          map[string]any
	Permissions map[string]string
	Concurrency any
	Env         map[string]string
	Jobs        map[string]workflowJob
	Runs        struct{ Steps []workflowStep } // of an action
}

type workflowJob struct {
	RunsOn      string `yaml:"runs-on"`
	Timeout     int    `yaml:"timeout-minutes"`
	Permissions map[string]string
	Env         map[string]string
	Steps       []workflowStep
}

type workflowStep struct {
	Uses, Run string
	With, Env map[string]string
}

// workflowTexts returns the texts of the workflows and the actions by file name.
func workflowTexts(t *testing.T) map[string]string {
	t.Helper()
	files, _ := filepath.Glob("../../.github/workflows/*.yml")
	actions, _ := filepath.Glob("../../.github/actions/*/action.yml")
	if len(files) < 4 || len(actions) == 0 {
		t.Fatalf("found only %v and %v", files, actions)
	}
	texts := map[string]string{}
	for _, file := range append(files, actions...) {
		texts[filepath.Base(file)] = read(t, file)
	}
	return texts
}

// parseWorkflow reads the text of a workflow.
func parseWorkflow(t *testing.T, text string) (w workflow) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestWorkflows checks that jobs have no more rights than they need, that actions
// are pinned, and that each step is one command that runs on any machine.
func TestWorkflows(t *testing.T) {
	pins := map[string]string{} // of all files
	makefile := read(t, "../../Makefile")
	for file, text := range workflowTexts(t) {
		w := parseWorkflow(t, text)
		for _, breach := range slices.Concat(rightsOf(w), pinsOf(text, pins), stepsOf(w, makefile)) {
			t.Errorf("%s: %s", file, breach)
		}
	}
}

// mayWrite lists the rights to write that a job may have.
var mayWrite = map[string]string{"pages": "write", "id-token": "write"} // deploy to Pages

// rightsOf checks what a workflow may do, and for how long. An action has the
// rights of the job that uses it.
func rightsOf(w workflow) (breaches []string) {
	if w.Runs.Steps != nil {
		return nil
	}
	if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
		breaches = append(breaches, "permissions: want {contents: read}, and more in the job that needs it")
	}
	if w.Concurrency == nil {
		breaches = append(breaches, "concurrency: want a group, so that two runs do not interfere")
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
			breaches = append(breaches, id+": permissions: a pull request's jobs may only read")
		}
		for _, s := range j.Steps {
			if _, ok := w.On["pull_request"]; ok && (s.Env["PUSH"] != "" || strings.HasPrefix(s.Uses, "docker/login-action@")) {
				breaches = append(breaches, id+": a pull request could write to the remote record, which others believe")
			}
			if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != "false" {
				breaches = append(breaches, id+": checkout: want persist-credentials: false")
			}
		}
	}
	return breaches
}

// pinned matches an action by its commit, with its version as a comment.
var pinned = regexp.MustCompile(`^([\w.-]+/[\w.-]+)(/[\w./-]+)?@([0-9a-f]{40}) # v\d+\.\d+\.\d+$`)

// pinsOf checks that each action is pinned to one commit, the same in all files.
// It adds to pins, which maps an action to its commit.
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

// makeStep matches a step that runs a make target, maybe with variables. An action
// finds the Makefile in its own checkout.
var makeStep = regexp.MustCompile(`^make (?:--no-print-directory -C "\$GITHUB_ACTION_PATH/\.\./\.\./\.\." )?([a-z-]+)((?: [A-Z]+=(?:'[^']*'|[\w.,=-]+))*)$`)

// stepsOf checks that each run step is one documented make target, and that what
// its job checks out and downloads suffices for it.
func stepsOf(w workflow, makefile string) (breaches []string) {
	for id, j := range withAction(w) {
		depth := ""
		for _, s := range j.Steps {
			target := makeStep.FindStringSubmatch(s.Run)
			switch {
			case strings.HasPrefix(s.Uses, "actions/checkout@"):
				depth = s.With["fetch-depth"]
			case s.With["pattern"] != "" && s.With["merge-multiple"] != "true":
				breaches = append(breaches, id+": download: want merge-multiple: one artifact alone gets no folder of its own, several do")
			case s.Run == "":
			case strings.Contains(s.Run, "${{"):
				breaches = append(breaches, s.Run+": the shell would run the expression's value: want it in env")
			case target == nil:
				breaches = append(breaches, s.Run+": want one make target")
			case !regexp.MustCompile(`(?m)^` + target[1] + `:.* ## `).MatchString(makefile):
				breaches = append(breaches, s.Run+": the Makefile has no such target with a help text")
			case s.Env["BASE"] == "HEAD^" && depth != "2":
				breaches = append(breaches, id+": checkout: want fetch-depth: 2, for HEAD^")
			}
		}
	}
	return breaches
}

// withAction returns the jobs of a workflow. An action is one job without a name.
func withAction(w workflow) map[string]workflowJob {
	if w.Runs.Steps != nil {
		return map[string]workflowJob{"": {Steps: w.Runs.Steps}}
	}
	return w.Jobs
}

// TestWorkflowRulesCanFail breaks each of the rules.
func TestWorkflowRulesCanFail(t *testing.T) {
	pin := "actions/checkout@" + strings.Repeat("0", 40) + " # v6.0.2"
	good := "on: {push: , pull_request: }\nconcurrency: {group: g}\npermissions: {contents: read}\njobs:\n  j:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n" +
		"      - uses: " + pin + "\n        with: {persist-credentials: false, fetch-depth: 2}\n" +
		"      - uses: ./download\n        with: {pattern: a-*, merge-multiple: true}\n" +
		"      - run: make run ARGS='--only v0.47.0'\n        env: {BASE: HEAD^}\n"
	check := func(text string) []string {
		w := parseWorkflow(t, text)
		pins := map[string]string{"actions/cache": strings.Repeat("1", 40)}
		return slices.Concat(rightsOf(w), pinsOf(text, pins), stepsOf(w, "run: ## run it\nhidden:\n"))
	}
	if breaches := check(good); len(breaches) > 0 {
		t.Fatalf("a correct workflow: got %v", breaches)
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
		{", fetch-depth: 2", "", "want fetch-depth"},
		{", merge-multiple: true", "", "want merge-multiple"},
		{"{BASE: HEAD^}", `{BASE: HEAD^, PUSH: "true"}`, "could write to the remote record"},
		{"uses: ./download", "uses: docker/login-action@" + strings.Repeat("2", 40) + " # v3.6.0", "could write to the remote record"},
		{pin, "actions/checkout@v6", "all 40 digits"},
		{" # v6.0.2", " # v6", "all 40 digits"},
		{"actions/checkout@", "actions/cache/restore@", "another commit elsewhere"},
		{"make run", "make nothing", "no such target"},
		{"make run", "make hidden", "no such target"},
		{"make run ARGS='--only v0.47.0'", "make run && make run", "want one make target"},
		{"make run ARGS='--only v0.47.0'", "make run ARGS=${{ github.event.issue.title }}", "want it in env"},
		{"make run ARGS='--only v0.47.0'", "matrixrun plan | sh", "want one make target"},
	} {
		breaches := check(strings.Replace(good, test.old, test.new, 1))
		if !strings.Contains(strings.Join(breaches, "\n"), test.want) {
			t.Errorf("%s instead of %s: got %q, want %q", test.new, test.old, breaches, test.want)
		}
	}
}

// TestMakefileFlags checks that each command of matrixrun in the Makefile exists,
// with its flags. A target that no workflow uses is seldom run.
func TestMakefileFlags(t *testing.T) {
	text := strings.ReplaceAll(read(t, "../../Makefile"), "\\\n", " ")
	for _, variable := range regexp.MustCompile(`(?m)^([A-Z]+) [:?]?= (.*)$`).FindAllStringSubmatch(text, -1) {
		text = strings.ReplaceAll(text, "$("+variable[1]+")", variable[2])
	}
	commands := regexp.MustCompile(`(?:\./|cmd/)matrixrun ([a-z]+)([^|;&\n]*)`).FindAllStringSubmatch(text, -1)
	if len(commands) < 15 {
		t.Errorf("found only %d commands", len(commands))
	}
	for _, found := range commands {
		c, _, err := newRoot().Find(found[1:2])
		if err != nil {
			t.Error(err)
			continue
		}
		for _, flag := range regexp.MustCompile(`--([a-z-]+)`).FindAllStringSubmatch(found[2], -1) {
			if c.Flags().Lookup(flag[1]) == nil {
				t.Errorf("matrixrun %s has no flag --%s", found[1], flag[1])
			}
		}
	}
}

// TestRehearsal checks that .github/rehearse, which `make workflows` runs, does what
// the workflows do: the same steps in each job with the same variables, and the same
// artifacts from and to the same paths.
func TestRehearsal(t *testing.T) {
	texts, script := workflowTexts(t), read(t, "../../.github/rehearse")
	for _, difference := range rehearsal(t, texts, script) {
		t.Error(difference)
	}
	for _, test := range []struct{ old, new string }{
		{"step make merge\n", ""},
		{"step make merge\n", "step make shard\n"},
		{"step BASE=HEAD^ make gate", "step BASE=HEAD make gate"},
		{"step SAMPLE=", "step OTHER="},
		{"job patched PATCHES=\"$patches\"", "job patched"},
		{"download newest out/results/against-newest", "download newest out/results"},
		{"upload lock", "upload unlock"},
		{"job newest\n", "job oldest\n"},
		{"$(output matrix)", "matrix"},
	} {
		changed := strings.ReplaceAll(script, test.old, test.new)
		if changed == script || len(rehearsal(t, texts, changed)) == 0 {
			t.Errorf("%q instead of %q: got no difference", test.new, test.old)
		}
	}
}

// rehearsal returns where the script differs from the workflows.
func rehearsal(t *testing.T, texts map[string]string, script string) (differences []string) {
	got, want := rehearsed(script), map[string][]string{}
	for file, text := range texts {
		w := parseWorkflow(t, text)
		for id, j := range w.Jobs {
			if lines := rehearsalOf(j, parseWorkflow(t, texts["action.yml"])); len(lines) > 0 {
				head := "workflow " + file + variables(w.Env) + "; job " + id + variables(j.Env)
				want[file+", "+id] = append([]string{head}, lines...)
			}
		}
		for _, output := range regexp.MustCompile(`steps\.\w+\.outputs\.(\w+)`).FindAllStringSubmatch(text, -1) {
			if output[1] != "page_url" && !strings.Contains(script, "$(output "+output[1]+")") {
				differences = append(differences, file+": nothing checks that a step sets its output "+output[1])
			}
		}
	}
	for _, job := range slices.Sorted(maps.Keys(want)) {
		if pattern := "^" + strings.Join(want[job], "\n") + "$"; !regexp.MustCompile(pattern).MatchString(strings.Join(got[job], "\n")) {
			differences = append(differences, fmt.Sprintf("job %s:\ngot  %s\nwant %s", job, strings.Join(got[job], "\n     "), strings.Join(want[job], "\n     ")))
		}
		delete(got, job)
	}
	for job := range got {
		differences = append(differences, "no workflow has the job "+job)
	}
	return differences
}

// rehearsed returns the lines of the script that do something in a job, by job.
func rehearsed(script string) map[string][]string {
	jobs, head, job := map[string][]string{}, "", ""
	script = regexp.MustCompile(`\\\n\s*`).ReplaceAllString(script, "")
	for _, line := range strings.Split(unquote.Replace(script), "\n") {
		line = strings.TrimSpace(line)
		switch verb, rest, _ := strings.Cut(line, " "); verb {
		case "workflow":
			head = line
		case "job":
			file, name := strings.Fields(head)[1], strings.Fields(rest)[0]
			job = file + ", " + name
			jobs[job] = append(jobs[job], head+"; "+line)
		case "step", "upload", "download":
			jobs[job] = append(jobs[job], line)
		}
	}
	return jobs
}

// rehearsalOf returns what the script has to do for the steps of a job: lines, as
// regular expressions.
func rehearsalOf(j workflowJob, action workflow) (lines []string) {
	for _, s := range j.Steps {
		name, _, _ := strings.Cut(s.Uses, "@")
		switch name {
		case "":
			if s.Run != "make ci" && s.Run != "make torture" { // the first runs the script, and some of the second
				lines = append(lines, "step"+variables(s.Env)+pattern(s.Run))
			}
		case "./.github/actions/check":
			lines = append(lines, rehearsalOf(workflowJob{Steps: action.Runs.Steps}, action)...)
		case "actions/upload-artifact":
			lines = append(lines, "upload"+pattern(s.With["name"])+pattern(s.With["path"]))
		case "actions/upload-pages-artifact":
			lines = append(lines, "upload github-pages"+pattern(s.With["path"]))
		case "actions/download-artifact":
			lines = append(lines, "download"+pattern(s.With["name"]+s.With["pattern"])+pattern(s.With["path"]))
		}
	}
	return lines
}

// unquote removes quotes: no value of a rehearsal depends on them.
var unquote = strings.NewReplacer(`"`, "", "'", "")

// variables returns a regular expression for variables, sorted by name.
func variables(env map[string]string) (all string) {
	for _, name := range slices.Sorted(maps.Keys(env)) {
		all += pattern(name + "=" + env[name])
	}
	return all
}

// pattern returns a regular expression for words of a workflow, after a space. An
// expression in the workflow matches any words but a variable.
func pattern(text string) string {
	text = regexp.QuoteMeta(strings.Join(strings.Fields(unquote.Replace(text)), " "))
	return " " + regexp.MustCompile(`\\\$\\\{\\\{.*?\\\}\\\}`).ReplaceAllString(text, "[^A-Z]*")
}

package engines

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/plans"
)

// aRun returns a run of n shards with these arguments.
func aRun(n int, args ...string) Run {
	r := Run{Args: append([]string{"suite"}, args...), Image: DefaultImage, Version: "v1.2.3"}
	for i := range n {
		job := plans.Job{Index: i + 1, Of: n, Rows: 1, Releases: "v1.0.0", Seconds: 1}
		job.Shard = plans.Shard{Index: i + 1, Of: n}.String()
		r.Jobs = append(r.Jobs, job)
	}
	return r
}

// collected returns the run whose shards a remote record collects.
func collected(r Run) Run {
	r.Remote = "oci://hub.example/team"
	r.Args = append(r.Args, "--remote", r.Remote)
	return r
}

// hostile are arguments that a shell, YAML or an engine could misread.
var hostile = []string{
	"--versions", ">= 0.44, < 0.50, != 0.45.1", "--patch", "my patches/fix it's $HOME.patch", "--patch", "- a: b #c ##[group]x ##vso[y]",
	"--scenario", "*", "--patch", "$(JOB_COMPLETION_INDEX) $$(x) $$ `id` ${CI}", "--patch", "<<parameters.x>> <<<", "--patch", "", "--patch", "!reference [a] &b *c |",
	"--patch", "tab\there\nand << there ##[", "--patch", "true", "--patch", "[ä, ü]", "--sample", "%A", "--as", `\back\\slash"`,
}

// printed returns what an engine takes.
func printed(t interface{ Fatal(...any) }, name string, r Run) string {
	var out bytes.Buffer
	for _, e := range All {
		if e.Name == name {
			if err := e.Print(&out, r); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
	}
	t.Fatal("no engine ", name)
	return ""
}

// documents reads a stream of YAML, strictly.
func documents(text string) (all []any, err error) {
	l, err := yaml.NewLoader(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	for {
		var doc any
		if err := l.Load(&doc); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, doc)
	}
}

// schemaOf compiles a schema in testdata.
func schemaOf(t *testing.T, engine string) *jsonschema.Schema {
	t.Helper()
	file := filepath.Join("testdata", engine+".schema.json")
	schema, err := jsonschema.NewCompiler().Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validate validates each document of a text.
func validate(schema *jsonschema.Schema, text string) error {
	all, err := documents(text)
	if err == nil && len(all) == 0 {
		err = errors.New("no document")
	}
	for _, doc := range all {
		err = errors.Join(err, schema.Validate(doc))
	}
	return err
}

// TestPrintedIsValid validates what is printed against what the engines say of it, and
// breaks it to see that the schemas can reject something.
func TestPrintedIsValid(t *testing.T) {
	for engine, edits := range map[string][][2]string{
		"github":     {{`"include"`, `"exclude"`}, {`"index":1`, `"index":[1]`}, {`"rows"`, `"a b"`}},
		"gitlab":     {{"parallel: 3", "parallel: 0"}, {"parallel: 3", "parallels: 3"}, {"  script:", "  scripts:"}, {"when: always", "when: ever"}, {"matrixrun:\n", "image:\n"}},
		"kubernetes": {{"Indexed", "indexed"}, {"completions: 3", "completions: '3'"}, {"restartPolicy: Never", "restartPolicy: Always"}, {"value: '3'", "value: 3"}, {"  completions: 3\n", ""}, {"optional: true", "optionally: true"}},
		"circleci":   {{"version: 2.1", "version: 2"}, {"parallelism: 3", "parallelism: 0"}, {"- checkout", "- check-out"}, {"command:", "commands:"}, {"root: .", "rood: ."}, {"matrixrun run", "matrixrun << run"}, {"requires", "require"}},
	} {
		schema := schemaOf(t, engine)
		for _, args := range [][]string{nil, hostile} {
			for _, n := range []int{1, 3, 200} {
				one := aRun(n, args...)
				files := collected(one)
				files.Files = true
				for _, r := range []Run{one, collected(one), files} {
					if err := validate(schema, printed(t, engine, r)); err != nil {
						t.Errorf("%s, %d shards, remote %q: %v", engine, n, r.Remote, err)
					}
				}
			}
		}
		text := printed(t, engine, aRun(3))
		for _, edit := range edits {
			if changed := strings.Replace(text, edit[0], edit[1], 1); changed == text || validate(schema, changed) == nil {
				t.Errorf("%s: %q instead of %q is valid", engine, edit[1], edit[0])
			}
		}
	}
}

// sbatchOption matches an option in a batch script that sbatch knows.
var sbatchOption = regexp.MustCompile(`^#SBATCH --(job-name=[a-z]+|array=1-[1-9][0-9]*|export=ALL|output=[a-z]+-%A_%a\.log)$`)

// sbatch returns what is wrong with a batch script, by the rules of sbatch: the first line
// names the shell, and options come before the first command. It ignores all others.
func sbatch(script string) (wrong []string) {
	lines := strings.Split(script, "\n")
	if lines[0] != "#!/bin/bash" {
		wrong = append(wrong, "the first line is "+lines[0])
	}
	options, command := 0, false
	for _, line := range lines[1:] {
		switch {
		case strings.HasPrefix(line, "#SBATCH"):
			options++
			if command || !sbatchOption.MatchString(line) {
				wrong = append(wrong, "sbatch ignores or rejects "+line)
			}
		case !strings.HasPrefix(line, "#") && line != "":
			command = true
		}
	}
	if options != 4 {
		wrong = append(wrong, "not all options are there")
	}
	return wrong
}

// TestBatchScript checks that sbatch and bash can read the script. Slurm publishes no
// schema.
func TestBatchScript(t *testing.T) {
	text := printed(t, "slurm", aRun(3, hostile...))
	other := printed(t, "slurm", collected(aRun(3, hostile...)))
	for _, text := range []string{text, other} {
		if wrong := sbatch(text); wrong != nil {
			t.Errorf("%q in\n%s", wrong, text)
		}
		if out, err := bashReads(t, text); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
	for _, edit := range [][2]string{{"#!/bin/bash", "# bash"}, {"array=1-3", "array=1-0x"}, {"#SBATCH --array", "# --array"}, {"#SBATCH --array", "set -e\n#SBATCH --array"}} {
		if wrong := sbatch(strings.Replace(text, edit[0], edit[1], 1)); wrong == nil {
			t.Errorf("%q instead of %q is accepted", edit[1], edit[0])
		}
	}
}

// TestCollectedIsValid breaks what is printed if a remote record collects the shards.
func TestCollectedIsValid(t *testing.T) {
	for engine, edits := range map[string][][2]string{
		"kubernetes": {{"emptyDir: {}", "emptyDir: x"}, {"fieldRef", "fieldref"}, {"controller-uid", "controller"}, {"secretName", "name"}, {"readOnly: true", "readOnly: 1"}},
		"circleci":   {{"<< pipeline.id >>", "<< pipelines.id >>"}, {"store_artifacts", "store"}},
		"gitlab":     {{"paths:", "path:"}},
	} {
		text := printed(t, engine, collected(aRun(3)))
		for _, edit := range edits {
			if changed := strings.Replace(text, edit[0], edit[1], 1); changed == text || validate(schemaOf(t, engine), changed) == nil {
				t.Errorf("%s: %q instead of %q is valid", engine, edit[1], edit[0])
			}
		}
	}
}

// bashReads lets bash parse a script, without running it.
func bashReads(t *testing.T, script string) ([]byte, error) {
	t.Helper()
	needBash(t)
	cmd := exec.Command("bash", "-n")
	cmd.Stdin = strings.NewReader(script)
	return cmd.CombinedOutput()
}

func needBash(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("needs bash, which runs what is printed")
	}
}

// scriptOf returns the shell commands that an engine runs for a shard, from what is
// printed for it.
func scriptOf(t interface{ Fatal(...any) }, engine, text string) string {
	if engine == "slurm" {
		return text
	}
	all, err := documents(text)
	if err != nil {
		t.Fatal(err)
	}
	at := func(doc any, path ...any) any {
		for _, step := range path {
			switch step := step.(type) {
			case string:
				doc = doc.(map[string]any)[step]
			case int:
				doc = doc.([]any)[step]
			}
		}
		return doc
	}
	switch engine {
	case "gitlab":
		var lines []string
		for _, line := range at(all[0], "matrixrun", "script").([]any) {
			lines = append(lines, line.(string))
		}
		return strings.Join(lines, "\n")
	case "kubernetes":
		return expand(at(all[0], "spec", "template", "spec", "containers", 0, "command", 2).(string))
	default:
		return at(all[0], "jobs", "matrixrun", "steps", 1, "run", "command").(string)
	}
}

// expand does what a kubelet does with a command: two dollar signs become one, and it
// expands variables in parentheses.
func expand(command string) string {
	return regexp.MustCompile(`\$\$|\$\([^)]*\)`).ReplaceAllStringFunc(command, func(found string) string {
		if found == "$$" {
			return "$"
		}
		return "expanded"
	})
}

// TestArgumentsArrive lets bash run what is printed, with a matrixrun that prints its
// arguments: all arrive as they are, whatever characters they have.
func TestArgumentsArrive(t *testing.T) {
	needBash(t)
	dir := t.TempDir()
	fake := "#!/bin/bash\nprintf '%s\\0' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "matrixrun"), []byte(fake), 0o777); err != nil {
		t.Fatal(err)
	}
	arrive := func(t interface {
		Fatal(...any)
		Errorf(string, ...any)
	}, args []string) {
		for _, engine := range []string{"gitlab", "kubernetes", "slurm", "circleci"} {
			script := scriptOf(t, engine, printed(t, engine, aRun(3, args...)))
			if strings.Contains(script, "##") || engine == "circleci" && strings.Contains(script, "<<") {
				t.Errorf("%s could misread %q", engine, script)
			}
			cmd := exec.Command("bash", "-eu", "-c", script)
			cmd.Dir, cmd.Env = dir, []string{"PATH=" + dir + string(os.PathListSeparator) + os.Getenv("PATH"), "CI_NODE_INDEX=2", "JOB_COMPLETION_INDEX=2", "CIRCLE_NODE_INDEX=2", "SLURM_ARRAY_JOB_ID=7", "SLURM_ARRAY_TASK_ID=2"}
			out, err := cmd.Output()
			got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
			want := append(append([]string{"run", "suite"}, args...), "--shard", "auto", "-o", "matrixrun-shards/2")
			if engine == "slurm" {
				want[len(want)-1] = "matrixrun-shards-7/2"
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %v, %q arrives as %q", engine, err, want, got)
			}
		}
	}
	arrive(t, hostile)
	words := rapid.SliceOfN(rapid.StringOf(rapid.RuneFrom([]rune("ab <>#$'\"`()\\{}[]!*&|:-\n\té\u202e%"))), 1, 4)
	rapid.Check(t, func(rt *rapid.T) { arrive(rt, words.Draw(rt, "args")) })
}

// TestElsewhere checks which arguments name files that a checkout does not have.
func TestElsewhere(t *testing.T) {
	abs, err := filepath.Abs("x")
	if err != nil {
		t.Fatal(err)
	}
	got := aRun(1, "--patch", abs, "--patch", "../fix.patch", "--patch", "..fix", "--patch", "patches/..", "--git", "..", "--versions", ">= 1").Elsewhere()
	if want := []string{abs, "../fix.patch", ".."}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestDefaultImage checks that the default image has the Go that go.mod asks for.
func TestDefaultImage(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, version, _ := strings.Cut(DefaultImage, ":")
	if !strings.Contains(string(mod), "\ngo "+version+".") {
		t.Errorf("%s is not what go.mod asks for", DefaultImage)
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v4"

	"github.com/matrixrun/matrixrun/matrix"
)

// An engineRun is what a document makes an engine do.
type engineRun struct {
	shards    int
	shard     string               // the script that each shard runs
	merge     string               // the script that runs after all shards
	variables func(i int) []string // NAME=VALUE, which the engine sets for the shard with an index from 0
	collected []string             // the paths that the engine brings to merge; none if it sees the folders of shards
}

// engines run what plan prints for them.
var engineRuns = map[string]func(ts *testscript.TestScript, text string) engineRun{
	"gitlab":     onGitLab,
	"kubernetes": onKubernetes,
	"slurm":      onSlurm,
	"circleci":   onCircleCI,
}

// engine does what an engine does with a document that plan printed: it runs all shards,
// each with the variables that the engine sets, and then the merge, whose exit code and
// folder of results a script names.
func engine(ts *testscript.TestScript, args []string) {
	code, name, file, results := args[0], args[1], args[2], args[3]
	run := engineRuns[name](ts, ts.ReadFile(file))
	dir := ts.MkAbs(name)
	for i := range run.shards {
		inEngine(ts, run.variables(i), "0", run.shard)
	}
	if run.collected == nil {
		dir = ts.MkAbs(".")
	}
	for _, path := range run.collected {
		ts.Check(os.CopyFS(filepath.Join(dir, path), os.DirFS(ts.MkAbs(path))))
		ts.Check(os.RemoveAll(ts.MkAbs(path)))
	}
	inEngine(ts, []string{"MERGE_IN=" + dir, "CI_PIPELINE_ID=9"}, code, "cd \"$MERGE_IN\"\n"+run.merge)
	ts.Check(os.Rename(filepath.Join(dir, "matrixrun-results"), ts.MkAbs(results)))
}

// inEngine runs a script as all the engines do, with some more variables.
func inEngine(ts *testscript.TestScript, variables []string, code, script string) {
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		ts.Setenv(name, value)
	}
	exits(ts, []string{code, "bash", "-eo", "pipefail", "-c", script})
	for _, v := range variables {
		name, _, _ := strings.Cut(v, "=")
		ts.Setenv(name, "")
	}
}

// TestSelectedFlags checks that run has each flag of plan that is passed on to it, and
// that flags are passed on as they were given.
func TestSelectedFlags(t *testing.T) {
	run := newRun().Flags()
	newPlan().Flags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(onlyPlan, f.Name) && run.Lookup(f.Name) == nil {
			t.Errorf("run has no flag --%s", f.Name)
		}
	})
	flags := newPlan().Flags()
	if err := flags.Parse([]string{"--shards", "3", "--scenario", "b*", "--only", "v1,v2", "--only=v3", "--scenario", "a,c", "--forks=false", "--patched", "-p", "2", "--patch", ""}); err != nil {
		t.Fatal(err)
	}
	want := []string{"--forks=false", "--only", "v1,v2,v3", "--patch", "", "--patched", "--scenario", "b*", "--scenario", "a,c", "--strip", "2"}
	if got := selectedWith(flags); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestNamesFiles checks which arguments of a run need files: those that are paths, and the names
// of patches below ./patches.
func TestNamesFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll(filepath.Join("patches", "own"), 0o777); err != nil {
		t.Fatal(err)
	}
	planned := func(patch string) *matrix.Plan {
		return &matrix.Plan{Rows: []matrix.Row{{}, {Patches: []matrix.Variant{{Patch: patch}}}}}
	}
	for _, test := range []struct {
		args  []string
		patch string
		want  bool
	}{
		{[]string{"zerortt", "--patch", "drop-late-resets"}, "drop-late-resets", false},
		{[]string{"zerortt", "--patch", "own"}, "own", true},
		{[]string{"zerortt", "--patched"}, "own", true},
		{[]string{"zerortt", "--patch", "patches/own"}, "", true},
		{[]string{".", "--only", "v1.0.0"}, "", true},
	} {
		if got := namesFiles(test.args, planned(test.patch)); got != test.want {
			t.Errorf("%q: got %v", test.args, got)
		}
	}
}

// TestRemoteIsOneLine checks that the name of a remote record cannot end the comment of a script
// that contains it.
func TestRemoteIsOneLine(t *testing.T) {
	f := planFlags{remote: "oci-layout:a\nb", format: "slurm", shards: 2, inShards: true}
	if _, problems := f.checkShards(); !strings.HasSuffix(problems.Error(), `--remote "oci-layout:a\nb": want a name on one line`) {
		t.Errorf("got %v", problems)
	}
}

// fromYAML reads the documents of a stream.
func fromYAML[T any](ts *testscript.TestScript, text string) (all []T) {
	for _, part := range strings.Split(text, "\n---\n") {
		var one T
		ts.Check(yaml.Load([]byte(part), &one))
		all = append(all, one)
	}
	return all
}

func onGitLab(ts *testscript.TestScript, text string) engineRun {
	type job struct {
		Parallel  int
		Script    []string
		Needs     []string
		Artifacts struct{ Paths []string }
	}
	jobs := fromYAML[map[string]job](ts, text)[0]
	shard, merge := jobs["matrixrun"], jobs["matrixrun-merge"]
	if strings.Join(merge.Needs, " ") != "matrixrun" {
		ts.Fatalf("the merge does not wait for the shards, but for %q", merge.Needs)
	}
	return engineRun{
		shards: shard.Parallel, shard: strings.Join(shard.Script, "\n"), merge: strings.Join(merge.Script, "\n"), collected: shard.Artifacts.Paths,
		variables: func(i int) []string {
			return []string{fmt.Sprint("CI_NODE_INDEX=", i+1), fmt.Sprint("CI_NODE_TOTAL=", shard.Parallel), "CI_PIPELINE_ID=9"}
		},
	}
}

func onKubernetes(ts *testscript.TestScript, text string) engineRun {
	type job struct {
		Spec struct {
			Completions int
			Template    struct {
				Spec struct {
					Containers []struct {
						Command []string
						Env     []struct {
							Name, Value string
							ValueFrom   struct {
								FieldRef struct {
									FieldPath string `yaml:"fieldPath"`
								} `yaml:"fieldRef"`
							} `yaml:"valueFrom"`
						}
					}
				}
			}
		}
	}
	jobs := fromYAML[job](ts, text)
	shard := jobs[0].Spec.Template.Spec.Containers[0]
	unescape := strings.NewReplacer("$$", "$") // as the kubelet does
	merge := "kubectl() { echo 0a-1b; }\n" + collected(text)
	if len(jobs) > 1 {
		merge = unescape.Replace(jobs[1].Spec.Template.Spec.Containers[0].Command[2])
	}
	return engineRun{
		shards: jobs[0].Spec.Completions, shard: unescape.Replace(shard.Command[2]), merge: merge,
		variables: func(i int) []string {
			all := []string{fmt.Sprint("JOB_COMPLETION_INDEX=", i)}
			for _, v := range shard.Env {
				if strings.HasSuffix(v.ValueFrom.FieldRef.FieldPath, "controller-uid']") {
					v.Value = "0a-1b"
				}
				if v.Name != "DOCKER_CONFIG" { // it is a folder of the pod
					all = append(all, v.Name+"="+v.Value)
				}
			}
			return all
		},
	}
}

// collected returns the commands in a comment that merge the results in a remote record. The
// first one sets a variable to the ID of the run.
func collected(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line, ok := strings.CutPrefix(line, "#\t")
		if ok && (strings.HasPrefix(line, "run=") || strings.HasPrefix(line, "id=") || len(lines) > 0) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func onSlurm(ts *testscript.TestScript, text string) engineRun {
	_, count, _ := strings.Cut(text, "\n#SBATCH --array=1-")
	count, _, _ = strings.Cut(count, "\n")
	n, err := strconv.Atoi(count)
	ts.Check(err)
	merge := "set -- 7\n" + text
	if strings.Contains(text, "#\tmatrixrun merge --remote ") {
		merge = "sbatch() { echo 7; }\n" + collected(text)
	}
	return engineRun{
		shards: n, shard: text, merge: merge,
		variables: func(i int) []string {
			return []string{
				"SLURM_ARRAY_JOB_ID=7", fmt.Sprint("SLURM_ARRAY_TASK_ID=", i+1), "SLURM_ARRAY_TASK_MIN=1",
				"SLURM_ARRAY_TASK_MAX=" + count, "SLURM_ARRAY_TASK_STEP=1", "SLURM_ARRAY_TASK_COUNT=" + count,
			}
		},
	}
}

func onCircleCI(ts *testscript.TestScript, text string) engineRun {
	type step struct {
		Run     struct{ Command string }
		Persist struct{ Paths []string } `yaml:"persist_to_workspace"`
	}
	type job struct {
		Parallelism int
		Steps       []yaml.Node
	}
	config := fromYAML[struct{ Jobs map[string]job }](ts, text)[0]
	read := func(name string) (all step) {
		for _, n := range config.Jobs[name].Steps {
			if n.Kind == yaml.MappingNode {
				ts.Check(n.Decode(&all)) // each step sets a field of its own
			}
		}
		return all
	}
	id := strings.NewReplacer("<< pipeline.id >>", "0a-1b") // as CircleCI does
	shard, merge, n := read("matrixrun"), read("matrixrun-merge"), config.Jobs["matrixrun"].Parallelism
	return engineRun{
		shards: n, shard: id.Replace(shard.Run.Command), merge: id.Replace(merge.Run.Command), collected: shard.Persist.Paths,
		variables: func(i int) []string {
			return []string{fmt.Sprint("CIRCLE_NODE_INDEX=", i), fmt.Sprint("CIRCLE_NODE_TOTAL=", n)}
		},
	}
}

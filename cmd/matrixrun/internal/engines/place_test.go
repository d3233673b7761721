package engines

import (
	"errors"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// environment returns a getenv for variables such as "A=1 B=2".
func environment(text string) func(string) string {
	return func(name string) string {
		for _, variable := range strings.Fields(text) {
			if n, value, _ := strings.Cut(variable, "="); n == name {
				return value
			}
		}
		return ""
	}
}

// array returns the variables of a task of a job array of Slurm.
func array(id, first, last, step, count string) string {
	return "SLURM_ARRAY_TASK_ID=" + id + " SLURM_ARRAY_TASK_MIN=" + first + " SLURM_ARRAY_TASK_MAX=" + last + " SLURM_ARRAY_TASK_STEP=" + step + " SLURM_ARRAY_TASK_COUNT=" + count
}

func TestPlace(t *testing.T) {
	for _, test := range []struct{ value, env, want string }{
		{"2/3", "", "2/3"},
		{"2/3", "CI_NODE_INDEX=1 CI_NODE_TOTAL=9", "2/3"}, // what is given outranks an engine
		{"auto", "CI_NODE_INDEX=1 CI_NODE_TOTAL=4", "1/4"},
		{"auto", "CI_NODE_INDEX=4 CI_NODE_TOTAL=4 CIRCLE_NODE_INDEX=", "4/4"},
		{"auto/4", "CI_NODE_INDEX=4 CI_NODE_TOTAL=4 MATRIXRUN_SHARDS=4", "4/4"},
		{"auto", "JOB_COMPLETION_INDEX=0 MATRIXRUN_SHARDS=3", "1/3"},
		{"auto/3", "JOB_COMPLETION_INDEX=2", "3/3"},
		{"auto", "CIRCLE_NODE_INDEX=0 CIRCLE_NODE_TOTAL=1", "1/1"},
		{"auto", "CIRCLE_NODE_INDEX=7 CIRCLE_NODE_TOTAL=8", "8/8"},
		{"auto", array("1", "1", "4", "1", "4"), "1/4"},
		{"auto", array("3", "0", "3", "1", "4"), "4/4"},
		{"auto", array("20", "10", "40", "10", "4"), "2/4"},
		{"auto", "SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_COUNT=3", "2/3"},
		{"auto", array("7", "7", "7", "1", "1"), "1/1"},
	} {
		s, err := Place(test.value, environment(test.env))
		if err != nil || s.String() != test.want {
			t.Errorf("%s with %s: got %v, %v, want %s", test.value, test.env, s, err, test.want)
		}
	}
}

// TestPlaceIsUnknown checks that nothing is guessed, and that all that is wrong is said.
func TestPlaceIsUnknown(t *testing.T) {
	for _, test := range []struct{ value, env, want string }{
		{"x", "", `--shard "x": want I/N`},
		{"auto/0", "", `--shard "auto/0": want I/N`},
		{"auto/", "", `--shard "auto/": want I/N`},
		{"auto/x", "", `--shard "auto/x": want I/N`},
		{"Auto", "", `--shard "Auto": want I/N`},
		{"auto", "", "--shard auto: no engine says which part this is: none of the variables of GitLab CI (CI_NODE_INDEX), Kubernetes (JOB_COMPLETION_INDEX), Slurm (SLURM_ARRAY_TASK_ID) and CircleCI (CIRCLE_NODE_INDEX) is set: give --shard I/N"},
		{"auto/3", "MATRIXRUN_SHARDS=3", "--shard auto/3: no engine says"},
		{"auto", "GITHUB_ACTIONS=true", "give --shard ${{ matrix.shard }}"},
		{"auto", "CI_NODE_TOTAL=1", "--shard auto: GitLab CI: CI_NODE_TOTAL=1: CI_NODE_INDEX is not set: it is set in jobs that have the key parallel: or give --shard I/N"},
		{"auto", "CI_NODE_INDEX=1", "CI_NODE_TOTAL is not set"},
		{"auto", "CI_NODE_INDEX=x CI_NODE_TOTAL=-3", "CI_NODE_INDEX: want a whole number of at most six digits\n--shard auto: GitLab CI: CI_NODE_INDEX=x CI_NODE_TOTAL=-3: CI_NODE_TOTAL: want a whole number"},
		{"auto", "CI_NODE_INDEX=0 CI_NODE_TOTAL=4", "GitLab CI: CI_NODE_INDEX=0 CI_NODE_TOTAL=4: that is part 0 of 4, and there is no such part"},
		{"auto", "CI_NODE_INDEX=5 CI_NODE_TOTAL=4", "that is part 5 of 4"},
		{"auto", "CI_NODE_INDEX=1 CI_NODE_TOTAL=0", "nothing says how many parts there are"},
		{"auto", "CI_NODE_INDEX=12345678 CI_NODE_TOTAL=4", "want a whole number"},
		{"auto/3", "CI_NODE_INDEX=1 CI_NODE_TOTAL=4", "--shard auto/3 is for 3 parts, and not 4"},
		{"auto/4", "CI_NODE_INDEX=1 CI_NODE_TOTAL=4 MATRIXRUN_SHARDS=1", "MATRIXRUN_SHARDS=1: MATRIXRUN_SHARDS is for 1 part, and not 4"},
		{"auto", "JOB_COMPLETION_INDEX=0", "Kubernetes: JOB_COMPLETION_INDEX=0: nothing says how many parts there are: give --shard auto/N, or set MATRIXRUN_SHARDS to N"},
		{"auto/3", "JOB_COMPLETION_INDEX=3", "that is part 4 of 3"},
		{"auto", "JOB_COMPLETION_INDEX=0 MATRIXRUN_SHARDS=many", "MATRIXRUN_SHARDS: want a whole number"},
		{"auto", "JOB_COMPLETION_INDEX=1.5 MATRIXRUN_SHARDS=2", "JOB_COMPLETION_INDEX: want a whole number"},
		{"auto", "CIRCLE_NODE_INDEX=2 CIRCLE_NODE_TOTAL=2", "that is part 3 of 2"},
		{"auto", "CIRCLE_NODE_TOTAL=2", "CIRCLE_NODE_INDEX is not set"},
		{"auto", "SLURM_ARRAY_TASK_ID=1", "SLURM_ARRAY_TASK_MIN is not set: or give --shard I/N\n--shard auto: Slurm: SLURM_ARRAY_TASK_ID=1: SLURM_ARRAY_TASK_MAX is not set"},
		{"auto", array("3", "1", "7", "1", "3"), "the tasks of this array are not a range: want one, such as --array=1-3"},
		{"auto", array("5", "1", "4", "1", "4"), "this array has no such task"},
		{"auto", array("0", "1", "4", "1", "4"), "this array has no such task"},
		{"auto", array("15", "10", "40", "10", "4"), "this array has no such task"},
		{"auto", array("1", "1", "4", "0", "4"), "not a range"},
		{"auto", array("1", "4", "1", "1", "4"), "not a range"},
		{"auto", "CI_NODE_INDEX=1 CI_NODE_TOTAL=4 " + array("1", "1", "4", "1", "4"), "there are variables of more than one engine: GitLab CI (CI_NODE_INDEX=1 CI_NODE_TOTAL=4) and Slurm (SLURM_ARRAY_TASK_ID=1 "},
		{"auto", "JOB_COMPLETION_INDEX=1 CIRCLE_NODE_TOTAL=4", "Kubernetes (JOB_COMPLETION_INDEX=1) and CircleCI (CIRCLE_NODE_TOTAL=4): unset those of the others, or give --shard I/N"},
	} {
		s, err := Place(test.value, environment(test.env))
		if _, ok := errors.AsType[matrix.Problems](err); !ok || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s with %s: got %v, %v, want %s", test.value, test.env, s, err, test.want)
		}
	}
}

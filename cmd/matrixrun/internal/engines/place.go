package engines

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/plans"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// The variables that an engine sets to a process's place among those that it started.
const (
	gitlabIndex     = "CI_NODE_INDEX" // from 1
	gitlabTotal     = "CI_NODE_TOTAL"
	kubernetesIndex = "JOB_COMPLETION_INDEX" // from 0
	circleciIndex   = "CIRCLE_NODE_INDEX"    // from 0
	circleciTotal   = "CIRCLE_NODE_TOTAL"
	slurmArray      = "SLURM_ARRAY_JOB_ID"
	slurmIndex      = "SLURM_ARRAY_TASK_ID"
	slurmMin        = "SLURM_ARRAY_TASK_MIN"
	slurmMax        = "SLURM_ARRAY_TASK_MAX"
	slurmStep       = "SLURM_ARRAY_TASK_STEP"
	slurmCount      = "SLURM_ARRAY_TASK_COUNT"

	// totalVariable is the number of shards, where the engine does not say it.
	totalVariable = "MATRIXRUN_SHARDS"
)

// A placer finds out a process's place from an engine's variables.
type placer struct {
	engine    string
	variables []string // that the engine sets
	place     func(v *variables) plans.Shard
}

// placers are the engines that tell a process its place.
var placers = []placer{
	{"GitLab CI", []string{gitlabIndex, gitlabTotal}, func(v *variables) plans.Shard {
		return plans.Shard{Index: v.number(gitlabIndex, "it is set in jobs that have the key parallel"), Of: v.number(gitlabTotal, "")}
	}},
	{"Kubernetes", []string{kubernetesIndex}, func(v *variables) plans.Shard {
		return plans.Shard{Index: v.number(kubernetesIndex, "") + 1}
	}},
	{"Slurm", []string{slurmIndex, slurmMin, slurmMax, slurmStep, slurmCount}, placeInArray},
	{"CircleCI", []string{circleciIndex, circleciTotal}, func(v *variables) plans.Shard {
		return plans.Shard{Index: v.number(circleciIndex, "") + 1, Of: v.number(circleciTotal, "")}
	}},
}

// autoText matches a value of --shard that leaves the place to the engine.
var autoText = regexp.MustCompile(`^auto(?:/([1-9][0-9]{0,5}))?$`)

// Place returns the shard that the value of --shard means: I/N itself, or for auto and
// auto/N the place that the variables of an engine give this process. Getenv returns the
// value of a variable. The error is matrix.Problems.
func Place(value string, getenv func(string) string) (plans.Shard, error) {
	if s, ok := plans.ParseShard(value); ok {
		return s, nil
	}
	auto := autoText.FindStringSubmatch(value)
	if auto == nil {
		return plans.Shard{}, matrix.Mistake("--shard %q: want I/N, part I of N, from 1/N to N/N; or auto or auto/N, the part that an engine gives this process", value)
	}
	set := slices.DeleteFunc(slices.Clone(placers), func(p placer) bool { return seen(p.variables, getenv) == "" })
	switch {
	case len(set) == 0:
		return plans.Shard{}, nowhere(value, getenv)
	case len(set) > 1:
		var all []string
		for _, p := range set {
			all = append(all, fmt.Sprintf("%s (%s)", p.engine, seen(p.variables, getenv)))
		}
		return plans.Shard{}, matrix.Mistake("--shard %s: there are variables of more than one engine: %s: unset those of the others, or give --shard I/N", value, text.List(all))
	}
	v := &variables{flag: value, engine: set[0].engine, getenv: getenv, seen: seen(append(set[0].variables, totalVariable), getenv)}
	s := set[0].place(v)
	v.total(&s.Of, auto[1])
	if len(v.problems) == 0 && (s.Index < 1 || s.Index > s.Of) {
		v.mistake("that is part %d of %d, and there is no such part", s.Index, s.Of)
	}
	return s, v.problems.Err()
}

// seen lists the variables that are set, with their values. A variable that is empty is
// not set.
func seen(names []string, getenv func(string) string) string {
	var all []string
	for _, name := range names {
		if value := getenv(name); value != "" {
			all = append(all, name+"="+text.Quote(value))
		}
	}
	return strings.Join(all, " ")
}

// nowhere returns the mistake of leaving the place to an engine where none says it.
func nowhere(flag string, getenv func(string) string) error {
	if getenv("GITHUB_ACTIONS") != "" {
		return matrix.Mistake("--shard %s: GitHub Actions sets no variable to the place of a job: give --shard ${{ matrix.shard }}, with the matrix that plan --shards N prints", flag)
	}
	var all []string
	for _, p := range placers {
		all = append(all, fmt.Sprintf("%s (%s)", p.engine, p.variables[0]))
	}
	return matrix.Mistake("--shard %s: no engine says which part this is: none of the variables of %s is set: give --shard I/N", flag, text.List(all))
}

// variables reads the variables of an engine, and collects what is wrong with them.
type variables struct {
	flag, engine string
	getenv       func(string) string
	seen         string
	problems     matrix.Problems
}

// mistake adds a problem.
func (v *variables) mistake(format string, args ...any) {
	v.problems.Add("", 0, "--shard %s: %s: %s: %s", v.flag, v.engine, v.seen, fmt.Sprintf(format, args...))
}

// digits matches a number that can be an index. No plan has more releases than that.
var digits = regexp.MustCompile(`^[0-9]{1,6}$`)

// number returns the value of a variable that must be set. If it is missing, the mistake
// says what sets it.
func (v *variables) number(name, missing string) int {
	value := v.getenv(name)
	switch {
	case value == "" && missing != "":
		v.mistake("%s is not set: %s: or give --shard I/N", name, missing)
	case value == "":
		v.mistake("%s is not set: or give --shard I/N", name)
	case !digits.MatchString(value):
		v.mistake("%s: want a whole number of at most six digits", name)
	}
	n, _ := strconv.Atoi(value)
	return n
}

// total completes the number of parts, of which the engine, a variable of ours and
// auto/N may tell. All that do must agree.
func (v *variables) total(of *int, stated string) {
	if v.getenv(totalVariable) != "" {
		v.agree(of, v.number(totalVariable, ""), totalVariable)
	}
	if stated != "" {
		n, _ := strconv.Atoi(stated) // the pattern allows nothing but digits
		v.agree(of, n, "--shard "+v.flag)
	}
	if *of == 0 && len(v.problems) == 0 {
		v.mistake("nothing says how many parts there are: give --shard auto/N, or set %s to N", totalVariable)
	}
}

// agree sets a number of parts, or adds a problem if another one is known.
func (v *variables) agree(of *int, n int, source string) {
	if *of == 0 {
		*of = n
	} else if n != *of && len(v.problems) == 0 {
		v.mistake("%s is for %s, and not %d", source, text.Count(n, "part"), *of)
	}
}

// placeInArray returns the place of a task in a job array of Slurm, such as 1-4, 0-3 or
// 10-40:10.
func placeInArray(v *variables) plans.Shard {
	id, first, last, count := v.number(slurmIndex, ""), v.number(slurmMin, ""), v.number(slurmMax, ""), v.number(slurmCount, "")
	step := 1
	if v.getenv(slurmStep) != "" {
		step = v.number(slurmStep, "")
	}
	switch {
	case len(v.problems) > 0:
		return plans.Shard{}
	case step == 0 || last < first || (last-first)%step != 0 || (last-first)/step+1 != count:
		v.mistake("the tasks of this array are not a range: want one, such as --array=1-%d", max(1, count))
		return plans.Shard{}
	case id < first || id > last || (id-first)%step != 0:
		v.mistake("this array has no such task")
		return plans.Shard{}
	}
	return plans.Shard{Index: (id-first)/step + 1, Of: count}
}

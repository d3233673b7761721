// Package engines divides a run with the engines that teams already have: CI services and
// clusters, which start one command on many machines. It prints what an engine takes to
// run all shards and to merge them, and tells a process which shard it is.
package engines

import (
	"fmt"
	"io"
	"slices"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/plans"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// An Engine starts one command on many machines.
type Engine struct {
	Name  string // as in plan --format
	About string // what Print prints, on one line

	Most    int    // shards
	MostWhy string // what sets this limit
	Image   bool   // jobs run in the image of a Run, and see no files but those of a checkout
	Remote  bool   // jobs can write their results to a remote record

	// Print prints what the engine takes to do a run.
	Print func(w io.Writer, r Run) error
}

// All are the engines, the default first.
var All = []Engine{
	{Name: "github", About: "a matrix for GitHub Actions", Most: maxShards, MostWhy: "the most jobs that a matrix can have", Print: printGitHub},
	{Name: "gitlab", About: "jobs for GitLab CI", Most: 200, MostWhy: "the most that parallel can be", Image: true, Remote: true, Print: printGitLab},
	{Name: "kubernetes", About: "an Indexed Job, and one that merges", Most: maxShards, MostWhy: mostElsewhere, Image: true, Remote: true, Print: printKubernetes},
	{Name: "slurm", About: "a batch script for a job array", Most: maxShards, MostWhy: mostElsewhere, Remote: true, Print: printSlurm},
	{Name: "circleci", About: "a config.yml for CircleCI", Most: maxShards, MostWhy: mostElsewhere, Image: true, Remote: true, Print: printCircleCI},
}

// maxShards is the number of jobs that GitHub Actions allows in one matrix. It is enough
// for other engines, too.
const maxShards = 256

const mostElsewhere = "the most that a run is divided into"

// DefaultImage is the image that jobs run in: one with Go, git and bash.
const DefaultImage = "golang:1.26"

// command is the package that `go install` makes matrixrun of.
const command = "github.com/matrixrun/matrixrun/cmd/matrixrun"

// Names returns the names of the engines for which has returns true.
func Names(has func(Engine) bool) (names []string) {
	for _, e := range All {
		if has(e) {
			names = append(names, e.Name)
		}
	}
	return names
}

// A Run is a run that machines share.
type Run struct {
	Jobs    []plans.Job // one for each shard, at least one
	Args    []string    // of `matrixrun run`: the suite and flags
	Files   bool        // the arguments name files
	Remote  string      // the remote record for the results, which Args has, too; empty if the engine collects them
	Image   string
	Version string // of matrixrun, or latest
}

// Elsewhere returns the arguments that name files which a checkout does not have: those
// with an absolute path, or one that leads out of the current folder.
func (r Run) Elsewhere() []string {
	return slices.DeleteFunc(slices.Clone(r.Args), func(word string) bool { return !leadsOut(word) })
}

// The names of folders of shards and of merged results, below the current folder of a job.
const (
	shardsDir  = "matrixrun-shards"
	resultsDir = "matrixrun-results"
)

// install is a shell command that installs matrixrun unless the image has it.
func (r Run) install() string {
	return "command -v matrixrun >/dev/null || go install " + quote(command+"@"+r.Version)
}

// push returns the flags that make a shard write to a remote record, as words for bash. With
// Remote, it also writes its results there, as a part of the run with a name. Otherwise it writes
// only if the job has MATRIXRUN_REMOTE. No engine expands the braces, and bash -u accepts them.
func (r Run) push(name string) string {
	if r.Remote == "" {
		return "${MATRIXRUN_REMOTE:+--push}"
	}
	return `--push --run "` + name + `"`
}

// shard returns shell commands that run a shard of the run with a name, and write its results
// to a folder below dir, named by the value of a variable that the engine sets. The exit code of
// the rows is left to merge: a shard with results did its work.
func (r Run) shard(dir, variable, name string) []string {
	line := "matrixrun run"
	for _, word := range r.Args {
		line += " " + quote(word)
	}
	return []string{
		"out=" + dir + "/$" + variable,
		line + ` --shard auto ` + r.push(name) + ` -o "$out" || [ -f "$out/results.json" ]`,
	}
}

// merge returns a shell command that merges the results in a folder, or with Remote, those of the
// run with a name.
func (r Run) merge(dir, name string) string {
	if r.Remote == "" {
		return fmt.Sprintf("matrixrun merge %s/* -o %s", dir, resultsDir)
	}
	return "matrixrun merge --remote " + quote(r.Remote) + ` --run "` + name + `" -o ` + resultsDir // bash expands the name
}

// record returns lines of a comment about the remote record, for a service that calls its
// variables so.
func (r Run) record(variables string) string {
	if r.Remote == "" {
		return "# If MATRIXRUN_REMOTE is among " + variables + " of the project, all jobs\n# have it.\n"
	}
	return "# All jobs write their results to the remote record. They need the credentials of docker\n# login, in the folder that DOCKER_CONFIG names.\n"
}

// printGitHub prints a matrix on one line, for the output of a job.
func printGitHub(w io.Writer, r Run) error {
	return text.WriteJSON(w, struct {
		Include []plans.Job `json:"include"`
	}{r.Jobs}, false)
}

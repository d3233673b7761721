package engines

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// circleciComment says what to do with the configuration.
const circleciComment = `# A run of matrixrun for CircleCI: a job on %d machines at the same time, and one that merges
# what they found out. This is a whole .circleci/config.yml. The jobs need a checkout with
# the suite and the patches that the command names.
#
# The image needs Go, git and bash, or else matrixrun in PATH. The exit code of
# matrixrun-merge is that of the whole run.
%s`

// circleciName is the name of a run in a remote record. Unlike the ID of the workflow, it stays
// the same if failed jobs are run again.
const circleciName = "circleci-<< pipeline.id >>"

// circleciConfig is a configuration of CircleCI, as far as a run goes.
type circleciConfig struct {
	Version   float64          `yaml:"version"`
	Jobs      circleciJobs     `yaml:"jobs"`
	Workflows circleciWorkflow `yaml:"workflows"`
}

type circleciJobs struct {
	Shards circleciJob `yaml:"matrixrun"`
	Merge  circleciJob `yaml:"matrixrun-merge"`
}

type circleciJob struct {
	Docker      []circleciImage `yaml:"docker"`
	Parallelism int             `yaml:"parallelism,omitempty"`
	Steps       []any           `yaml:"steps"` // the name of a step, or a map from it to what it takes
}

type circleciImage struct {
	Image string `yaml:"image"`
}

type circleciRun struct {
	Run struct {
		Name    string `yaml:"name"`
		Command string `yaml:"command"`
	} `yaml:"run"`
}

type circleciWorkflow struct {
	Matrixrun struct {
		Jobs []any `yaml:"jobs"`
	} `yaml:"matrixrun"`
}

func printCircleCI(w io.Writer, r Run) error {
	type keys = map[string]any
	image := []circleciImage{{r.Image}}
	shards := []any{"checkout", circleciStep("Run a shard", append([]string{r.install()}, r.shard(shardsDir, circleciIndex, circleciName)...))}
	merge := []any{
		circleciStep("Merge the shards", []string{r.install(), r.merge(shardsDir, circleciName)}),
		keys{"store_artifacts": keys{"path": resultsDir}}, // also if the step before it fails
	}
	if r.Remote == "" {
		shards = append(shards, keys{"persist_to_workspace": keys{"root": ".", "paths": []string{shardsDir}}})
		merge = slices.Insert(merge, 0, any(keys{"attach_workspace": keys{"at": "."}}))
	}
	config := circleciConfig{Version: 2.1, Jobs: circleciJobs{
		Shards: circleciJob{Docker: image, Parallelism: len(r.Jobs), Steps: shards},
		Merge:  circleciJob{Docker: image, Steps: merge},
	}}
	config.Workflows.Matrixrun.Jobs = []any{"matrixrun", keys{"matrixrun-merge": keys{"requires": []string{"matrixrun"}}}}
	return writeYAML(w, fmt.Sprintf(circleciComment, len(r.Jobs), r.record("the environment variables")), config)
}

// circleciStep returns a step that runs shell commands.
func circleciStep(name string, commands []string) any {
	var s circleciRun
	s.Run.Name, s.Run.Command = name, strings.Join(commands, "\n")+"\n"
	return s
}

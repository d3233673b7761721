package engines

import (
	"fmt"
	"io"
	"strings"
)

// circleciComment says what to do with the configuration.
const circleciComment = `# A run of matrixrun for CircleCI: a job on %d machines at the same time, and one that merges
# what they found out. This is a whole .circleci/config.yml. The jobs need a checkout with
# the suite and the patches that the command names.
#
# The image needs Go, git and bash, or else matrixrun in PATH. If MATRIXRUN_REMOTE is among
# the environment variables of the project, all jobs have it. The exit code of
# matrixrun-merge is that of the whole run.
`

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
	config := circleciConfig{Version: 2.1, Jobs: circleciJobs{
		Shards: circleciJob{Docker: image, Parallelism: len(r.Jobs), Steps: []any{
			"checkout",
			circleciStep("Run a shard", append([]string{r.install()}, r.shard(shardsDir, circleciIndex)...)),
			keys{"persist_to_workspace": keys{"root": ".", "paths": []string{shardsDir}}},
		}},
		Merge: circleciJob{Docker: image, Steps: []any{
			keys{"attach_workspace": keys{"at": "."}},
			circleciStep("Merge the shards", []string{r.install(), merge(shardsDir, resultsDir)}),
			keys{"store_artifacts": keys{"path": resultsDir}}, // also if the step before it fails
		}},
	}}
	config.Workflows.Matrixrun.Jobs = []any{"matrixrun", keys{"matrixrun-merge": keys{"requires": []string{"matrixrun"}}}}
	return writeYAML(w, fmt.Sprintf(circleciComment, len(r.Jobs)), config)
}

// circleciStep returns a step that runs shell commands.
func circleciStep(name string, commands []string) any {
	var s circleciRun
	s.Run.Name, s.Run.Command = name, strings.Join(commands, "\n")+"\n"
	return s
}

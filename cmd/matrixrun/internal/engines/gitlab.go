package engines

import (
	"fmt"
	"io"
)

// gitlabComment says what to do with the jobs.
const gitlabComment = `# A run of matrixrun for GitLab CI: %d jobs at the same time, and one that merges what they
# found out. Include this file in .gitlab-ci.yml. The jobs need a checkout with the suite
# and the patches that the command names.
#
# The image needs Go, git and bash, or else matrixrun in PATH. The exit code of
# matrixrun-merge is that of the whole run.
%s`

// gitlabName is the name of a run in a remote record.
const gitlabName = "gitlab-$CI_PIPELINE_ID"

// gitlabJob is a job of GitLab CI, as far as a run goes.
type gitlabJob struct {
	Image     string           `yaml:"image"`
	Parallel  int              `yaml:"parallel,omitempty"`
	Needs     []string         `yaml:"needs,omitempty"` // a job that is parallel stands for all its parts
	When      string           `yaml:"when,omitempty"`
	Script    []string         `yaml:"script"`
	Artifacts *gitlabArtifacts `yaml:"artifacts,omitempty"`
}

type gitlabArtifacts struct {
	When  string   `yaml:"when"`
	Paths []string `yaml:"paths"`
}

// gitlabJobs are the jobs of a run. Merge runs even if a shard failed, and says which.
type gitlabJobs struct {
	Shards gitlabJob `yaml:"matrixrun"`
	Merge  gitlabJob `yaml:"matrixrun-merge"`
}

func printGitLab(w io.Writer, r Run) error {
	const always = "always"
	jobs := gitlabJobs{
		Shards: gitlabJob{
			Image: r.Image, Parallel: len(r.Jobs),
			Script: append([]string{r.install()}, r.shard(shardsDir, gitlabIndex, gitlabName)...),
		},
		Merge: gitlabJob{
			Image: r.Image, Needs: []string{"matrixrun"}, When: always,
			Script:    []string{r.install(), r.merge(shardsDir, gitlabName)},
			Artifacts: &gitlabArtifacts{When: always, Paths: []string{resultsDir}},
		},
	}
	if r.Remote == "" {
		jobs.Shards.Artifacts = &gitlabArtifacts{When: always, Paths: []string{shardsDir}}
	}
	return writeYAML(w, fmt.Sprintf(gitlabComment, len(r.Jobs), r.record("the CI/CD variables")), jobs)
}

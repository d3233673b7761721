package engines

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// kubernetesComment says what to do with the Jobs.
const kubernetesComment = `# A run of matrixrun for Kubernetes: a Job with %d shards, and one that merges what they
# found out, which waits until it is resumed:
#
#	kubectl apply -f FILE
#	kubectl wait --for=condition=complete --timeout=2h job/matrixrun
#	kubectl patch job/matrixrun-merge --patch '{"spec": {"suspend": false}}'
#
# All pods share the PersistentVolumeClaim matrixrun, which several nodes must be able to
# write: ReadWriteMany. The suite and the patches that the command names are on it, and the
# results will be, in matrixrun-results. The image needs Go, git and bash, or else matrixrun
# in PATH. If there is a ConfigMap matrixrun with the key remote, it is the value of
# MATRIXRUN_REMOTE in all pods. The exit code of the second Job is that of the whole run.
`

// kubernetesJob is a Job of batch/v1, as far as a run goes.
type kubernetesJob struct {
	APIVersion string            `yaml:"apiVersion"`
	Kind       string            `yaml:"kind"`
	Metadata   kubernetesName    `yaml:"metadata"`
	Spec       kubernetesJobSpec `yaml:"spec"`
}

type kubernetesName struct {
	Name string `yaml:"name"`
}

type kubernetesJobSpec struct {
	Suspend        bool               `yaml:"suspend,omitempty"`
	CompletionMode string             `yaml:"completionMode,omitempty"`
	Completions    int                `yaml:"completions,omitempty"`
	Parallelism    int                `yaml:"parallelism,omitempty"`
	BackoffLimit   *int               `yaml:"backoffLimit,omitempty"`
	Template       kubernetesTemplate `yaml:"template"`
}

type kubernetesTemplate struct {
	Spec kubernetesPod `yaml:"spec"`
}

type kubernetesPod struct {
	RestartPolicy string                `yaml:"restartPolicy"`
	Containers    []kubernetesContainer `yaml:"containers"`
	Volumes       []kubernetesVolume    `yaml:"volumes"`
}

type kubernetesContainer struct {
	Name         string            `yaml:"name"`
	Image        string            `yaml:"image"`
	WorkingDir   string            `yaml:"workingDir"`
	Command      []string          `yaml:"command"`
	Env          []kubernetesEnv   `yaml:"env,omitempty"`
	VolumeMounts []kubernetesMount `yaml:"volumeMounts"`
}

type kubernetesEnv struct {
	Name  string                `yaml:"name"`
	Value string                `yaml:"value,omitempty"`
	From  *kubernetesFromConfig `yaml:"valueFrom,omitempty"`
}

type kubernetesFromConfig struct {
	Key kubernetesConfigKey `yaml:"configMapKeyRef"`
}

type kubernetesConfigKey struct {
	Name     string `yaml:"name"`
	Key      string `yaml:"key"`
	Optional bool   `yaml:"optional"`
}

type kubernetesMount struct {
	Name      string `yaml:"name"`
	MountPath string `yaml:"mountPath"`
}

type kubernetesVolume struct {
	Name  string          `yaml:"name"`
	Claim kubernetesClaim `yaml:"persistentVolumeClaim"`
}

type kubernetesClaim struct {
	ClaimName string `yaml:"claimName"`
}

func printKubernetes(w io.Writer, r Run) error {
	n := len(r.Jobs)
	begin := `rm -rf "$out"` // the volume may have the results of another run
	script := r.shard(shardsDir, kubernetesIndex)
	shards := r.kubernetesJob("matrixrun", r.install(), script[0], begin, script[1])
	shards.Spec.CompletionMode, shards.Spec.Completions, shards.Spec.Parallelism = "Indexed", n, n
	container := &shards.Spec.Template.Spec.Containers[0]
	container.Env = append(container.Env, kubernetesEnv{Name: totalVariable, Value: strconv.Itoa(n)})

	folders := make([]string, n) // the volume may also have more shards of another run
	for i := range folders {
		folders[i] = fmt.Sprintf("%s/%d", shardsDir, i)
	}
	merged := r.kubernetesJob("matrixrun-merge", r.install(), fmt.Sprintf("matrixrun merge %s -o %s", strings.Join(folders, " "), resultsDir))
	never := 0 // to merge again would find out the same
	merged.Spec.Suspend, merged.Spec.BackoffLimit = true, &never
	return writeYAML(w, fmt.Sprintf(kubernetesComment, n), shards, merged)
}

// kubernetesJob returns a Job that runs shell commands in the folder of the volume.
func (r Run) kubernetesJob(name string, commands ...string) kubernetesJob {
	const volume, folder = "work", "/work"
	return kubernetesJob{
		APIVersion: "batch/v1", Kind: "Job", Metadata: kubernetesName{name},
		Spec: kubernetesJobSpec{Template: kubernetesTemplate{kubernetesPod{
			RestartPolicy: "Never",
			Containers: []kubernetesContainer{{
				Name: "matrixrun", Image: r.Image, WorkingDir: folder,
				Command:      []string{"bash", "-euc", escapeKubelet(strings.Join(commands, "\n") + "\n")},
				Env:          []kubernetesEnv{{Name: "MATRIXRUN_REMOTE", From: &kubernetesFromConfig{kubernetesConfigKey{Name: "matrixrun", Key: "remote", Optional: true}}}},
				VolumeMounts: []kubernetesMount{{Name: volume, MountPath: folder}},
			}},
			Volumes: []kubernetesVolume{{Name: volume, Claim: kubernetesClaim{"matrixrun"}}},
		}}},
	}
}

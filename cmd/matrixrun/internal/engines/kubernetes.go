package engines

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// kubernetesShared is the comment on Jobs whose pods share a volume.
const kubernetesShared = `# A run of matrixrun for Kubernetes: a Job with %d shards, and one that merges what they
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
# MATRIXRUN_REMOTE in all pods, and a Secret matrixrun of the type docker-registry has the
# login for it. The exit code of the second Job is that of the whole run.
`

// kubernetesRemote is the comment on a Job whose pods write their results to a remote record.
const kubernetesRemote = `# A run of matrixrun for Kubernetes: a Job with %d shards, which write their results to a remote
# record. Merge these on any machine, even if some pods failed:
#
#	kubectl apply -f FILE
#	kubectl wait --for=condition=complete --timeout=2h job/matrixrun
#	run=kubernetes-$(kubectl get job/matrixrun -o 'jsonpath={.metadata.uid}')
#	%s
#
# The login for the registry is in a Secret matrixrun of the type docker-registry, unless it
# needs none. The image needs Go, git and bash, or else matrixrun in PATH. The exit code of
# the merge is that of the whole run.
%s`

// kubernetesFiles goes on with the comment if the command names files.
const kubernetesFiles = `# The files that the command names must be in the PersistentVolumeClaim matrixrun, which
# the pods only read.
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
	Name  string          `yaml:"name"`
	Value string          `yaml:"value,omitempty"`
	From  *kubernetesFrom `yaml:"valueFrom,omitempty"`
}

type kubernetesFrom struct {
	Config *kubernetesConfigKey `yaml:"configMapKeyRef,omitempty"`
	Field  *kubernetesField     `yaml:"fieldRef,omitempty"`
}

type kubernetesField struct {
	Path string `yaml:"fieldPath"`
}

type kubernetesConfigKey struct {
	Name     string `yaml:"name"`
	Key      string `yaml:"key"`
	Optional bool   `yaml:"optional"`
}

type kubernetesMount struct {
	Name      string `yaml:"name"`
	MountPath string `yaml:"mountPath"`
	ReadOnly  bool   `yaml:"readOnly,omitempty"`
}

// A kubernetesVolume is a claim, a secret or an empty folder.
type kubernetesVolume struct {
	Name   string            `yaml:"name"`
	Claim  *kubernetesClaim  `yaml:"persistentVolumeClaim,omitempty"`
	Secret *kubernetesSecret `yaml:"secret,omitempty"`
	Empty  *struct{}         `yaml:"emptyDir,omitempty"`
}

type kubernetesClaim struct {
	ClaimName string `yaml:"claimName"`
}

type kubernetesSecret struct {
	Name     string           `yaml:"secretName"`
	Optional bool             `yaml:"optional"`
	Items    []kubernetesItem `yaml:"items"`
}

type kubernetesItem struct {
	Key  string `yaml:"key"`
	Path string `yaml:"path"`
}

func printKubernetes(w io.Writer, r Run) error {
	const run = "MATRIXRUN_RUN"
	n := len(r.Jobs)
	begin := `rm -rf "$out"` // the volume may have the results of another run
	dir := shardsDir
	if r.Remote != "" {
		dir = "${TMPDIR:-/tmp}/" + dir // the volume may be read-only
	}
	script := r.shard(dir, kubernetesIndex, "kubernetes-$"+run)
	shards := r.kubernetesJob("matrixrun", r.install(), script[0], begin, script[1])
	shards.Spec.CompletionMode, shards.Spec.Completions, shards.Spec.Parallelism = "Indexed", n, n
	container := &shards.Spec.Template.Spec.Containers[0]
	container.Env = append(container.Env, kubernetesEnv{Name: totalVariable, Value: strconv.Itoa(n)})
	if r.Remote != "" {
		// A Job gets a new uid each time that it is created, also from the same file.
		container.Env = append(container.Env, kubernetesEnv{Name: run, From: &kubernetesFrom{Field: &kubernetesField{"metadata.labels['batch.kubernetes.io/controller-uid']"}}})
		files := ""
		if r.Files {
			files = kubernetesFiles
		}
		return writeYAML(w, fmt.Sprintf(kubernetesRemote, n, r.merge("", "$run"), files), shards)
	}
	folders := make([]string, n) // the volume may also have more shards of another run
	for i := range folders {
		folders[i] = fmt.Sprintf("%s/%d", shardsDir, i)
	}
	merged := r.kubernetesJob("matrixrun-merge", r.install(), fmt.Sprintf("matrixrun merge %s -o %s", strings.Join(folders, " "), resultsDir))
	never := 0 // to merge again would find out the same
	merged.Spec.Suspend, merged.Spec.BackoffLimit = true, &never
	return writeYAML(w, fmt.Sprintf(kubernetesShared, n), shards, merged)
}

// kubernetesJob returns a Job that runs shell commands in the folder of a volume, and has the
// login for the registry.
func (r Run) kubernetesJob(name string, commands ...string) kubernetesJob {
	const work, folder, login, config = "work", "/work", "login", "/login"
	container := kubernetesContainer{
		Name: "matrixrun", Image: r.Image, WorkingDir: folder,
		Command:      []string{"bash", "-euc", escapeKubelet(strings.Join(commands, "\n") + "\n")},
		Env:          []kubernetesEnv{{Name: "DOCKER_CONFIG", Value: config}},
		VolumeMounts: []kubernetesMount{{Name: work, MountPath: folder}, {Name: login, MountPath: config, ReadOnly: true}},
	}
	volumes := []kubernetesVolume{
		{Name: work, Claim: &kubernetesClaim{"matrixrun"}},
		{Name: login, Secret: &kubernetesSecret{Name: "matrixrun", Optional: true, Items: []kubernetesItem{{".dockerconfigjson", "config.json"}}}},
	}
	if r.Remote == "" {
		container.Env = append(container.Env, kubernetesEnv{Name: "MATRIXRUN_REMOTE", From: &kubernetesFrom{Config: &kubernetesConfigKey{Name: "matrixrun", Key: "remote", Optional: true}}})
	} else if !r.Files {
		volumes[0] = kubernetesVolume{Name: work, Empty: &struct{}{}}
	}
	return kubernetesJob{
		APIVersion: "batch/v1", Kind: "Job", Metadata: kubernetesName{name},
		Spec: kubernetesJobSpec{Template: kubernetesTemplate{kubernetesPod{
			RestartPolicy: "Never", Containers: []kubernetesContainer{container}, Volumes: volumes,
		}}},
	}
}

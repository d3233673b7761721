//go:build proofs

package engines

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// kubernetesSchemas is a module that has the OpenAPI schemas that Kubernetes publishes,
// for each version of it. The go command verifies what it downloads.
const kubernetesSchemas = "sigs.k8s.io/kubectl-validate@v0.0.4"

// TestPublishedKubernetes validates Jobs against the schemas that Kubernetes publishes. A
// field that they do not have is an error, as for a server that validates strictly.
func TestPublishedKubernetes(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", kubernetesSchemas)
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil || module.Dir == "" {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(module.Dir, "pkg", "openapiclient", "builtins", "1.*", "apis", "batch", "v1.json"))
	if len(files) < 6 {
		t.Fatalf("%s has only %q", module.Dir, files)
	}
	for _, file := range files {
		schema := jobSchema(t, file)
		for _, n := range []int{1, 3, 256} {
			for _, r := range []Run{aRun(n, hostile...), collected(aRun(n))} {
				if err := validate(schema, printed(t, "kubernetes", r)); err != nil {
					t.Errorf("%s, %d shards, remote %q: %v", file, n, r.Remote, err)
				}
			}
		}
		text := printed(t, "kubernetes", aRun(3))
		for _, edit := range [][2]string{{"completions: 3", "completions: '3'"}, {"completionMode", "completionsMode"}, {"value: '3'", "value: 3"}, {"optional: true", "optionally: true"}, {"mountPath", "path"}, {"suspend: true", "suspend: 1"}, {"secretName", "secret"}, {".dockerconfigjson\n            path", ".dockerconfigjson\n            file"}} {
			if changed := strings.Replace(text, edit[0], edit[1], 1); changed == text || validate(schema, changed) == nil {
				t.Errorf("%s: %q instead of %q is valid", file, edit[1], edit[0])
			}
		}
	}
}

// matrixWorkflow is a workflow whose jobs use all that a matrix has of a shard.
const matrixWorkflow = `on: push
jobs:
  run:
    runs-on: ubuntu-24.04
    strategy:
      matrix: %s
    steps:
      - run: matrixrun run --shard "${{ matrix.shard }}" -o "out-${{ matrix.index }}"
      - run: echo "${{ matrix.of }} ${{ matrix.rows }} ${{ matrix.releases }} ${{ matrix.seconds }}"
`

// TestPublishedGitHub lets actionlint, in the version of the Makefile, check a workflow
// with a matrix.
func TestPublishedGitHub(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	actionlint := regexp.MustCompile(`(?m)^ACTIONLINT := (.*)$`).FindSubmatch(makefile)
	lint := func(matrix string) (string, error) {
		cmd := exec.CommandContext(t.Context(), "go", "run", string(actionlint[1]), "-shellcheck=", "-pyflakes=", "-")
		cmd.Stdin = strings.NewReader(fmt.Sprintf(matrixWorkflow, matrix))
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	matrix := strings.TrimSpace(printed(t, "github", aRun(3)))
	if out, err := lint(matrix); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for _, edit := range [][2]string{{`"include":[`, `"include":[3,`}, {`"releases"`, `"release"`}, {`"include"`, `"includes"`}} {
		if out, err := lint(strings.ReplaceAll(matrix, edit[0], edit[1])); err == nil {
			t.Errorf("%q instead of %q is accepted\n%s", edit[1], edit[0], out)
		}
	}
}

// jobSchema compiles the schema of a Job from an OpenAPI document.
func jobSchema(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc := parsed(t, string(text))
	closeObjects(doc)
	return compiled(t, doc, "#/components/schemas/io.k8s.api.batch.v1.Job")
}

// parsed parses a document with schemas.
func parsed(t *testing.T, text string) any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// compiled compiles the schema at a place in a document, such as "#/a/b"; "" is all of it.
func compiled(t *testing.T, doc any, place string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json" + place)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// closeObjects rejects fields that a schema does not name in objects of which it names
// some.
func closeObjects(schema any) {
	switch schema := schema.(type) {
	case map[string]any:
		if _, ok := schema["properties"].(map[string]any); ok && schema["additionalProperties"] == nil && schema["type"] == "object" {
			schema["additionalProperties"] = false
		}
		for _, part := range schema {
			closeObjects(part)
		}
	case []any:
		for _, part := range schema {
			closeObjects(part)
		}
	}
}

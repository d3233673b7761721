//go:build proofs

package engines

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The packages of npm that have what GitLab and CircleCI publish.
const (
	// gitlabSchema has the schema that GitLab's editor uses, in src/schema/schema.js.
	gitlabSchema = "gitlab-ci-local@4.60.1"
	// circleciParser is CircleCI's own parser of config.yml, with the schemas that it uses.
	circleciParser = "@circleci/circleci-config-parser@0.10.0-alpha.3"
)

// install installs a package of npm in a new folder, without running what it brings.
func install(t *testing.T, name string) (dir string) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skipf("no npm, which installs %s", name)
	}
	dir = t.TempDir()
	cmd := exec.CommandContext(t.Context(), "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--cache", t.TempDir(), name)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	return filepath.Join(dir, "node_modules")
}

// node runs a script of Node.js with the modules in a folder.
func node(t *testing.T, modules, script, input string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "--input-type=module", "--eval", script)
	cmd.Dir, cmd.Stdin = modules, strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestPublishedGitLab validates jobs against the schema that GitLab publishes.
func TestPublishedGitLab(t *testing.T) {
	text, err := node(t, install(t, gitlabSchema), `import {schema} from "./gitlab-ci-local/src/schema/schema.js"; console.log(JSON.stringify(schema))`, "")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	schema := compiled(t, parsed(t, text), "")
	accepts(t, "gitlab", func(text string) error { return validate(schema, text) }, [][2]string{
		{"parallel: 3", "parallel: x"}, {"when: always", "when: ever"}, {"paths:", "path:"}, {"script:", "scripts:"}, {"needs:\n", "needs: 3\n#"},
	})
}

// TestPublishedCircleCI lets CircleCI's own parser read configurations.
func TestPublishedCircleCI(t *testing.T) {
	modules := install(t, circleciParser)
	accepts(t, "circleci", func(text string) error {
		out, err := node(t, modules, `import {readFileSync} from "node:fs"; import parser from "@circleci/circleci-config-parser"; parser.parseConfig(readFileSync(0, "utf8"))`, text)
		if err != nil {
			t.Logf("%.300s", out)
		}
		return err
	}, [][2]string{{"- run:", "- rum:"}, {"image:", "picture:"}, {"command:", "commands:"}, {"paths:", "path:"}, {"path:", "file:"}})
}

// accepts checks that documents for an engine are valid, and that they are not after edits.
func accepts(t *testing.T, format string, valid func(text string) error, edits [][2]string) {
	t.Helper()
	for _, n := range []int{1, 3, 200} {
		for _, r := range []Run{aRun(n, hostile...), collected(aRun(n))} {
			if text := printed(t, format, r); valid(text) != nil {
				t.Errorf("%d shards: %v\n%s", n, valid(text), text)
			}
		}
	}
	text := printed(t, format, aRun(3))
	for _, edit := range edits {
		if changed := strings.Replace(text, edit[0], edit[1], 1); changed == text || valid(changed) == nil {
			t.Errorf("%q instead of %q is valid", edit[1], edit[0])
		}
	}
}

package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/manual"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// TestReadmeIsShort checks that README.md is short, and that its first lines say what
// matrixrun is, how to ask it, what it found out, and how to install and run it.
func TestReadmeIsShort(t *testing.T) {
	lines := strings.SplitAfter(read(t, filepath.Join(root, "README.md")), "\n")
	if len(lines) > 250 {
		t.Errorf("README.md has %d lines: want up to 250", len(lines))
	}
	first := strings.Join(lines[:min(60, len(lines))], "")
	for _, want := range []string{
		"defect", "go install ", "matrixrun check v", "## The answer\n", "leaks in", "go run ./cmd/matrixrun run\n", "go test ./...\n",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("the first 60 lines of README.md do not contain %q", want)
		}
	}
}

// TestWords checks that the glossary explains the words of results, and that README.md
// says where it is.
func TestWords(t *testing.T) {
	topic, _ := manual.FindTopic("words")
	text := topic.Markdown(newRoot())
	for _, word := range []string{"target", "suite", "reproduction", "scenario", "row", "cell", "trial", "proof", "record", "lock", "fork", "patch", "evidence"} {
		if !strings.Contains(text, "\n  - "+word+": ") {
			t.Errorf("the topic words does not explain %q", word)
		}
	}
	for _, kind := range []matrix.Kind{matrix.KindControl, matrix.KindPlanted, matrix.KindProbe, matrix.KindWorkaround} {
		if !strings.Contains(text, "\n  - "+string(kind)+": ") {
			t.Errorf("the topic words does not explain %q", kind)
		}
	}
	readme := read(t, filepath.Join(root, "README.md"))
	for _, verdict := range []string{"leak", "flaky", "clean", matrix.NotShown, "error", "unsupported"} {
		if !strings.Contains(text, "\n  - `"+verdict+"`: ") {
			t.Errorf("the topic words does not explain the verdict %s", verdict)
		}
		if first := strings.Index(readme, "`"+verdict+"`"); first < 0 || !strings.HasPrefix(strings.TrimLeft(readme[first+len(verdict)+2:], " "), "|") {
			t.Errorf("README.md mentions `%s` before its table of verdicts", verdict)
		}
	}
	for _, word := range []string{
		string(matrix.StateOK), string(matrix.StateBuildFailed), string(matrix.StatePatchConflict), string(matrix.StateUnavailable),
		string(matrix.ApplyExact), string(matrix.ApplyOffset), string(matrix.ApplyAlready), string(matrix.ApplyConflict),
		string(matrix.EffectFixes), string(matrix.EffectStillLeaks), string(matrix.EffectRegresses), string(matrix.EffectNotNeeded), string(matrix.EffectUnmeasured), string(matrix.EffectUnbuildable),
		string(matrix.TurnBroken), string(matrix.TurnFixed), string(matrix.TurnHidden), string(matrix.SeverityMild), string(matrix.SeveritySevere),
	} {
		if !strings.Contains(text, "`"+word+"`") {
			t.Errorf("the topic words does not name %s", word)
		}
	}
	if !strings.Contains(readme, "`matrixrun help words`") {
		t.Error("README.md does not name the topic words")
	}
}

// TestMeanings checks that the topic words, and the table of verdicts in README.md, explain
// words by the clauses that tables explain them with.
func TestMeanings(t *testing.T) {
	suite, err := find.Suite([]string{find.DefaultSuite})
	if err != nil {
		t.Fatal(err)
	}
	topic, _ := manual.FindTopic("words")
	text, readme := topic.Markdown(newRoot()), read(t, filepath.Join(root, "README.md"))
	words, verdicts := suite.Words.Complete(), 0
	for _, word := range report.Glossary() {
		shown, means := words.NameOf(word), report.Meaning(word, words)
		items := regexp.MustCompile("(?m)^  - `?"+shown+"`?: .*(\n    .*)*").FindAllString(text, -1)
		if said := strings.Join(items, "\n"); !strings.Contains(strings.Join(strings.Fields(said), " "), means) {
			t.Errorf("the topic words does not say of %q that it is %q: %q", shown, means, said)
		}
		if !slices.Contains(matrix.Verdicts(), matrix.Verdict(word)) {
			continue
		}
		verdicts++
		if !regexp.MustCompile("(?m)^\\| `.` *\\| `" + shown + "` *\\| " + regexp.QuoteMeta(means)).MatchString(readme) {
			t.Errorf("README.md does not say in its table that %s is %q", shown, means)
		}
	}
	if all := len(matrix.Verdicts()); verdicts != all {
		t.Errorf("%d verdicts are explained, and there are %d", verdicts, all)
	}
}

// block matches a block of code in a step of the guide.
var block = regexp.MustCompile("(?ms)^   ```([a-z]*)\n(.*?)\n   ```$")

// taken reports whether a script has a command, which may exit with 3.
func taken(script, line string) bool {
	return strings.Contains(script, "exits 0 matrixrun "+line+"\n") || strings.Contains(script, "exits 3 matrixrun "+line+"\n")
}

// TestGuide checks that the examples in the guide for contributors are what they say: the
// entry of a scenario is in matrix.yaml, and the header of a patch is one of a patch.
// TestScripts/contribute takes the same steps in the suite of the scripts, and those of a
// new suite by the same commands, about another module.
// TestScripts/examples runs the other commands, and TestLinks finds its files.
func TestGuide(t *testing.T) {
	patch := filepath.Join(root, "patches", "drop-closed-resets", "v0.37-v0.47.patch")
	files := map[string]string{"yaml": filepath.Join(root, "matrix", "suites", "zerortt", "matrix.yaml"), "": patch}
	for _, found := range block.FindAllStringSubmatch(read(t, guide), -1) {
		file, ok := files[found[1]]
		delete(files, found[1])
		if text := strings.ReplaceAll("\n"+found[2], "\n   ", "\n")[1:]; ok && !strings.Contains(read(t, file), text) {
			t.Errorf("%s does not contain what the guide shows of it:\n%s", file, text)
		}
	}
	if len(files) > 0 {
		t.Errorf("the guide shows nothing of %v", files)
	}
	steps, script := examples(t)[guide], read(t, filepath.Join("testdata", "script", "contribute.txtar"))
	steps = slices.DeleteFunc(steps, func(line string) bool { return !strings.Contains(line, "my-suite") })
	for _, line := range steps {
		if line = strings.ReplaceAll(line, "gopkg.in/yaml.v3", "example.com/parse"); !taken(script, line) {
			t.Errorf("contribute.txtar does not take the step %s of the guide", line)
		}
	}
	if len(steps) < 4 {
		t.Errorf("the guide has few commands for a new suite: %q", steps)
	}
}

// TestFormatsInManual checks the step of the guide that a new format has an entry in the
// manual.
func TestFormatsInManual(t *testing.T) {
	for command, formats := range map[string][]cobra.Completion{
		"report": reportFormats.words(), "check": checkFormats.words(), "diff": diffFormats.words(), "bisect": bisectFormats.words(), "plan": shardFormats.words(),
	} {
		page := read(t, filepath.Join("internal", "manual", "commands", command+".md"))
		for _, format := range formats {
			if name, _, _ := strings.Cut(format, "\t"); !strings.Contains(page, "`"+name+"`") {
				t.Errorf("%s.md has no format %q", command, name)
			}
		}
	}
}

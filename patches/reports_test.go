package patches_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// reports is the folder of the reports to upstream.
const reports = "../results/zerortt/reports/"

// TestReports checks that upstream is offered what was measured: the patch in a
// report makes the changes of the shipped variant for the newest release, and adds
// a test.
func TestReports(t *testing.T) {
	suite, all := load(t)
	newest := suite.Lock[len(suite.Lock)-1].Version
	for report, name := range map[string]string{
		"cancel-after-close": "drop-closed-resets",
		"queued-datagram":    "drop-queued-datagrams",
	} {
		t.Run(report, func(t *testing.T) {
			text, err := os.ReadFile(reports + report + "/evidence.md")
			if err != nil {
				t.Fatal(err)
			}
			checkIssue(t, reports+report+"/report.md", string(text))
			_, offered, _ := strings.Cut(string(text), "\n```diff\n")
			offered, _, _ = strings.Cut(offered, "\n```\n")
			got := changes(offered)
			tested := len(got)
			for file := range got {
				if strings.HasSuffix(file, "_test.go") {
					delete(got, file)
				}
			}
			if tested == len(got) {
				t.Error("the report's patch has no test")
			}
			i := slices.IndexFunc(all, func(p *matrix.Patch) bool { return p.Name == name })
			v, ok := all[i].For(newest)
			if !ok {
				t.Fatalf("%s has no variant for %s", name, newest)
			}
			if diff := cmp.Diff(changes(string(v.Diff)), got); diff != "" {
				t.Errorf("%s (-) and the report (+) differ:\n%s", v.File, diff)
			}
		})
	}
}

// maxIssue is how many lines an issue may have: upstream wants it short.
const maxIssue = 25

var (
	mentioned = regexp.MustCompile(`#\d{4}\b|\b[0-9a-f]{9}\b`)
	blank     = regexp.MustCompile(`\[[^]]+\]`)
)

// checkIssue checks that an issue is short, has blanks for what only the person who sends
// it can say, and mentions no commit or discussion that the evidence does not explain.
func checkIssue(t *testing.T, file, evidence string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(text), "\n"); lines >= maxIssue {
		t.Errorf("%s has %d lines: want fewer than %d", file, lines, maxIssue)
	}
	blanks := strings.Join(blank.FindAllString(string(text), -1), "\n")
	for _, want := range []string{"[How you use quic-go", "[How this affects you", "[the tools that you used", "[What you did yourself", "[link to evidence.md"} {
		if !strings.Contains(blanks, want) {
			t.Errorf("%s: want a blank that begins with %s", file, want)
		}
	}
	for _, name := range mentioned.FindAllString(string(text), -1) {
		if !strings.Contains(evidence, name) {
			t.Errorf("%s mentions %s, and the evidence does not", file, name)
		}
	}
}

// TestReadme checks that the table of patches in README.md has every patch.
func TestReadme(t *testing.T) {
	_, all := load(t)
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if !strings.Contains(string(text), "\n| `"+p.Name+"` ") {
			t.Errorf("README.md: the table of patches has no %s", p.Name)
		}
	}
}

// changes returns the lines that a diff removes and adds, by file. The context may
// differ: a report shows more of it than a patch needs.
func changes(diff string) map[string][]string {
	lines, file := map[string][]string{}, ""
	for line := range strings.Lines(diff) {
		switch {
		case strings.HasPrefix(line, "+++ b/"):
			file = strings.TrimSpace(strings.TrimPrefix(line, "+++ b/"))
		case strings.HasPrefix(line, "--- a/"):
		case strings.HasPrefix(line, "+"), strings.HasPrefix(line, "-"):
			lines[file] = append(lines[file], strings.TrimRight(line, "\n"))
		}
	}
	return lines
}

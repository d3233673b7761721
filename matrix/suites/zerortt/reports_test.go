//go:build proofs

package zerortt

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// addedTest is a test that a diff adds.
var addedTest = regexp.MustCompile(`(?m)^\+func (Test\w+)\(`)

// TestReportedTests checks that each test in a report to upstream fails in the newest
// release, and passes with the fix in the report. It needs the module proxy.
func TestReportedTests(t *testing.T) {
	reports, err := filepath.Glob("../../../results/zerortt/reports/*/evidence.md")
	if err != nil || len(reports) < 2 {
		t.Fatal(err, reports)
	}
	for _, report := range reports {
		t.Run(filepath.Base(filepath.Dir(report)), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(report)
			if err != nil {
				t.Fatal(err)
			}
			_, whole, _ := strings.Cut(string(text), "\n```diff\n")
			whole, _, _ = strings.Cut(whole, "```\n")
			tests := addedTest.FindAllStringSubmatch(whole, -1)
			if len(tests) == 0 {
				t.Fatal("the report has no test")
			}
			for outcome, diff := range map[string]string{"FAIL": onlyTests(whole), "PASS": whole} {
				printed := runReported(t, report, diff)
				for _, test := range tests {
					if !strings.Contains(printed, "--- "+outcome+": "+test[1]+" (") {
						t.Errorf("%s: want %s:\n%s", test[1], outcome, printed)
					}
				}
			}
		})
	}
}

// onlyTests returns the part of a diff that changes tests.
func onlyTests(diff string) string {
	kept := ""
	for _, file := range strings.SplitAfter(diff, "\ndiff --git ") {
		// The separator ends the part before the one that it belongs to.
		name, _, _ := strings.Cut(strings.TrimPrefix(file, "diff --git "), " ")
		if strings.HasSuffix(name, "_test.go") {
			kept += "diff --git " + strings.TrimPrefix(strings.TrimSuffix(file, "diff --git "), "diff --git ")
		}
	}
	return kept
}

// runReported runs the tests of a diff in the newest release, and returns what they
// print.
func runReported(t *testing.T, report, diff string) string {
	t.Helper()
	var names []string
	for _, test := range addedTest.FindAllStringSubmatch(diff, -1) {
		names = append(names, test[1])
	}
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	r := newRealRow(t, suite.Lock[len(suite.Lock)-1].Version)
	v := matrix.Variant{Patch: "report", File: report, DiffLine: 1, Diff: []byte(diff), SHA256: checksum.Bytes([]byte(diff))}
	dir := r.lay(t, r.fetch(t), []matrix.Variant{v})
	return r.unitTests(t, dir, "^("+strings.Join(names, "|")+")$")
}

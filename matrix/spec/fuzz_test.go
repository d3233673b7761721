package spec

import (
	"errors"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// FuzzSuite reads a matrix.yaml. Each of its mistakes has the file and a line that the
// file has, and their number is bounded. What is accepted answers what later stages ask.
func FuzzSuite(f *testing.F) {
	for _, data := range []string{
		goodMatrix, "", "\n", "- list", "suite: demo", "\ufeff" + goodMatrix, strings.ReplaceAll(goodMatrix, "\n", "\r\n"), "suite: {a: *x}\n", "a: &x [*x]\n",
		"suite: [", "suite: \"\\e[2J\u202e\"\n" + goodMatrix, strings.Replace(goodMatrix, "suite: demo", "suite: demo\nsuite: demo", 1),
		strings.Replace(goodMatrix, "\"< 0.32\"", "\"< 99999999999999999999\"", 1), strings.Replace(goodMatrix, "after-*", "[a-", 1),
		strings.Replace(goodMatrix, "0.40,", "[0.40],", 1), strings.Replace(goodMatrix, "20s", "-1s", 1), strings.Replace(goodMatrix, ".5", ".nan", 1),
		strings.Replace(goodMatrix, "repro\n", "../repro\n", 1), goodMatrix + "---\n" + goodMatrix, "%YAML 9.9\n---\n" + goodMatrix, "!!binary x: y\n", "? [a]\n: b\n",
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Load(suite(FileName, string(data)), "demo")
		if err == nil {
			for _, r := range s.Lock {
				_ = s.Target.ModuleFor(r.Version)
			}
			if len(s.Scenarios) == 0 || s.Suite == "" {
				t.Errorf("a suite without a name or a scenario: %+v", s)
			}
			return
		}
		var problems matrix.Problems
		if !errors.As(err, &problems) || len(problems) > 50+len(data) {
			t.Fatalf("%d problems: %v", len(problems), err)
		}
		for _, p := range problems {
			lines := 1 + strings.Count(string(data), "\n") + strings.Count(string(data), "\r")
			if p.File == "" || p.File == "demo/"+FileName && (p.Line < 1 || p.Line > lines) || p.Text == "" {
				t.Errorf("of %d lines: %q", lines, p)
			}
		}
	})
}

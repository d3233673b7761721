package trial

import (
	"strings"
	"testing"
)

// TestReadLog reads what tests print, as Go marks it since 1.20 ("^" stands for the
// marker), and as it was before.
func TestReadLog(t *testing.T) {
	const (
		marked = "\n^=== RUN   TestA\nhello\n    a_test.go:3: log\n        more\n^=== RUN   TestA/sub_one\n    a_test.go:4: bad\nnoeol^--- FAIL: TestA/sub_one (0.00s)\n" +
			"^=== RUN   TestA/deep\n^=== RUN   TestA/deep/er\n    b_test.go:9: worse\n^--- FAIL: TestA/deep/er (0.00s)\n^--- FAIL: TestA/deep (0.00s)\n^=== NAME  TestA\n" +
			"^=== RUN   TestA/skips\n    a_test.go:5: why\n^--- SKIP: TestA/skips (0.00s)\n^=== NAME  TestA\n^--- FAIL: TestA (1.25s)\n^=== NAME  \n^FAIL\n"
		plain = "=== RUN   TestA\n=== RUN   TestA/sub_one\n    a_test.go:3: bad\nnoeol=== RUN   TestA/ok\n    a_test.go:4: why\n--- FAIL: TestA (0.00s)\n" +
			"    --- FAIL: TestA/sub_one (0.00s)\n    --- SKIP: TestA/ok (0.00s)\nFAIL\n"
	)
	tests := []struct{ name, output, test, result, parent, why string }{
		{"subtests fail", marked, "TestA", failed, "", "sub_one: a_test.go:4: bad (and 1 more subtest)"},
		{"one of them", marked, "TestA/sub_one", failed, failed, "a_test.go:4: bad"},
		{"one with subtests", marked, "TestA/deep", failed, failed, "er: b_test.go:9: worse"},
		{"one that is skipped", marked, "TestA/skips", skipped, failed, "a_test.go:5: why"},
		{"no such subtest", marked, "TestA/none", "", failed, "a_test.go:5: why"},
		{"before Go 1.20", plain, "TestA/sub_one", failed, failed, "a_test.go:4: why"},
		{"after output without a line end", "=== RUN   TestB\nx--- PASS: TestB (0.00s)\nPASS\n", "TestB", passed, "", "x"},
		{"a forged result", "^=== RUN   TestB\n--- PASS: TestB (0.00s)\n^--- FAIL: TestB (0.00s)\n^FAIL\n", "TestB", failed, "", "--- PASS: TestB (0.00s)"},
		{"a message of several lines", "^=== RUN   TestB\n    b_test.go:1: \n        a\n        b\n        c\n        d\n^--- FAIL: TestB (0.00s)\n", "TestB", failed, "", "b_test.go:1:  a b c"},
		{"nothing printed", "^=== RUN   TestB\n^--- FAIL: TestB (0.00s)\n^FAIL\n", "TestB", failed, "", "the test failed and printed nothing"},
		{"the parent is skipped", "^=== RUN   TestB\n    b_test.go:1: no\n^--- SKIP: TestB (0.00s)\n^PASS\n", "TestB/x", skipped, skipped, "b_test.go:1: no"},
		{"all subtests are skipped", "^=== RUN   TestB\n^=== RUN   TestB/x\n^=== RUN   TestB/x/y\n    b_test.go:1: no\n^--- SKIP: TestB/x/y (0.00s)\n^--- PASS: TestB/x (0.00s)\n^--- PASS: TestB (0.00s)\n^PASS\n", "TestB", skipped, "", "b_test.go:1: no"},
		{"one of two subtests is skipped", "^=== RUN   TestB\n^=== RUN   TestB/x\n^--- SKIP: TestB/x (0.00s)\n^=== RUN   TestB/y\n^--- PASS: TestB/y (0.00s)\n^--- PASS: TestB (0.00s)\n^PASS\n", "TestB", passed, "", ""},
		{"no such test", "testing: warning: no tests to run\n^PASS\n", "TestB", absent, "", "there is no TestB among the tests that are built for this row"},
		{"the process exits", "^=== RUN   TestB\nbye\n", "TestB", "", "", "bye"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := readLog(strings.ReplaceAll(test.output, "^", marker), test.test, !strings.HasPrefix(test.output, "="))
			if got.result != test.result || got.parent != test.parent || strings.Join(strings.Fields(got.why), " ") != strings.Join(strings.Fields(test.why), " ") {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestPattern checks which tests are selected.
func TestPattern(t *testing.T) {
	for name, want := range map[string]string{"TestA": "^TestA$", "TestA/a b(c)": `^TestA$/^a_b\(c\)$`} {
		if got := Pattern(name); got != want {
			t.Errorf("Pattern(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestCounts reads a coverage profile.
func TestCounts(t *testing.T) {
	block, n, ok := cutCount("example.com/lib/parse.go:12.2,14.5 2 7")
	if block != "example.com/lib/parse.go:12.2,14.5 2" || n != 7 || !ok {
		t.Errorf("%q, %d, %v", block, n, ok)
	}
	if _, _, ok := cutCount("mode: count"); ok {
		t.Error("the mode is read as a block")
	}
	before := counts{"a": 1, "b": 0}
	if before.more(before) || !(counts{"a": 1, "b": 2}).more(before) {
		t.Error("wrong about what ran more often")
	}
}

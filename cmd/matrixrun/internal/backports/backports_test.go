package backports

import (
	"strings"
	"testing"
)

// TestSplitSuite checks which argument is taken for a suite.
func TestSplitSuite(t *testing.T) {
	for _, test := range []struct{ args, patches, suite string }{
		{"a", "a", ""},
		{"zerortt", "zerortt", ""},
		{"a zerortt", "a", "zerortt"},
		{"a b ../../testdata/suite", "a b", "../../testdata/suite"},
		{"a testdata", "a testdata", ""},
	} {
		patches, suite := splitSuite(strings.Fields(test.args))
		if got := strings.Join(patches, " "); got != test.patches || strings.Join(suite, " ") != test.suite {
			t.Errorf("%s: got %q and %q", test.args, patches, suite)
		}
	}
}

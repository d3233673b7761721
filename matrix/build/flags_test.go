package build

import (
	"slices"
	"testing"
)

// TestFlagsSuitTheToolchain checks that no go command gets a flag that it does not
// know, which would fail the build.
func TestFlagsSuitTheToolchain(t *testing.T) {
	tests := []struct {
		goVersion string
		stamps    bool
	}{
		{"go1.16.15", false},
		{"go1.17", false},
		{"go1.18", true},
		{"go1.18.10", true},
		{"go1.26.8", true},
		{"go1.27rc1", true},
		{"devel go1.27-0123456789", true},
	}
	for _, test := range tests {
		if got := slices.Contains(flags(test.goVersion), "-buildvcs=false"); got != test.stamps {
			t.Errorf("flags(%q) = %q", test.goVersion, flags(test.goVersion))
		}
	}
}

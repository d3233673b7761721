package fork

import (
	"fmt"
	"slices"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"pgregory.net/rapid"
)

func TestVersion(t *testing.T) {
	tests := []struct {
		release string
		patches []string
		want    string
	}{
		{"v0.47.0", []string{"mend"}, "v0.47.1-0.matrixrun.mend.h0123"},
		{"v1.9.9", []string{"mend", "drop-late"}, "v1.9.10-0.matrixrun.drop-late.mend.h0123"},
		{"v0.47.0", []string{"reset-send-window", "drop-queued-datagrams", "drop-late-resets"}, "v0.47.1-0.matrixrun.dlr.dqd.rsw.h0123"},
		{"v0.47.0", slices.Repeat([]string{"a-name-of-many-words"}, 7), "v0.47.1-0.matrixrun.7-patches.h0123"},
		{"v1.2.99", []string{"fix_1.02"}, "v1.2.100-0.matrixrun.fix-1-02.h0123"},
		{"v1.8.0-rc.1", []string{"007"}, "v1.8.0-rc.1.0.matrixrun.p007.h0123"},
		{"v2.0.0+incompatible", []string{"mend"}, "v2.0.1-0.matrixrun.mend.h0123+incompatible"},
		{"v0.1.1-0.20240102030405-0123456789ab", []string{"mend"}, "v0.1.1-0.20240102030405-0123456789ab.0.matrixrun.mend.h0123"},
		{"v0.1.1-0.20240102030405-0123456789ab", []string{"drop-late-resets", "mend-it"}, "v0.1.1-0.20240102030405-0123456789ab.0.matrixrun.dlr.mi.h0123"},
	}
	for _, test := range tests {
		if got := version(test.release, test.patches, "0123"); got != test.want {
			t.Errorf("version(%q, %q) = %q, want %q", test.release, test.patches, got, test.want)
		}
	}
}

// TestVersionSorts checks for any release that the version of its fork is valid, is
// newer than the release and older than the next one, has at most 63 bytes, and does
// not depend on the order of the patches.
func TestVersionSorts(t *testing.T) {
	number := rapid.IntRange(0, 1100)
	pre := rapid.SampledFrom([]string{"", "-rc.1", "-0", "-beta", "-0.20240102030405-0123456789ab", "-rc.1.0.20240102030405-0123456789ab"})
	name := rapid.StringMatching(`[A-Za-z0-9_][A-Za-z0-9._-]{0,150}`)
	rapid.Check(t, func(t *rapid.T) {
		minor, patch := number.Draw(t, "minor"), number.Draw(t, "patch")
		release := fmt.Sprintf("v1.%d.%d%s", minor, patch, pre.Draw(t, "pre"))
		next := fmt.Sprintf("v1.%d.%d-alpha", minor, patch+1)
		if semver.Prerelease(release) != "" {
			next = fmt.Sprintf("v1.%d.%d", minor, patch)
		}
		patches, digest := rapid.SliceOfN(name, 1, 20).Draw(t, "patches"), rapid.StringMatching(`[0-9a-f]{12}`).Draw(t, "digest")
		got := version(release, patches, digest)
		slices.Reverse(patches)
		if again := version(release, patches, digest); again != got {
			t.Fatalf("%s is %s with the patches in another order", got, again)
		}
		if err := module.Check("example.com/lib", got); err != nil || module.CanonicalVersion(got) != got {
			t.Fatalf("%s is not a module version: %v", got, err)
		}
		if module.IsPseudoVersion(got) {
			t.Fatalf("%s is a pseudo-version", got)
		}
		if semver.Compare(got, release) <= 0 || semver.Compare(got, next) >= 0 {
			t.Fatalf("%s is not between %s and %s", got, release, next)
		}
		if len(got) > 63 && len(release) <= 36 {
			t.Fatalf("%s is %d bytes long", got, len(got))
		}
	})
}

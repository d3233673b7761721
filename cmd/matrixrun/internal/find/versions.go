package find

import (
	"strings"

	"golang.org/x/mod/semver"
)

// MeantVersion returns the version that somebody most likely meant who wrote text, which
// is no complete version: v1.2.0 for "1.2". It returns "" if text is not like a version.
func MeantVersion(text string) string {
	return semver.Canonical("v" + strings.TrimPrefix(text, "v"))
}

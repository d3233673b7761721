package fork

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// maxVersion is how long the version of a fork is, in bytes: a label in Kubernetes may have
// that length, and so may names in most other places. Only a longer version of a release
// makes that of its fork longer.
const maxVersion = 63

// version returns the version of a fork:
//
//	v0.47.0       ->  v0.47.1-0.matrixrun.mend.h0123456789ab
//	v0.47.0-rc.1  ->  v0.47.0-rc.1.0.matrixrun.mend.h0123456789ab
//
// It sorts after the release that it forks and before the next one and its
// pre-releases, because 0 sorts before all names. It is not a pseudo-version, which
// the go command would look up in a repository, because no time follows the 0. The
// digest begins with a letter, because semantic versioning does not allow numbers
// with a leading 0.
func version(release string, patches []string, digest string) string {
	build := semver.Build(release) // +incompatible, which the go command requires
	base := strings.TrimSuffix(release, build)
	if semver.Prerelease(base) == "" {
		base = nextPatch(base) + "-0"
	} else {
		base += ".0"
	}
	base += ".matrixrun"
	end := ".h" + digest + build
	return base + names(patches, maxVersion-len(base)-len(end)) + end
}

// nextPatch returns the next patch release. The number may have any length.
func nextPatch(release string) string {
	dot := strings.LastIndexByte(release, '.')
	digits := []byte(release[dot+1:])
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] != '9' {
			digits[i]++
			return release[:dot+1] + string(digits)
		}
		digits[i] = '0'
	}
	return release[:dot+1] + "1" + string(digits)
}

// names returns the names of patches in up to room bytes: in full, or else their
// initials, or else how many there are, or else nothing. Each begins with a dot. The order
// in which the patches are named does not matter. If different patches get the same name,
// their digests still differ.
func names(patches []string, room int) string {
	sorted := slices.Sorted(slices.Values(patches))
	number := fmt.Sprintf(".%d-%s", len(sorted), text.Plural(len(sorted), "patch"))
	for _, way := range []string{join(sorted, identifier), join(sorted, initials), number} {
		if len(way) <= room {
			return way
		}
	}
	return ""
}

// join joins what form makes of names, each behind a dot.
func join(names []string, form func(string) string) string {
	all := ""
	for _, name := range names {
		all += "." + form(name)
	}
	return all
}

// identifier converts a name to an identifier of a version: letters, digits and
// dashes, but not only digits.
func identifier(name string) string {
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, name)
	if strings.Trim(id, "0123456789") == "" {
		return "p" + id
	}
	return id
}

// initials returns the first character of each word of a name, as an identifier:
// drop-late-resets gives dlr.
func initials(name string) string {
	words := strings.FieldsFunc(identifier(name), func(r rune) bool { return r == '-' })
	if len(words) == 0 {
		return identifier(name)
	}
	short := ""
	for _, word := range words {
		short += word[:1]
	}
	return identifier(short)
}

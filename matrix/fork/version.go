package fork

import (
	"fmt"
	"strings"

	"golang.org/x/mod/semver"
)

// maxNames bounds the names of patches in a version, in bytes. Versions become file
// names, which most systems limit to 255 bytes.
const maxNames = 100

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
	return fmt.Sprintf("%s.matrixrun.%s.h%s%s", base, names(patches), digest, build)
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

// names joins the names of patches, in characters that a version may have. If
// different patches get the same name, their digests still differ.
func names(patches []string) string {
	list := make([]string, len(patches))
	length := 0
	for i, name := range patches {
		list[i] = identifier(name)
		if length += len(list[i]) + 1; length > maxNames && i > 0 {
			return fmt.Sprintf("%s.and-%d-more", strings.Join(list[:i], "."), len(patches)-i)
		}
	}
	return strings.Join(list, ".")
}

// identifier converts a name to an identifier of a version: letters, digits and
// dashes, but not only digits.
func identifier(name string) string {
	text := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, name)
	if strings.Trim(text, "0123456789") == "" {
		return "p" + text
	}
	return text[:min(len(text), maxNames)]
}

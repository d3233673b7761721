package fork

import (
	"fmt"
	"strings"

	"golang.org/x/mod/semver"
)

// maxNames is how long the patches' names may be in a version, in bytes: it
// becomes the name of files and folders, which systems bound at 255.
const maxNames = 100

// version names a fork of a release as a module version:
//
//	v0.47.0       ->  v0.47.1-0.matrixrun.mend.h0123456789ab
//	v0.47.0-rc.1  ->  v0.47.0-rc.1.0.matrixrun.mend.h0123456789ab
//
// It is newer than the release that it forks, and older than the next one and
// than the pre-releases of that, since 0 comes before all names. It cannot be
// taken for a pseudo-version, which the go command would look up in a repository:
// what follows the 0 is no time. The digest is led by a letter, since semantic
// versioning refuses numbers that begin with 0.
func version(release string, patches []string, digest string) string {
	build := semver.Build(release) // +incompatible, which the go command wants kept
	base := strings.TrimSuffix(release, build)
	if semver.Prerelease(base) == "" {
		base = nextPatch(base) + "-0"
	} else {
		base += ".0"
	}
	return fmt.Sprintf("%s.matrixrun.%s.h%s%s", base, names(patches), digest, build)
}

// nextPatch returns the patch release after one. Its number is of any length,
// as version numbers are.
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

// names joins what patches are called, in letters that a version may have.
// Patches that are called alike then have different digests.
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

// identifier makes one part of a version of a name: letters, digits and dashes,
// and never a number.
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

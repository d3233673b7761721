package matrix

import (
	"regexp"
	"strings"
)

// A TypeName is what the compiler calls a type.
type TypeName struct{ Package, Name string }

// otherType matches what the compiler says of a value of a type where an API takes one
// of another package. It quotes the paths of packages that have the same name.
var otherType = regexp.MustCompile(`cannot use .* \(.*type (\*?)"([^"\s]+)"\.(\w+)\) as (?:type )?(\*?)"([^"\s]+)"\.(\w+)`)

// OtherType returns the types in the complaint of a compiler about a value of one type
// where an API takes another one.
func OtherType(complaint string) (is, wanted TypeName, ok bool) {
	found := otherType.FindStringSubmatch(complaint)
	if found == nil {
		return is, wanted, false
	}
	return TypeName{found[2], found[1] + found[3]}, TypeName{found[5], found[4] + found[6]}, true
}

// Unbuilt says in the reason of a cell that the tests of its package do not compile with its
// row, where those of others do.
const Unbuilt = "do not build"

// What the reasons of cells say whose row has a control or a planted scenario that failed.
const (
	Unbelieved    = "nothing in this row can be believed"
	ProvesNothing = "proves nothing here"
)

// ReproductionFailed begins the reason of a row or a cell whose reproduction failed in a way
// that the machine or the sandbox may have caused. Nothing is recorded, so that the next run
// tries it again.
const ReproductionFailed = "the reproduction failed: "

// Outdated reports whether a build failed since the go.mod of the reproduction does not list
// the versions that its dependencies require.
func Outdated(complaint string) bool { return strings.Contains(complaint, "updates to go.mod needed") }

const (
	releaseNeeds = "the go.mod of the release asks for Go "
	ownNeeds     = "the go.mod of the reproduction asks for Go "
)

// NeedsGo returns the reason why a toolchain does not build a row: the go.mod of the
// release, or that of the reproduction, asks for a newer version of Go.
func NeedsGo(release bool, line, toolchain string) string {
	whose := ownNeeds
	if release {
		whose = releaseNeeds
	}
	return whose + line + ", and " + toolchain + " is older"
}

// ReleaseNeedsGo reports whether a row was not built since the release asks for a newer
// version of Go. Every program with that release and that toolchain would meet this.
func ReleaseNeedsGo(reason string) bool { return strings.HasPrefix(reason, releaseNeeds) }

// targetFile matches a message of the compiler about a file of the target. It has paths
// relative to the folder of the reproduction.
var targetFile = regexp.MustCompile(`(?m)^\.\./target/\S+\.go:\d+`)

// TargetFails reports whether the compiler complains of the code of the target, and of no
// other code that the reproduction brings.
func TargetFails(complaint string) bool {
	return targetFile.MatchString(complaint) && !InReproduction(complaint)
}

// ReproductionNeedsGo reports whether a row was not built since the reproduction asks for a
// newer version of Go, which says nothing about the release.
func ReproductionNeedsGo(reason string) bool { return strings.HasPrefix(reason, ownNeeds) }

// Gist returns the line of a reason that says most: the first one, without the
// "# package" line that the go command prints above the output of the compiler. If
// that line ends in a colon, the next one is added. A chain of imports is one line.
func Gist(reason string) string {
	reason, gist := strings.ReplaceAll(reason, "\n\timports ", " imports "), ""
	for line := range strings.Lines(reason) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		if gist += line; !strings.HasSuffix(gist, ":") {
			return strings.TrimSuffix(gist, ".") // more may follow in the sentence
		}
		gist += " "
	}
	if gist != "" {
		return strings.TrimSuffix(gist, ": ")
	}
	if reason = strings.TrimSpace(reason); reason != "" {
		return reason
	}
	return "no reason was given"
}

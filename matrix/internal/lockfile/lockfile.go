// Package lockfile reads and writes releases.lock, the list of a target's releases, and
// forks.lock, a list of versions of its forks. Each line is one release:
//
//	VERSION MODULE SUM TIME
//
// MODULE is the path that serves the release, SUM the checksum of its module zip as
// in go.sum, and TIME when it was published: RFC 3339 in UTC, or "-" if unknown. A release
// of the target may have "-" for SUM too: it exists, and nobody has downloaded it yet.
// Lines that start with # are comments. The file is committed, so equal releases
// always give equal bytes.
package lockfile

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// Names of the files in the folder of a suite.
const (
	Name      = "releases.lock"
	ForksName = "forks.lock"
)

// unknown is written for the zero time, and for no checksum.
const unknown = "-"

// heading and forksHeading explain the format at the top of the files.
const (
	heading = `# Releases of the target: version, module path, checksum of the module zip, time.
# "matrixrun lock" adds what the module proxy lists; it never drops a line.
`
	forksHeading = `# Forks of the target: version, module path, checksum of the module zip, time.
# "matrixrun lock --module PATH@VERSION" adds one, and "matrixrun lock --forks" newer versions.
`
	knownHeading = `# Those with "-" for the checksum are known, and tried only if they are asked for by name.
`
)

// Format returns releases as a lock file, sorted by version.
func Format(releases []matrix.Release) []byte { return format(heading, releases, byVersion) }

// FormatForks is Format for a lock of forks, sorted by module path and version. Each must have
// a checksum, because ParseForks requires one.
func FormatForks(forks []matrix.Release) []byte { return format(forksHeading, forks, byModule) }

// format implements Format.
func format(heading string, releases []matrix.Release, order func(a, b matrix.Release) int) []byte {
	sorted := slices.Clone(releases)
	slices.SortStableFunc(sorted, order)

	var out bytes.Buffer
	out.WriteString(heading)
	if slices.ContainsFunc(sorted, func(r matrix.Release) bool { return r.Sum == "" }) {
		out.WriteString(knownHeading)
	}
	for _, r := range sorted {
		fmt.Fprintf(&out, "%s %s %s %s\n", r.Version, r.Module, cmp.Or(r.Sum, unknown), formatTime(r.Time))
	}
	return out.Bytes()
}

// formatTime keeps fractions of a second, which some proxies report, so that Parse
// returns exactly the time that was written.
func formatTime(t time.Time) string {
	if t.IsZero() {
		return unknown
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Line returns the 1-based number of the line that has a version, or 0 if there is
// no such line. Error messages about a parsed release use it.
func Line(data []byte, version string) int {
	return lineThat(data, func(fields []string) bool { return len(fields) > 0 && fields[0] == version })
}

// ForkLine is Line for a fork in a lock of forks.
func ForkLine(data []byte, fork matrix.Release) int {
	return lineThat(data, func(fields []string) bool {
		return len(fields) > 1 && fields[0] == fork.Version && fields[1] == fork.Module
	})
}

// lineThat returns the 1-based number of the first line whose fields match, or 0.
func lineThat(data []byte, matches func(fields []string) bool) int {
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		if matches(strings.Fields(line)) {
			return number
		}
	}
	return 0
}

func byVersion(a, b matrix.Release) int {
	return matrix.CompareVersions(a.Version, b.Version)
}

func byModule(a, b matrix.Release) int {
	return cmp.Or(strings.Compare(a.Module, b.Module), byVersion(a, b))
}

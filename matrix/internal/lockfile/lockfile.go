// Package lockfile reads and writes releases.lock, the list of a target's releases.
// Each line is one release:
//
//	VERSION MODULE SUM TIME
//
// MODULE is the path that serves the release, SUM the checksum of its module zip as
// in go.sum, and TIME when it was published: RFC 3339 in UTC, or "-" if unknown.
// Lines that start with # are comments. The file is committed, so equal releases
// always give equal bytes.
package lockfile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// Name is the file's name in the folder of a suite.
const Name = "releases.lock"

// unknownTime is written for the zero time.
const unknownTime = "-"

// heading explains the format at the top of the file.
const heading = `# Releases of the target: version, module path, checksum of the module zip, time.
# "matrixrun lock" adds what the module proxy lists; it never drops a line.
`

// Format returns releases as a lock file, sorted by version. Each release must have
// a checksum, because Parse requires one.
func Format(releases []matrix.Release) []byte {
	sorted := slices.Clone(releases)
	slices.SortStableFunc(sorted, byVersion)

	var out bytes.Buffer
	out.WriteString(heading)
	for _, r := range sorted {
		fmt.Fprintf(&out, "%s %s %s %s\n", r.Version, r.Module, r.Sum, formatTime(r.Time))
	}
	return out.Bytes()
}

// formatTime keeps fractions of a second, which some proxies report, so that Parse
// returns exactly the time that was written.
func formatTime(t time.Time) string {
	if t.IsZero() {
		return unknownTime
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Line returns the 1-based number of the line that has a version, or 0 if there is
// no such line. Error messages about a parsed release use it.
func Line(data []byte, version string) int {
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] == version {
			return number
		}
	}
	return 0
}

func byVersion(a, b matrix.Release) int {
	return matrix.CompareVersions(a.Version, b.Version)
}

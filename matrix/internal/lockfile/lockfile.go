// Package lockfile reads and writes releases.lock, the list of a target's
// releases with the module path that serves each, the checksum that its zip
// must have, and when it was made. One line is one release:
//
//	VERSION MODULE SUM TIME
//
// TIME is RFC 3339 in UTC, or "-" where nobody knows it. Lines that start with
// # are comments. The file is committed, so Format writes it in one way only:
// two refreshes that found the same give the same bytes.
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

// unknownTime stands for the zero time.
const unknownTime = "-"

// heading explains the format to whoever opens the file.
const heading = `# Releases of the target: version, module path, checksum of the module zip, time.
# "matrixrun lock" adds what the module proxy lists; it never drops a line.
`

// Format writes releases as a lock file, sorted by version. Each must have a
// checksum, since Parse accepts none without.
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

// formatTime keeps fractions of a second, which some proxies report, so that
// reading the file back gives the very time that was written.
func formatTime(t time.Time) string {
	if t.IsZero() {
		return unknownTime
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Line returns the 1-based number of the line that holds a version, or 0 where
// none does. It serves messages about a release that was parsed from data.
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

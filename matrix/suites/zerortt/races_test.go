//go:build proofs

package zerortt

import "testing"

// racePatches lists each shipped patch with a release of realReleases, and all
// patches together.
var racePatches = []struct {
	release string
	series  []string
}{
	{"v0.28.1", []string{"drop-late-resets"}},
	{"v0.28.1", []string{"reset-send-window"}},
	{"v0.47.0", []string{"drop-queued-resets"}},
	{"v0.47.0", allPatches},
	{"v0.65.0", []string{"drop-closed-resets"}},
	{"v0.65.0", []string{"drop-queued-datagrams"}},
}

// TestRaces builds the real releases, each with its own toolchain and with the
// race detector, with and without patches, and checks every trial. It needs the
// module proxy, and a C compiler for the race detector.
//
// No race is excused: none was ever seen, in the releases or the reproduction.
func TestRaces(t *testing.T) {
	oldest, middle, newest := newRaceRow(t, "v0.28.1"), newRaceRow(t, "v0.47.0"), newRaceRow(t, "v0.65.0")
	rows := []*realRow{oldest, middle, newest}
	for _, p := range racePatches {
		rows = append(rows, newRaceRow(t, p.release, p.series...))
	}
	checkRows(t, rows...)
	checkPair(t, middle, newest, "")
	checkPair(t, newest, oldest, "")
	// From v0.43.0 on, servers reject a stream whose final size differs from the
	// one in its reset.
	checkPair(t, oldest, middle, "retry-short")
}

// newRaceRow plans a row for the race detector and the toolchain of matrix.yaml.
func newRaceRow(t *testing.T, release string, series ...string) *realRow {
	t.Helper()
	r := newRealRow(t, release, series...)
	r.race, r.row.Toolchain = true, r.toolchain
	return r
}

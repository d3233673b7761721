package report

import (
	"errors"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// AnyStream is the filter that counts leaks on all streams.
func AnyStream(int64) bool { return true }

// Conclude returns the report of a trial. It counts leaks only on streams for
// which counts returns true.
//
// Only what the server saw is a leak: a reset with the canary code, something
// that was sent on the attempt, or a connection that died of a transport
// error. err is what stopped the client, or nil. Without a leak it makes the
// trial inconclusive.
func (j *Journal) Conclude(scenario string, proof Proof, counts func(stream int64) bool, err error) Report {
	j.mu.Lock()
	defer j.mu.Unlock()
	r := Report{Scenario: scenario, Proof: proof, Saw: append(append([]Sighting{}, j.Saw...), j.Client...)}
	severity, hit := j.Leaked(counts)
	switch {
	case hit:
		r.Outcome, r.Severity, r.Why = Leak, severity, j.blame(counts)
	case err != nil:
		r.Outcome, r.Why = Inconclusive, err.Error()
		var noVersion *wire.NoVersionError
		if r.Unsupported = errors.As(err, &noVersion); r.Unsupported {
			r.Why = noVersion.Error() // without the stage in which it occurred
		}
	default:
		r.Outcome, r.Why = Clean, "the next connection carried every message, and the server saw no reset"
	}
	return r
}

// blame describes the first sighting that makes the trial a leak, the worst
// kind first. The journal must be locked.
func (j *Journal) blame(counts func(int64) bool) string {
	for _, s := range j.Saw {
		if j.Killed && s.Stream == wire.WholeConnection {
			return "the server saw the next connection die: " + s.Error
		}
	}
	for _, s := range j.Saw {
		if s.Code == Canary && j.Stale {
			return "the server got what was sent on the rejected attempt: " + s.Error
		}
		if s.Code == Canary && counts(s.Stream) {
			return "the server saw a reset with the canary code: " + s.Error
		}
	}
	return ""
}

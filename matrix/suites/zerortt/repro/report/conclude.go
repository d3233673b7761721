package report

import (
	"errors"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// AnyStream counts leaks on all streams.
func AnyStream(int64) bool { return true }

// Conclude turns what a trial saw into its report, counting leaks on the streams
// that the filter admits. Only what the server saw is a leak: the canary, or its
// connection dying of a transport error. What merely kept the client from its
// end, if anything did, is the error: it proves nothing.
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
		var apart *wire.NoVersionError
		if r.Unsupported = errors.As(err, &apart); r.Unsupported {
			r.Why = apart.Error() // and not when it was found out
		}
	default:
		r.Outcome, r.Why = Clean, "the next connection carried every message, and the server saw no reset"
	}
	return r
}

// blame words the first sighting that makes the trial a leak, the worst first.
// The journal is locked.
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

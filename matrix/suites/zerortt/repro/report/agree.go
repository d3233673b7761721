package report

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// Codes of a CONNECTION_CLOSE with which an orderly connection ends. The
// transport sends them if an application closes before the handshake is
// complete, since the application's own code must not be sent in those packets
// (RFC 9000, section 10.2.3).
const (
	noError          = 0x0
	applicationError = 0xc
)

// Wire is the comparison of a report with the packets of the same trial.
type Wire struct {
	Agrees bool         `json:"agrees"`           // the packets confirm the report
	Unread string       `json:"unread,omitempty"` // why the packets could not be compared
	Why    string       `json:"why,omitempty"`    // how the packets contradict the report
	Frames []wire.Frame `json:"frames"`           // the frames that end something, see wire.Log.Telling
}

// Agree compares a report with what was sent over the wire. Only leaks on
// streams for which counts returns true are expected to show.
//
// If some 1-RTT packets of the client could not be read, the result says so in
// Unread, and neither agrees nor contradicts.
func (r Report) Agree(log wire.Log, counts func(stream int64) bool) *Wire {
	if n, why := log.Opaque(wire.Client, wire.KindOneRTT); n > 0 {
		return &Wire{Unread: fmt.Sprintf("%d 1-RTT packets of the client could not be read: %s", n, why)}
	}
	w := &Wire{Frames: log.Telling(), Why: r.contradiction(log, counts)}
	w.Agrees = w.Why == ""
	return w
}

// Check makes a report inconclusive if the packets show that the client did not
// do what the scenario is about. The machine decides whether that happens, so
// such a trial is to be run again.
//
// A report that what was queued left before the rejection is wrong if a 0-RTT
// packet does not have it. The library can give it to another packet than the
// scenario waited for, if the process gets no processor for a while. A leak is
// then one of another scenario.
//
// A clean report proves nothing if a timer of the client's library expired: it
// then sent a frame again. v0.47.0, for example, never ends a stream whose reset
// it sent twice, and so survives what kills it otherwise. A process that gets no
// processor for 30 ms finds its timer expired, and the acknowledgement unread. A
// leak is no less a leak for it.
func (r *Report) Check(log wire.Log) {
	if r.Outcome == Inconclusive {
		return
	}
	if missing := r.unsent(log); missing != "" {
		r.Outcome, r.Severity, r.Disturbed, r.Proof.Sent = Inconclusive, "", true, false
		r.Why = fmt.Sprintf("no 0-RTT packet carries %s of the attempt, which was to leave before the rejection", missing)
		return
	}
	if f, again := log.Repeated(wire.Client); again && r.Outcome == Clean {
		r.Outcome, r.Disturbed = Inconclusive, true
		r.Why = fmt.Sprintf("a timer of the client expired: 1-RTT packet %d repeats a %s of stream %d", f.Number, f.Type, f.Stream)
	}
}

// unsent returns what Proof.Sent claims and no 0-RTT packet of the client carries,
// or "" if they carry all of it, or if some of them could not be read. If the
// scenario's own action left, that is what both cancels queue. Otherwise it is the
// end of a stream.
func (r *Report) unsent(log wire.Log) string {
	if opaque, _ := log.Opaque(wire.Client, wire.KindZeroRTT); !r.Proof.Sent || opaque > 0 {
		return ""
	}
	switch {
	case r.Proof.Acted != BeforeRejection:
		if !inEarly(log, func(f wire.Frame) bool { return f.Type == "STREAM" && f.Fin }) {
			return "the end of a stream"
		}
	case !inEarly(log, func(f wire.Frame) bool { return f.Type == "STOP_SENDING" && f.Code == Canary }):
		return "the STOP_SENDING"
	case !inEarly(log, func(f wire.Frame) bool { return strings.HasPrefix(f.Type, "RESET_STREAM") && f.Code == Canary }):
		return "the RESET_STREAM"
	}
	return ""
}

// contradiction returns how the packets contradict the report, or "" if they
// do not.
func (r Report) contradiction(log wire.Log, counts func(stream int64) bool) string {
	strays, dead := strays(log, counts), closedWithError(log)
	switch {
	case r.Proof.Queued && sentEarly(log):
		return "a frame that the report says was still queued left in a 0-RTT packet"
	case r.Outcome == Leak && r.Severity == OfConnection && !dead && len(strays) == 0:
		return "no packet closes the connection with a transport error, and none carries what would make a peer do so"
	case r.Outcome == Leak && r.Severity == OfStream && len(strays) == 0:
		return "no 1-RTT packet of the client carries anything of the attempt"
	case r.Outcome == Clean && len(strays) > 0:
		s := strays[0]
		return fmt.Sprintf("1-RTT packet %d of the client carries a %s of the attempt on stream %d", s.Number, s.Type, s.Stream)
	case r.Outcome == Clean && dead:
		return "a packet closes the connection with a transport error"
	default:
		return ""
	}
}

// strays returns the frames that the client sent on the next connection but
// that belong to the attempt: resets with the canary code, and data. It leaves
// out frames on a stream that both sides had ended, which harm nobody, and on
// streams that do not count in this scenario.
func strays(log wire.Log, counts func(stream int64) bool) []wire.Frame {
	ended := map[string]map[int64]bool{wire.Client: {}, wire.Server: {}}
	var strays []wire.Frame
	for _, p := range log.Packets {
		for _, f := range p.Frames {
			over := ended[wire.Client][f.Stream] && ended[wire.Server][f.Stream]
			if p.From == wire.Client && p.Kind == wire.KindOneRTT && belongsToAttempt(f) && !over && counts(f.Stream) {
				strays = append(strays, f)
			}
			if f.Type == "STREAM" && f.Fin {
				ended[p.From][f.Stream] = true
			}
		}
	}
	return strays
}

// belongsToAttempt reports whether a frame carries one of the marks of the
// attempt.
func belongsToAttempt(f wire.Frame) bool {
	switch f.Type {
	case "RESET_STREAM", "RESET_STREAM_AT", "STOP_SENDING":
		return f.Code == Canary
	case "DATAGRAM":
		return string(f.Data) == EarlyDatagram
	case "STREAM":
		return bytes.IndexByte(f.Data, StaleByte) >= 0
	default:
		return false
	}
}

// sentEarly reports whether a 0-RTT packet carried a reset with the canary
// code or the DATAGRAM of the attempt.
func sentEarly(log wire.Log) bool {
	return inEarly(log, func(f wire.Frame) bool { return f.Type != "STREAM" && belongsToAttempt(f) })
}

// inEarly reports whether a 0-RTT packet carried such a frame.
func inEarly(log wire.Log, such func(wire.Frame) bool) bool {
	for _, p := range log.Packets {
		for _, f := range p.Frames {
			if p.Kind == wire.KindZeroRTT && such(f) {
				return true
			}
		}
	}
	return false
}

// closedWithError reports whether a side closed the connection with a
// transport error.
func closedWithError(log wire.Log) bool {
	for _, p := range log.Packets {
		for _, f := range p.Frames {
			if f.Type == "CONNECTION_CLOSE" && !f.Application && f.Code != noError && f.Code != applicationError {
				return true
			}
		}
	}
	return false
}

package report

import (
	"bytes"
	"fmt"

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

// Disturb makes a clean report inconclusive if a timer of the client's library
// expired, which the packets show: the client sent a frame again. The client
// then did not do what the scenario is about. v0.47.0, for example, never ends
// a stream whose reset it sent twice, and so survives what kills it otherwise.
//
// Which timers expire depends on the machine: a process that gets no processor
// for 30 ms finds the timer expired, and the acknowledgement unread. So such a
// trial is to be run again. A leak is no less a leak for it.
func (r *Report) Disturb(log wire.Log) {
	f, again := log.Repeated(wire.Client)
	if r.Outcome != Clean || !again {
		return
	}
	r.Outcome, r.Disturbed = Inconclusive, true
	r.Why = fmt.Sprintf("a timer of the client expired: 1-RTT packet %d repeats a %s of stream %d", f.Number, f.Type, f.Stream)
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
	for _, p := range log.Packets {
		for _, f := range p.Frames {
			if p.Kind == wire.KindZeroRTT && f.Type != "STREAM" && belongsToAttempt(f) {
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

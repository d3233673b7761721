package report

import (
	"bytes"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// The kinds of CONNECTION_CLOSE that do not tell of a death: an application that
// closes does so with a code of its own, or, in packets that come before the end
// of the handshake, with one that says no more than that (RFC 9000, section 10.2.3).
const (
	noError          = 0x0
	applicationError = 0xc
)

// Wire is what a report says of the wire, which has seen the same trial.
type Wire struct {
	Agrees bool         `json:"agrees"`           // it says what the report says
	Unread string       `json:"unread,omitempty"` // why it says nothing
	Why    string       `json:"why,omitempty"`    // what of it does not go with the report
	Frames []wire.Frame `json:"frames"`           // the telling ones
}

// Agree holds a report against what went over the wire, with the streams that
// leaks count on: it returns the telling frames, and whether they say the same.
// Where packets of the client could not be read there is nothing to hold it
// against, which is said then.
func (r Report) Agree(log wire.Log, counts func(stream int64) bool) *Wire {
	if n, why := log.Opaque(wire.Client, wire.KindOneRTT); n > 0 {
		return &Wire{Unread: fmt.Sprintf("%d 1-RTT packets of the client could not be read: %s", n, why)}
	}
	w := &Wire{Frames: log.Telling(), Why: r.contradiction(log, counts)}
	w.Agrees = w.Why == ""
	return w
}

// contradiction says what on the wire does not go with a report; nothing where
// all does.
func (r Report) contradiction(log wire.Log, counts func(stream int64) bool) string {
	strays, dead := strays(log, counts), died(log)
	switch {
	case r.Proof.Queued && leftEarly(log):
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

// strays returns the frames that the client sent on the next connection, and
// that belong to the attempt: resets with the canary code, and data. One that
// comes to a stream which both sides had ended harms nobody, and one on a stream
// that does not count in this scenario is none of its business.
func strays(log wire.Log, counts func(stream int64) bool) []wire.Frame {
	ended := map[string]map[int64]bool{wire.Client: {}, wire.Server: {}}
	var strays []wire.Frame
	for _, p := range log.Packets {
		for _, f := range p.Frames {
			over := ended[wire.Client][f.Stream] && ended[wire.Server][f.Stream]
			if p.From == wire.Client && p.Kind == wire.KindOneRTT && ofAttempt(f) && !over && counts(f.Stream) {
				strays = append(strays, f)
			}
			if f.Type == "STREAM" && f.Fin {
				ended[p.From][f.Stream] = true
			}
		}
	}
	return strays
}

// ofAttempt reports whether a frame carries what only the attempt has.
func ofAttempt(f wire.Frame) bool {
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

// leftEarly reports whether a reset with the canary code, or the datagram of the
// attempt, left in a 0-RTT packet.
func leftEarly(log wire.Log) bool {
	for _, p := range log.Packets {
		for _, f := range p.Frames {
			if p.Kind == wire.KindZeroRTT && f.Type != "STREAM" && ofAttempt(f) {
				return true
			}
		}
	}
	return false
}

// died reports whether some side closed the connection with a transport error.
func died(log wire.Log) bool {
	for _, p := range log.Packets {
		for _, f := range p.Frames {
			if f.Type == "CONNECTION_CLOSE" && !f.Application && f.Code != noError && f.Code != applicationError {
				return true
			}
		}
	}
	return false
}

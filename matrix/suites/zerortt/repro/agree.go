package main

import (
	"bytes"
	"fmt"
)

// The kinds of CONNECTION_CLOSE that do not tell of a death: an application that
// closes does so with a code of its own, or, in packets that come before the end
// of the handshake, with one that says no more than that (RFC 9000, section 10.2.3).
const (
	noError          = 0x0
	applicationError = 0xc
)

// agree holds what a trial reports against what went over the wire: it returns
// the report, with the telling frames and with whether they say the same. Where
// packets of the client could not be read there is nothing to hold it against,
// which the report says.
func (t *trial) agree(r report) *wireReport {
	if t.wire == nil {
		return nil
	}
	log := t.wire.decode()
	w := log.report()
	if n := w.Opaque[clientSide+" "+kindOneRTT]; n > 0 {
		return &wireReport{Unread: fmt.Sprintf("%d 1-RTT packets of the client could not be read: %s", n, log.opaque(clientSide, kindOneRTT))}
	}
	w.Why = t.contradiction(r, log)
	w.Agrees = w.Why == ""
	return &w
}

// contradiction says what on the wire does not go with a report; nothing where
// all does.
func (t *trial) contradiction(r report, log wireLog) string {
	strays, dead := t.strays(log), log.died()
	switch {
	case t.proof.Queued && log.leftEarly():
		return "a frame that the report says was still queued left in a 0-RTT packet"
	case r.Outcome == leak && r.Severity == ofConnection && !dead && len(strays) == 0:
		return "no packet closes the connection with a transport error, and none carries what would make a peer do so"
	case r.Outcome == leak && r.Severity == ofStream && len(strays) == 0:
		return "no 1-RTT packet of the client carries anything of the attempt"
	case r.Outcome == clean && len(strays) > 0:
		s := strays[0]
		return fmt.Sprintf("1-RTT packet %d of the client carries a %s of the attempt on stream %d", s.Number, s.Type, s.Stream)
	case r.Outcome == clean && dead:
		return "a packet closes the connection with a transport error"
	default:
		return ""
	}
}

// strays returns the frames that the client sent on the next connection, and
// that belong to the attempt: resets with the canary code, and data. One that
// comes to a stream which both sides had ended harms nobody, and one on a stream
// that does not count in this scenario is none of its business.
func (t *trial) strays(log wireLog) []wireFrame {
	ended := map[string]map[int64]bool{clientSide: {}, serverSide: {}}
	var strays []wireFrame
	for _, p := range log.packets {
		for _, f := range p.frames {
			over := ended[clientSide][f.Stream] && ended[serverSide][f.Stream]
			if p.from == clientSide && p.kind == kindOneRTT && f.ofAttempt() && !over && t.counts(f.Stream) {
				strays = append(strays, f)
			}
			if f.Type == "STREAM" && f.Fin {
				ended[p.from][f.Stream] = true
			}
		}
	}
	return strays
}

// ofAttempt reports whether a frame carries what only the attempt has.
func (f wireFrame) ofAttempt() bool {
	switch f.Type {
	case "RESET_STREAM", "RESET_STREAM_AT", "STOP_SENDING":
		return f.Code == canary
	case "DATAGRAM":
		return string(f.data) == earlyDatagram
	case "STREAM":
		return bytes.IndexByte(f.data, staleByte) >= 0
	default:
		return false
	}
}

// leftEarly reports whether a reset with the canary code, or the datagram of the
// attempt, left in a 0-RTT packet.
func (l wireLog) leftEarly() bool {
	for _, p := range l.packets {
		for _, f := range p.frames {
			if p.kind == kindZeroRTT && f.Type != "STREAM" && f.ofAttempt() {
				return true
			}
		}
	}
	return false
}

// died reports whether some side closed the connection with a transport error.
func (l wireLog) died() bool {
	for _, p := range l.packets {
		for _, f := range p.frames {
			if f.Type == "CONNECTION_CLOSE" && !f.Application && f.Code != noError && f.Code != applicationError {
				return true
			}
		}
	}
	return false
}

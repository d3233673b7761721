package main

import (
	"strings"
	"testing"
)

// sentPacket is a packet of a side with one frame in it.
func sentPacket(from, kind string, f wireFrame) wirePacket {
	return wirePacket{from: from, kind: kind, frames: []wireFrame{f}}
}

func aFrame(kind string, stream, code int64) wireFrame {
	f := newWireFrame(kind)
	f.Stream, f.Code = stream, code
	return f
}

// aFin is the end of a stream.
func aFin(stream int64) wireFrame {
	f := aFrame("STREAM", stream, none)
	f.Fin = true
	return f
}

// someData is a frame that holds data.
func someData(kind, data string) wireFrame {
	f := aFrame(kind, 0, none)
	f.hold([]byte(data))
	return f
}

// TestContradiction holds what a trial reports against what went over the wire.
func TestContradiction(t *testing.T) {
	reset := sentPacket(clientSide, kindOneRTT, aFrame("RESET_STREAM", 0, canary))
	death := sentPacket(serverSide, kindOneRTT, aFrame("CONNECTION_CLOSE", wholeConnection, 5))
	early := sentPacket(clientSide, kindZeroRTT, aFrame("STOP_SENDING", 0, canary))
	clientFin, serverFin := sentPacket(clientSide, kindOneRTT, aFin(0)), sentPacket(serverSide, kindOneRTT, aFin(0))
	closing := aFrame("CONNECTION_CLOSE", wholeConnection, 9)
	closing.Application = true
	tests := []struct {
		name     string
		outcome  string
		severity string
		queued   bool
		packets  []wirePacket
		want     string // part of what it says; empty: they agree
	}{
		{"a leak with its reset", leak, ofStream, false, []wirePacket{reset}, ""},
		{"a leak without one", leak, ofStream, false, nil, "no 1-RTT packet"},
		{"a leak whose reset left in 0-RTT", leak, ofStream, false, []wirePacket{early}, "no 1-RTT packet"},
		{"a leak whose reset came from the server", leak, ofStream, false, []wirePacket{{from: serverSide, kind: kindOneRTT, frames: reset.frames}}, "no 1-RTT packet"},
		{"a leak with another code", leak, ofStream, false, []wirePacket{sentPacket(clientSide, kindOneRTT, aFrame("RESET_STREAM", 0, canary+1))}, "no 1-RTT packet"},
		{"a death", leak, ofConnection, false, []wirePacket{death}, ""},
		{"a death by what the client sent", leak, ofConnection, false, []wirePacket{reset}, ""},
		{"a death that nobody sent", leak, ofConnection, false, nil, "no packet closes"},
		{"clean", clean, "", false, []wirePacket{early, clientFin, serverFin, sentPacket(clientSide, kindOneRTT, closing)}, ""},
		{"clean, closed before the end of the handshake", clean, "", false, []wirePacket{sentPacket(clientSide, kindHandshake, aFrame("CONNECTION_CLOSE", wholeConnection, applicationError))}, ""},
		{"clean, with a reset", clean, "", false, []wirePacket{reset}, "carries a RESET_STREAM of the attempt on stream 0"},
		{"clean, with a reset of a stream that was over", clean, "", false, []wirePacket{clientFin, serverFin, reset}, ""},
		{"clean, with a reset of a stream that was half over", clean, "", false, []wirePacket{clientFin, reset, serverFin}, "carries a RESET_STREAM"},
		{"clean, with the early datagram", clean, "", false, []wirePacket{sentPacket(clientSide, kindOneRTT, someData("DATAGRAM", earlyDatagram))}, "carries a DATAGRAM"},
		{"clean, with the last datagram", clean, "", false, []wirePacket{sentPacket(clientSide, kindOneRTT, someData("DATAGRAM", lastDatagram))}, ""},
		{"clean, with early data", clean, "", false, []wirePacket{sentPacket(clientSide, kindOneRTT, someData("STREAM", "\xca\xca"))}, "carries a STREAM"},
		{"clean, and dead", clean, "", false, []wirePacket{death}, "closes the connection"},
		{"queued, and left", clean, "", true, []wirePacket{early}, "still queued"},
		{"queued", clean, "", true, []wirePacket{sentPacket(clientSide, kindZeroRTT, someData("STREAM", "\xca"))}, ""},
		{"inconclusive", inconclusive, "", false, []wirePacket{reset, death}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			trial := &trial{counts: anyStream}
			trial.proof.Queued = test.queued
			got := trial.contradiction(report{Outcome: test.outcome, Severity: test.severity}, wireLog{packets: test.packets})
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestStraysThatDoNotCount holds that a scenario which gives a stream up for lost
// does not mind what comes to it.
func TestStraysThatDoNotCount(t *testing.T) {
	log := wireLog{packets: []wirePacket{sentPacket(clientSide, kindOneRTT, aFrame("RESET_STREAM", 0, canary))}}
	retry := &trial{counts: func(stream int64) bool { return stream >= 4 }}
	if strays := retry.strays(log); len(strays) != 0 {
		t.Errorf("got %v", strays)
	}
}

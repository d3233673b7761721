package report

import (
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// sentPacket returns a packet of a side with one frame.
func sentPacket(from, kind string, f wire.Frame) wire.Packet {
	return wire.Packet{From: from, Kind: kind, Frames: []wire.Frame{f}}
}

// aFrame returns a frame of a type with a stream and an error code.
func aFrame(kind string, stream, code int64) wire.Frame {
	f := wire.NewFrame(kind)
	f.Stream, f.Code = stream, code
	return f
}

// aFin returns the frame that ends a stream.
func aFin(stream int64) wire.Frame {
	f := aFrame("STREAM", stream, wire.None)
	f.Fin = true
	return f
}

// someData returns a frame with data.
func someData(kind, data string) wire.Frame {
	f := aFrame(kind, 0, wire.None)
	f.Hold([]byte(data))
	return f
}

// TestContradiction compares reports with what was sent over the wire.
func TestContradiction(t *testing.T) {
	reset := sentPacket(wire.Client, wire.KindOneRTT, aFrame("RESET_STREAM", 0, Canary))
	death := sentPacket(wire.Server, wire.KindOneRTT, aFrame("CONNECTION_CLOSE", wire.WholeConnection, 5))
	early := sentPacket(wire.Client, wire.KindZeroRTT, aFrame("STOP_SENDING", 0, Canary))
	clientFin, serverFin := sentPacket(wire.Client, wire.KindOneRTT, aFin(0)), sentPacket(wire.Server, wire.KindOneRTT, aFin(0))
	closing := aFrame("CONNECTION_CLOSE", wire.WholeConnection, 9)
	closing.Application = true
	tests := []struct {
		name     string
		outcome  string
		severity string
		queued   bool
		packets  []wire.Packet
		want     string // part of the contradiction; empty: they agree
	}{
		{"a leak with its reset", Leak, OfStream, false, []wire.Packet{reset}, ""},
		{"a leak without one", Leak, OfStream, false, nil, "no 1-RTT packet"},
		{"a leak whose reset left in 0-RTT", Leak, OfStream, false, []wire.Packet{early}, "no 1-RTT packet"},
		{"a leak whose reset came from the server", Leak, OfStream, false, []wire.Packet{{From: wire.Server, Kind: wire.KindOneRTT, Frames: reset.Frames}}, "no 1-RTT packet"},
		{"a leak with another code", Leak, OfStream, false, []wire.Packet{sentPacket(wire.Client, wire.KindOneRTT, aFrame("RESET_STREAM", 0, Canary+1))}, "no 1-RTT packet"},
		{"a death", Leak, OfConnection, false, []wire.Packet{death}, ""},
		{"a death by what the client sent", Leak, OfConnection, false, []wire.Packet{reset}, ""},
		{"a death that nobody sent", Leak, OfConnection, false, nil, "no packet closes"},
		{"clean", Clean, "", false, []wire.Packet{early, clientFin, serverFin, sentPacket(wire.Client, wire.KindOneRTT, closing)}, ""},
		{"clean, closed before the end of the handshake", Clean, "", false, []wire.Packet{sentPacket(wire.Client, wire.KindHandshake, aFrame("CONNECTION_CLOSE", wire.WholeConnection, applicationError))}, ""},
		{"clean, with a reset", Clean, "", false, []wire.Packet{reset}, "carries a RESET_STREAM of the attempt on stream 0"},
		{"clean, with a reset of a stream that was over", Clean, "", false, []wire.Packet{clientFin, serverFin, reset}, ""},
		{"clean, with a reset of a stream that was half over", Clean, "", false, []wire.Packet{clientFin, reset, serverFin}, "carries a RESET_STREAM"},
		{"clean, with the early datagram", Clean, "", false, []wire.Packet{sentPacket(wire.Client, wire.KindOneRTT, someData("DATAGRAM", EarlyDatagram))}, "carries a DATAGRAM"},
		{"clean, with the last datagram", Clean, "", false, []wire.Packet{sentPacket(wire.Client, wire.KindOneRTT, someData("DATAGRAM", LastDatagram))}, ""},
		{"clean, with early data", Clean, "", false, []wire.Packet{sentPacket(wire.Client, wire.KindOneRTT, someData("STREAM", "\xca\xca"))}, "carries a STREAM"},
		{"clean, and dead", Clean, "", false, []wire.Packet{death}, "closes the connection"},
		{"queued, and left", Clean, "", true, []wire.Packet{early}, "still queued"},
		{"queued", Clean, "", true, []wire.Packet{sentPacket(wire.Client, wire.KindZeroRTT, someData("STREAM", "\xca"))}, ""},
		{"inconclusive", Inconclusive, "", false, []wire.Packet{reset, death}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := Report{Outcome: test.outcome, Severity: test.severity, Proof: Proof{Queued: test.queued}}
			got := r.Agree(wire.Log{Packets: test.packets}, AnyStream)
			if got.Agrees != (test.want == "") || got.Agrees != (got.Why == "") || !strings.Contains(got.Why, test.want) {
				t.Errorf("got %+v, want %q", got, test.want)
			}
		})
	}
}

// TestStraysThatDoNotCount checks that frames on streams that do not count are
// ignored.
func TestStraysThatDoNotCount(t *testing.T) {
	log := wire.Log{Packets: []wire.Packet{sentPacket(wire.Client, wire.KindOneRTT, aFrame("RESET_STREAM", 0, Canary))}}
	later := func(stream int64) bool { return stream >= 4 }
	if w := (Report{Outcome: Clean}).Agree(log, later); !w.Agrees {
		t.Errorf("got %+v", w)
	}
}

// TestUnread checks that packets of the client that cannot be read are
// reported, and that the report is then neither confirmed nor contradicted.
func TestUnread(t *testing.T) {
	opaque := wire.Packet{From: wire.Client, Kind: wire.KindOneRTT, Opaque: "no key is known"}
	w := Report{Outcome: Clean}.Agree(wire.Log{Packets: []wire.Packet{opaque, opaque}}, AnyStream)
	if w.Agrees || w.Why != "" || w.Unread != "2 1-RTT packets of the client could not be read: no key is known" {
		t.Errorf("got %+v", w)
	}
}

// TestCheckRepeated checks that only a clean report is inconclusive if the client
// sent a frame again.
func TestCheckRepeated(t *testing.T) {
	once := wire.Log{Packets: []wire.Packet{sentPacket(wire.Client, wire.KindOneRTT, aFin(4))}}
	twice := wire.Log{Packets: append(once.Packets, sentPacket(wire.Client, wire.KindOneRTT, aFin(4)))}
	twice.Packets[1].Frames[0].Number = 9
	tests := []struct {
		outcome string
		log     wire.Log
		want    string
		why     string
	}{
		{Clean, once, Clean, "as it was"},
		{Clean, twice, Inconclusive, "a timer of the client expired: 1-RTT packet 9 repeats a STREAM of stream 4"},
		{Leak, twice, Leak, "as it was"},
		{Inconclusive, twice, Inconclusive, "as it was"},
	}
	for _, test := range tests {
		r := Report{Outcome: test.outcome, Why: "as it was"}
		r.Check(test.log)
		if r.Outcome != test.want || r.Why != test.why || r.Disturbed != (test.outcome != test.want) {
			t.Errorf("a %s report with %d packets: %+v", test.outcome, len(test.log.Packets), r)
		}
	}
}

// TestCheckSent checks that a report is inconclusive if it says that something left
// before the rejection, and no 0-RTT packet has it.
func TestCheckSent(t *testing.T) {
	early := func(frames ...wire.Frame) wire.Packet {
		return wire.Packet{From: wire.Client, Kind: wire.KindZeroRTT, Frames: frames}
	}
	stop, reset := aFrame("STOP_SENDING", 0, Canary), aFrame("RESET_STREAM", 0, Canary)
	late := sentPacket(wire.Client, wire.KindOneRTT, reset)
	opaque := wire.Packet{From: wire.Client, Kind: wire.KindZeroRTT, Opaque: "no key is known"}
	tests := []struct {
		name    string
		acted   string
		packets []wire.Packet
		missing string // empty: the report stays as it is
	}{
		{"both in one packet", BeforeRejection, []wire.Packet{early(stop, reset)}, ""},
		{"both in two packets", BeforeRejection, []wire.Packet{early(stop), early(reset)}, ""},
		{"the reset later", BeforeRejection, []wire.Packet{early(stop), late}, "the RESET_STREAM of the attempt"},
		{"no reset at all", BeforeRejection, []wire.Packet{early(stop)}, "the RESET_STREAM of the attempt"},
		{"no STOP_SENDING", BeforeRejection, []wire.Packet{early(reset)}, "the STOP_SENDING of the attempt"},
		{"another code", BeforeRejection, []wire.Packet{early(stop, aFrame("RESET_STREAM", 0, Canary+1))}, "the RESET_STREAM of the attempt"},
		{"a packet that cannot be read", BeforeRejection, []wire.Packet{early(stop), opaque}, ""},
		{"an end", AfterRejection, []wire.Packet{early(aFin(0))}, ""},
		{"an end later", AfterNext, []wire.Packet{early(), sentPacket(wire.Client, wire.KindOneRTT, aFin(0))}, "the end of a stream of the attempt"},
	}
	for _, test := range tests {
		for _, outcome := range []string{Leak, Clean} {
			r := Report{Outcome: outcome, Severity: OfStream, Why: "as it was", Proof: Proof{Acted: test.acted, Sent: true}}
			unsaid := r
			unsaid.Proof.Sent = false
			r.Check(wire.Log{Packets: test.packets})
			switch {
			case test.missing == "" && (r.Outcome != outcome || r.Why != "as it was" || !r.Proof.Sent || r.Disturbed):
				t.Errorf("%s: the %s report became %+v", test.name, outcome, r)
			case test.missing != "" && (r.Outcome != Inconclusive || r.Severity != "" || r.Proof.Sent || !r.Disturbed || !strings.Contains(r.Why, test.missing)):
				t.Errorf("%s: the %s report became %+v, want %q missing", test.name, outcome, r, test.missing)
			}
			if unsaid.Check(wire.Log{Packets: test.packets}); unsaid.Outcome != outcome {
				t.Errorf("%s: a report that claims nothing became %+v", test.name, unsaid)
			}
		}
	}
}

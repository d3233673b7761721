package wire

import (
	"cmp"
	"encoding/json"
	"testing"
)

func TestFrameAsJSON(t *testing.T) {
	reset := frame("RESET_STREAM", func(f *Frame) { f.Stream, f.Code, f.FinalSize = 0, canary, 600 })
	reset.From, reset.Packet, reset.Number, reset.US = Client, KindOneRTT, 7, 1234
	end := frame("CONNECTION_CLOSE", func(f *Frame) { f.Code, f.Reason, f.Application = 0, "bye", true })
	end.From, end.Packet = Server, KindHandshake
	for _, tt := range []struct {
		f    Frame
		want string
	}{
		{reset, `{"from":"client","packet":"1-RTT","number":7,"us":1234,"type":"RESET_STREAM","stream":0,"code":4919,"final_size":600}`},
		{end, `{"from":"server","packet":"Handshake","number":0,"us":0,"type":"CONNECTION_CLOSE","stream":-1,"code":0}`},
	} {
		got, err := json.Marshal(tt.f)
		if err != nil || string(got) != tt.want {
			t.Errorf("got %s, %v\nwant %s", got, err, tt.want)
		}
	}
}

// TestTelling checks which frames can show a leak, and counts what could not
// be read.
func TestTelling(t *testing.T) {
	r := started()
	traffic := secretOf(1, 32)
	logSecret(t, r, "CLIENT_TRAFFIC_SECRET_0", traffic)
	k := newPacketKeys(labelsOf(1), traffic)
	for number, payload := range [][]byte{
		{0x01, 0x05, 0x00, 0x01},             // PING STOP_SENDING
		{0x0a, 0x00, 1, 'x', 0x31, 1, 'y'},   // STREAM DATAGRAM
		{0x24, 4, 1, 9, 5, 0x1d, 0, 0, 0x3f}, // RESET_STREAM_AT CONNECTION_CLOSE and an unknown type
		{0x01, 0x3f},
	} {
		r.Sent(sealShort(k, 0, serverID, int64(number), payload), aServer)
	}
	log := r.Decode()
	if types := typesOf(log.Telling()); types != "STOP_SENDING DATAGRAM RESET_STREAM_AT CONNECTION_CLOSE" {
		t.Errorf("telling frames: %s", types)
	}
	if n, why := log.Opaque(Client, KindOneRTT); n != 2 || why != "frame type 0x3f is unknown" || len(log.Packets) != 6 {
		t.Errorf("%d of %d packets are opaque, the first because %s", n, len(log.Packets), why)
	}
	if n, why := log.Opaque(Server, KindOneRTT); n != 0 || why != "" {
		t.Errorf("%d packets of the server are opaque because %s", n, why)
	}
	if telling := (Log{}).Telling(); telling == nil || len(telling) > 0 {
		t.Errorf("Telling returns %#v for an empty log", telling)
	}
}

// TestRepeated checks which frames count as sent again.
func TestRepeated(t *testing.T) {
	sent := func(kind string, stream, offset, code int64) Frame {
		f := NewFrame(kind)
		f.Stream, f.Offset, f.Code = stream, offset, code
		return f
	}
	fin := sent("STREAM", 0, 300, None)
	fin.Fin = true
	data := sent("STREAM", 0, 0, None)
	longer := data
	longer.Fin = true
	reset := sent("RESET_STREAM", 0, None, 7)
	tests := []struct {
		name          string
		first, second Packet
		want          bool
	}{
		{"data", Packet{Frames: []Frame{data}}, Packet{Frames: []Frame{data}}, true},
		{"data with an end", Packet{Frames: []Frame{data}}, Packet{Frames: []Frame{longer}}, true},
		{"an end", Packet{Frames: []Frame{data, fin}}, Packet{Frames: []Frame{fin}}, true},
		{"a reset", Packet{Frames: []Frame{reset}}, Packet{Frames: []Frame{data, reset}}, true},
		{"a stop", Packet{Frames: []Frame{sent("STOP_SENDING", 0, None, 7)}}, Packet{Frames: []Frame{sent("STOP_SENDING", 0, None, 7)}}, true},
		{"in one packet", Packet{Frames: []Frame{reset, reset}}, Packet{}, true},
		{"other data", Packet{Frames: []Frame{data}}, Packet{Frames: []Frame{fin}}, false},
		{"another stream", Packet{Frames: []Frame{data}}, Packet{Frames: []Frame{sent("STREAM", 4, 0, None)}}, false},
		{"another code", Packet{Frames: []Frame{reset}}, Packet{Frames: []Frame{sent("RESET_STREAM", 0, None, 8)}}, false},
		{"another type", Packet{Frames: []Frame{reset}}, Packet{Frames: []Frame{sent("STOP_SENDING", 0, None, 7)}}, false},
		{"a limit", Packet{Frames: []Frame{sent("MAX_STREAMS", WholeConnection, None, None)}}, Packet{Frames: []Frame{sent("MAX_STREAMS", WholeConnection, None, None)}}, false},
		{"a rejected request", Packet{Kind: KindZeroRTT, Frames: []Frame{data}}, Packet{Frames: []Frame{data}}, false},
		{"an echo", Packet{From: Server, Frames: []Frame{data}}, Packet{Frames: []Frame{data}}, false},
	}
	for _, test := range tests {
		log := Log{Packets: []Packet{test.first, test.second}}
		for i := range log.Packets {
			p := &log.Packets[i]
			p.From, p.Kind = cmp.Or(p.From, Client), cmp.Or(p.Kind, KindOneRTT)
		}
		f, again := log.Repeated(Client)
		if again != test.want || again == (f.Type == "") {
			t.Errorf("%s: %v, %+v", test.name, again, f)
		}
	}
}

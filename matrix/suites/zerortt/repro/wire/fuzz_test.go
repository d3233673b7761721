package wire

import "testing"

// FuzzFrames checks that parsing any payload ends, and never finds more than
// it has.
func FuzzFrames(f *testing.F) {
	for _, tt := range frameTests {
		f.Add(tt.b)
		f.Add(append([]byte{0, 0x1e}, tt.b...))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		frames, err := parseFrames(payload)
		if len(frames) > len(payload) {
			t.Errorf("%d frames in %d bytes", len(frames), len(payload))
		}
		if err == nil && len(frames) == 0 && len(payload) > 0 && payload[len(payload)-1] != 0 {
			t.Error("the last byte is neither padding nor of a frame")
		}
		held := 0
		for _, f := range frames {
			held += len(f.Data) + len(f.Reason)
		}
		if held > len(payload) {
			t.Errorf("%d bytes of data in %d", held, len(payload))
		}
	})
}

// FuzzDecode decodes any three datagrams and any key log, after the beginning
// of a connection. The packets must have every byte of the datagrams.
func FuzzDecode(f *testing.F) {
	traffic := secretOf(1, 32)
	k := newPacketKeys(labelsOf(1), traffic)
	keys := "CLIENT_TRAFFIC_SECRET_0 00 " + hexOf(traffic) + "\n"
	coalesced := sealLong(initialOf(firstDCID, Client), 0, serverID, nil, 1, ping)
	coalesced = append(coalesced, sealLong(k, 1, serverID, nil, 1, ping)...)
	f.Add(keys, vector(f, "rfc9001-client"), vector(f, "rfc9001-server"), vector(f, "draft29-client"))
	f.Add(keys, sealShort(k, 0, serverID, 0, ping), sealShort(k, 1, serverID, 1, ping), coalesced)
	other := "CLIENT_TRAFFIC_SECRET_0 00 " + hexOf(secretOf(1, 36)) + "\n"
	f.Add(other, sealShort(k, 0, serverID, 0, ping), sealShort(k, 1, serverID, 0, ping), ping)
	f.Add("", []byte{0x80, 0, 0, 0, 0, 0, 0}, []byte{0x40}, []byte{0xff, 0, 0, 0, 1, 255})
	f.Fuzz(func(t *testing.T, keys string, one, two, three []byte) {
		r := started()
		r.Write([]byte(keys))
		r.Resumes(parseSession(two))
		r.Sent(one, aServer)
		r.Received(two, aServer)
		r.Sent(three, aServer)
		read, want := 0, 0
		for _, p := range r.Decode().Packets {
			read += p.Size
		}
		for _, g := range r.datagrams {
			want += len(g.data)
		}
		if read != want {
			t.Errorf("the packets have %d bytes, their datagrams %d", read, want)
		}
	})
}

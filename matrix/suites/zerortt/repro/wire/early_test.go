package wire

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// A testPacket is a long header packet to be encoded.
type testPacket struct {
	version uint32
	kind    byte   // its type in this version
	token   []byte // of an Initial packet; nil: the packet has no such field
	payload int    // size in bytes, with packet number and tag
}

// bytes encodes the packet (RFC 9000, section 17.2).
func (p testPacket) bytes() []byte {
	b := []byte{0xc0 | p.kind<<4}
	b = binary.BigEndian.AppendUint32(b, p.version)
	b = append(b, 4, 1, 2, 3, 4) // destination connection ID
	b = append(b, 0)             // no source connection ID
	if p.token != nil {
		b = append(b, byte(len(p.token)))
		b = append(b, p.token...)
	}
	b = binary.BigEndian.AppendUint16(b, 0x4000|uint16(p.payload))
	return append(b, bytes.Repeat([]byte{0xff}, p.payload)...)
}

// headerLength is the size of a packet without a token minus that of its
// payload.
const headerLength = 1 + 4 + 5 + 1 + 2

var (
	initial1   = testPacket{1, 0, []byte{}, 200}.bytes()
	tokened1   = testPacket{1, 0, []byte("a token"), 200}.bytes()
	early1     = testPacket{1, 1, nil, 300}.bytes()
	handshake1 = testPacket{1, 2, nil, 100}.bytes()
	retry1     = testPacket{1, 3, nil, 100}.bytes()

	initial2   = testPacket{VersionTwo, 1, []byte{}, 200}.bytes()
	early2     = testPacket{VersionTwo, 2, nil, 300}.bytes()
	handshake2 = testPacket{VersionTwo, 3, nil, 100}.bytes()
	retry2     = testPacket{VersionTwo, 0, nil, 100}.bytes()

	negotiation = testPacket{0, 1, nil, 300}.bytes() // version 0 gives the type no meaning
	oneRTT      = bytes.Repeat([]byte{0x50}, 300)
)

func coalesce(packets ...[]byte) []byte { return bytes.Join(packets, nil) }

func TestZeroRTTBytes(t *testing.T) {
	tests := []struct {
		name     string
		datagram []byte
		want     int
	}{
		{"nothing", nil, 0},
		{"0-RTT alone", early1, headerLength + 300},
		{"two 0-RTT packets", coalesce(early1, early1), 2 * (headerLength + 300)},
		{"behind an Initial", coalesce(initial1, early1), headerLength + 300},
		{"behind an Initial with a token", coalesce(tokened1, early1), headerLength + 300},
		{"before a short header", coalesce(early1, oneRTT), headerLength + 300},
		{"Initial alone", initial1, 0},
		{"Handshake alone", handshake1, 0},
		{"Initial and Handshake", coalesce(initial1, handshake1), 0},
		{"short header", oneRTT, 0},
		{"Retry", retry1, 0},
		{"behind a Retry, whose end nobody knows", coalesce(retry1, early1), 0},
		{"Version Negotiation", negotiation, 0},

		{"version 2, 0-RTT alone", early2, headerLength + 300},
		{"version 2, behind an Initial", coalesce(initial2, early2), headerLength + 300},
		{"version 2, Initial alone", initial2, 0},
		{"version 2, Handshake alone", handshake2, 0},
		{"version 2, Retry", coalesce(retry2, early2), 0},
		{"another version's Initial", testPacket{0xff00001d, 0, []byte{}, 50}.bytes(), 0},
		{"another version's 0-RTT", testPacket{0xff00001d, 1, nil, 50}.bytes(), headerLength + 50},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := ZeroRTTBytes(test.datagram); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// TestZeroRTTBytesCutShort cuts a datagram at every byte. A packet counts only
// if it is complete.
func TestZeroRTTBytesCutShort(t *testing.T) {
	all := coalesce(tokened1, early1, early1)
	first, second := len(tokened1)+len(early1), len(all)
	for n := range all {
		want := 0
		if n >= first {
			want = len(early1)
		}
		if got := ZeroRTTBytes(all[:n]); got != want {
			t.Errorf("cut to %d of %d bytes: got %d, want %d", n, second, got, want)
		}
	}
}

// FuzzZeroRTTBytes checks that no datagram makes it panic or hang, or has more
// 0-RTT bytes than bytes. What follows complete packets with a length counts
// as it does alone.
func FuzzZeroRTTBytes(f *testing.F) {
	for _, seed := range [][]byte{nil, initial1, early1, retry1, early2, negotiation, oneRTT, coalesce(tokened1, early1)} {
		f.Add(seed)
	}
	f.Add(early1[:9])
	f.Add(append(early1[:11:11], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)) // a length of 2^62-1
	f.Add([]byte{0x80, 0, 0, 0, 1, 0xff, 0, 0})                                   // connection IDs longer than the rest
	f.Fuzz(func(t *testing.T, b []byte) {
		alone := ZeroRTTBytes(b)
		if alone < 0 || alone > len(b) {
			t.Fatalf("%d of %d bytes", alone, len(b))
		}
		if got, want := ZeroRTTBytes(coalesce(initial1, early1, b)), len(early1)+alone; got != want {
			t.Errorf("behind others: got %d, want %d", got, want)
		}
	})
}

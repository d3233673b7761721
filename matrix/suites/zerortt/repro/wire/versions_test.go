package wire

import (
	"encoding/binary"
	"errors"
	"net"
	"testing"
	"time"
)

// long returns the beginning of a packet with a long header. For version 0 it
// is a Version Negotiation packet that offers more.
func long(version uint32, more ...uint32) []byte {
	b := append(binary.BigEndian.AppendUint32([]byte{0xc0}, version), 2, 1, 2, 3, 4, 5, 6)
	if version != 0 {
		return append(b, 0, 0) // no token, length 0
	}
	for _, v := range more {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

func TestVersions(t *testing.T) {
	type packet struct {
		from string
		data []byte
	}
	hello := packet{Client, long(1)}
	tests := []struct {
		name       string
		packets    []packet
		err        string // of the dial, as Explain returns it
		negotiated uint32
	}{
		{"silence", []packet{hello}, "no", 0},
		{"nothing", nil, "no", 0},
		{"the first one", []packet{hello, {Server, long(1)}, {Server, []byte{0x40, 1, 2}}}, "no", 0},
		{"another one", []packet{hello, {Server, long(0, 0x1a2a3a4a, 0xff00001d)}, {Client, long(0xff00001d)}, {Server, long(0xff00001d)}}, "no", 0xff00001d},
		{
			"none", []packet{hello, {Server, long(0, VersionTwo, 0xfacaaa3a, 0xff00001d, 7)}},
			"the client and the server share no QUIC version: the client tried v1, the server offers 0x7, v2, draft-29", 0,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := NewRecorder(&net.UDPAddr{}, time.Now())
			for _, p := range test.packets {
				r.note(p.from, p.data, &net.UDPAddr{})
			}
			if got := r.Explain(errors.New("no")).Error(); got != test.err {
				t.Errorf("got %s", got)
			}
			if got := r.Negotiated(); test.negotiated != 0 && got != test.negotiated {
				t.Errorf("negotiated: %#x", got)
			}
		})
	}
}

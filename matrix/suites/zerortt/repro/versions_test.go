package main

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/quic-go/quic-go"
)

// long makes the beginning of a long header packet.
func long(version uint32, more ...uint32) []byte {
	b := append(binary.BigEndian.AppendUint32([]byte{0xc0}, version), 2, 1, 2, 3, 4, 5, 6)
	if version != 0 {
		return append(b, 0, 0) // no token, no more
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
	hello := packet{clientSide, long(1)}
	tests := []struct {
		name       string
		packets    []packet
		err        string // of a dial that did not go well
		negotiated uint32
	}{
		{"silence", []packet{hello}, "no", 0},
		{"nothing", nil, "no", 0},
		{"the first one", []packet{hello, {serverSide, long(1)}, {serverSide, []byte{0x40, 1, 2}}}, "no", 0},
		{"another one", []packet{hello, {serverSide, long(0, 0x1a2a3a4a, 0xff00001d)}, {clientSide, long(0xff00001d)}, {serverSide, long(0xff00001d)}}, "no", 0xff00001d},
		{
			"none", []packet{hello, {serverSide, long(0, versionTwo, 0xfacaaa3a, 0xff00001d, 7)}},
			"the client and the server share no QUIC version: the client tried v1, the server offers 0x7, v2, draft-29", 0,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRecorder(&net.UDPAddr{}, time.Now())
			for _, p := range test.packets {
				r.note(p.from, p.data, &net.UDPAddr{})
			}
			if got := explain(r, errors.New("no")).Error(); got != test.err {
				t.Errorf("got %s", got)
			}
			if got := negotiated(r); test.negotiated != 0 && got != test.negotiated {
				t.Errorf("negotiated: %#x", got)
			}
		})
	}
}

// TestNoVersion has a trial with a server that speaks another version alone.
func TestNoVersion(t *testing.T) {
	control, _ := find("control")
	control.first.version = 1
	r, _ := try(control, 0, func(j *journal, s scenario, n int) (servers, error) {
		s.first.version, s.second.version = versionTwo, versionTwo
		return startPair(j, s, n)
	})
	want := "the client and the server share no QUIC version: the client tried v1, the server offers v2"
	if r.Outcome != inconclusive || !r.Unsupported || r.Why != want {
		t.Errorf("got %+v", r)
	}
}

// TestOtherVersion has one with a server that does not speak the client's first
// choice: the attempt must be made in the version that they share.
func TestOtherVersion(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, name := range []string{"control", "planted"} {
		s, _ := find(name)
		r, wire := try(s, 0, func(j *journal, s scenario, n int) (servers, error) {
			s.first.version, s.second.version = versionTwo, versionTwo
			return startPair(j, s, n)
		})
		if r.Outcome == inconclusive || ctx.Err() != nil {
			t.Errorf("%s: got %+v", name, r)
		}
		if tried, spoken, offered := wire.versions(); tried != versionTwo || spoken != versionTwo || offered != nil {
			t.Errorf("%s: the attempt tried %#x, spoke %#x, was offered %#x", name, tried, spoken, offered)
		}
	}
}

// TestSpeak changes nothing else.
func TestSpeak(t *testing.T) {
	c, want := new(quic.Config), new(quic.Config)
	speak(0, c)
	if diff := cmp.Diff(want.Versions, c.Versions); diff != "" {
		t.Error(diff)
	}
	speak(versionTwo, c)
	if diff := cmp.Diff([]quic.Version{quic.Version2}, c.Versions); diff != "" {
		t.Error(diff)
	}
}

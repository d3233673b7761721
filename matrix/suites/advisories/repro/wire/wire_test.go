package wire

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// TestInitialKeys checks the keys of the example in RFC 9001, appendix A.1, by the header
// protection mask of appendix A.2.
func TestInitialKeys(t *testing.T) {
	id, _ := hex.DecodeString("8394c8f03e515708")
	client, _ := InitialKeys(VersionOne, id)
	if got, want := hex.EncodeToString(client.iv), "fa044b2f42a3fd3b46fb255c"; got != want {
		t.Errorf("the IV is %s, want %s", got, want)
	}
	sample, _ := hex.DecodeString("d1b1c98dd7689fb8ec11d242b123dc9b")
	mask := client.maskOf(append(make([]byte, 4), sample...), 0)
	if got, want := hex.EncodeToString(mask[:5]), "437b9aec36"; got != want {
		t.Errorf("the mask is %s, want %s", got, want)
	}
}

// TestPackets checks that packets of all levels come back from a datagram as they were,
// also behind a key update.
func TestPackets(t *testing.T) {
	dst, src := []byte("dst-id-8"), []byte("src")
	keys, other := InitialKeys(VersionOne, dst)
	var datagram []byte
	want := []Packet{
		{Level: Initial, Version: VersionOne, Dst: dst, Src: src, Number: 3, Payload: []byte("initial")},
		{Level: Handshake, Version: VersionOne, Dst: dst, Src: src, Number: 0, Payload: []byte("handshake")},
		{Level: OneRTT, Dst: dst, Number: 1 << 33, Payload: []byte("application")},
	}
	largest := map[Level]int64{Initial: -1, Handshake: -1, OneRTT: 1<<33 - 5}
	for _, p := range want {
		datagram = keys.Seal(datagram, p)
	}
	for _, p := range want {
		h, rest, err := ReadHeader(datagram, len(dst))
		if err != nil || h.Other {
			t.Fatalf("%s: %v", p.Level, err)
		}
		if _, err := other.Open(h, largest[p.Level]); err == nil {
			t.Errorf("%s: other keys open it", p.Level)
		}
		if _, err := keys.Updated().Open(h, largest[p.Level]); (err == ErrPhase) != (p.Level == OneRTT) {
			t.Errorf("%s: the keys of another phase: %v", p.Level, err)
		}
		got, err := keys.Open(h, largest[p.Level])
		if err != nil || got.Number != p.Number || !bytes.Equal(got.Payload, p.Payload) || !bytes.Equal(got.Dst, p.Dst) || !bytes.Equal(got.Src, p.Src) {
			t.Errorf("got %+v (%v), want %+v", got, err, p)
		}
		datagram = rest
	}
}

// TestCutOff checks that no beginning of a datagram makes the reader panic or succeed.
func TestCutOff(t *testing.T) {
	keys, _ := InitialKeys(VersionOne, []byte("12345678"))
	whole := keys.Seal(nil, Packet{Level: Initial, Version: VersionOne, Dst: []byte("12345678"), Number: 0, Payload: make([]byte, 40)})
	for n := range whole {
		if _, _, err := ReadHeader(whole[:n], 8); err == nil {
			t.Errorf("%d of %d bytes are a packet", n, len(whole))
		}
	}
}

// TestFrames checks that frames come back as they were written.
func TestFrames(t *testing.T) {
	acked := []Range{{90, 100}, {50, 80}, {7, 7}}
	b := AppendAck(nil, acked)
	b = AppendCrypto(b, 70000, []byte("crypto"))
	b = AppendStream(append(b, 0, 0), 4, 9, []byte("stream"), true)
	b = AppendPath(b, TypePathChallenge, []byte("8 bytes."))
	b = AppendNewConnectionID(b, 5, 4, []byte("id"))
	got, err := ReadFrames(append(b, TypeHandshakeDone))
	if err != nil || len(got) != 6 {
		t.Fatalf("got %+v (%v)", got, err)
	}
	for i, r := range acked {
		if got[0].Acked[i] != r {
			t.Errorf("acked %v, want %v", got[0].Acked, acked)
		}
	}
	if f := got[1]; f.Offset != 70000 || string(f.Data) != "crypto" {
		t.Errorf("CRYPTO: %+v", f)
	}
	if f := got[2]; f.Type != TypeStream || f.ID != 4 || f.Offset != 9 || string(f.Data) != "stream" || !f.Fin {
		t.Errorf("STREAM: %+v", f)
	}
	if f := got[3]; string(f.Data) != "8 bytes." {
		t.Errorf("PATH_CHALLENGE: %+v", f)
	}
	if f := got[4]; f.ID != 5 || string(f.Data) != "id" {
		t.Errorf("NEW_CONNECTION_ID: %+v", f)
	}
	for n := range b {
		_, _ = ReadFrames(b[:n]) // must not panic
	}
}

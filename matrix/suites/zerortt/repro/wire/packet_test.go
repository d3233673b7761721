package wire

import (
	"testing"

	"pgregory.net/rapid"
)

func TestExpandNumber(t *testing.T) {
	for _, tt := range []struct {
		truncated int64
		bits      uint
		largest   int64
		want      int64
	}{
		{0x9b32, 16, 0xa82f30ea, 0xa82f9b32}, // the example of RFC 9000, appendix A.3
		{0, 8, None, 0},
		{255, 8, None, 255}, // there are no numbers below zero
		{0, 8, 255, 256},
		{255, 8, 256, 255},
		{1<<32 - 1, 32, 1<<62 - 2, 1<<62 - 1}, // nor above 1<<62 - 1
	} {
		if got := expandNumber(tt.truncated, tt.bits, tt.largest); got != tt.want {
			t.Errorf("%#x in %d bits after %d: %#x, want %#x", tt.truncated, tt.bits, tt.largest, got, tt.want)
		}
	}
}

// TestExpandNumberFindsAllNear checks all numbers that a sender may shorten:
// they are less than half a window away from the expected one.
func TestExpandNumberFindsAllNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := uint(rapid.IntRange(1, 4).Draw(t, "bytes")) * 8
		half := int64(1) << (bits - 1)
		largest := rapid.Int64Range(None, 1<<62-2).Draw(t, "largest")
		number := largest + 1 + rapid.Int64Range(1-half, half).Draw(t, "distance")
		if number < 0 || number >= 1<<62 {
			t.Skip("no packet has it")
		}
		if got := expandNumber(number&(1<<bits-1), bits, largest); got != number {
			t.Fatalf("got %d, want %d", got, number)
		}
	})
}

// TestVarints has the examples of RFC 9000, appendix A.1.
func TestVarints(t *testing.T) {
	for text, want := range map[string]uint64{
		"c2197c5eff14e88c": 151288809941952652,
		"9d7f3e7d":         494878333,
		"7bbd":             15293,
		"25":               37,
		"4025":             37,
	} {
		b := unhex(t, text)
		c := cursor{b: append(b, 1)}
		if got := c.varint(); got != want || len(c.b) != 1 || c.short {
			t.Errorf("%s: %d with %d bytes left, want %d with 1", text, got, len(c.b), want)
		}
		for n := range b {
			if c := (cursor{b: b[:n]}); c.varint() != 0 || !c.short {
				t.Errorf("%s: %d bytes are taken for all", text, n)
			}
		}
	}
}

// TestLongHeaders checks the kinds of packets in both numberings.
func TestLongHeaders(t *testing.T) {
	k := newPacketKeys(labelsOf(1), secretOf(1, 32))
	for version, kinds := range map[uint32][]string{
		1:               {KindInitial, KindZeroRTT, KindHandshake},
		0xff00001d:      {KindInitial, KindZeroRTT, KindHandshake},
		VersionTwo:      {KindRetry, KindInitial, KindZeroRTT, KindHandshake},
		draftVersionTwo: {KindRetry, KindInitial, KindZeroRTT, KindHandshake},
	} {
		for number, kind := range kinds {
			b := sealVersion(k, version, byte(number), firstDCID, serverID, 0, ping)
			h, ok := parseLongHeader(append(b, 1, 2, 3))
			end := len(b)
			if kind == KindRetry {
				end += 3 // it extends to the end of the datagram
			}
			if !ok || h.kind != kind || h.end != end || string(h.dcid) != string(firstDCID) || string(h.scid) != string(serverID) {
				t.Errorf("version %#x, type %d: %+v, want %s", version, number, h, kind)
			}
		}
	}
}

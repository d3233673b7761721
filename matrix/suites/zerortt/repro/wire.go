package main

import "encoding/binary"

// versionTwo is QUIC version 2, whose long header types are numbered anew
// (RFC 9369, section 3.2).
const versionTwo = 0x6b3343cf

// The types of long header packets, as version 1 numbers them.
const (
	initialPacket = 0
	zeroRTTPacket = 1
	retryPacket   = 3
)

// zeroRTTBytes returns how many bytes of a datagram are 0-RTT packets, alone or
// coalesced with others (RFC 9000, sections 12.2 and 17.2).
func zeroRTTBytes(b []byte) int {
	total := 0
	for {
		kind, ok := longPacketKind(b)
		if !ok {
			return total
		}
		length, ok := longPacketLength(b, kind)
		if !ok {
			return total
		}
		if kind == zeroRTTPacket {
			total += length
		}
		b = b[length:]
	}
}

// beginsEarly reports whether the first packet of a datagram is a 0-RTT packet.
func beginsEarly(b []byte) bool {
	kind, ok := longPacketKind(b)
	return ok && kind == zeroRTTPacket
}

// longPacketKind returns the type of the long header packet that b begins with,
// as version 1 numbers them. It is not ok where there is none, or where it is a
// Version Negotiation packet, which has no type.
func longPacketKind(b []byte) (kind byte, ok bool) {
	if len(b) < 7 || b[0]&0x80 == 0 {
		return 0, false
	}
	version := binary.BigEndian.Uint32(b[1:5])
	kind = b[0] >> 4 & 3
	if version == versionTwo {
		kind = (kind + 3) & 3 // its types are those of version 1, plus one
	}
	return kind, version != 0
}

// longPacketLength measures the long header packet that b begins with. It is
// not ok where the packet carries no length (Retry) or is cut short.
func longPacketLength(b []byte, kind byte) (length int, ok bool) {
	if kind == retryPacket {
		return 0, false
	}
	at := 5
	for i := 0; i < 2; i++ { // destination and source connection ID
		if at >= len(b) {
			return 0, false
		}
		at += 1 + int(b[at])
	}
	if kind == initialPacket { // it has a token
		if at, ok = measured(b, at); !ok {
			return 0, false
		}
	}
	return measured(b, at)
}

// measured returns the offset behind a field that begins at an offset with its
// own length, a variable-length integer (RFC 9000, section 16). It is not ok
// where the field is cut short.
func measured(b []byte, at int) (end int, ok bool) {
	if at >= len(b) {
		return 0, false
	}
	n := 1 << (b[at] >> 6)
	if at+n > len(b) {
		return 0, false
	}
	value := uint64(b[at] & 0x3f)
	for _, c := range b[at+1 : at+n] {
		value = value<<8 | uint64(c)
	}
	if value > uint64(len(b)-at-n) {
		return 0, false
	}
	return at + n + int(value), true
}

package main

import "encoding/binary"

// versionTwo is QUIC version 2, whose long header types are numbered anew
// (RFC 9369, section 3.2).
const versionTwo = 0x6b3343cf

// hasZeroRTT reports whether a datagram carries a 0-RTT packet, alone or
// coalesced behind others (RFC 9000, sections 12.2 and 17.2).
func hasZeroRTT(b []byte) bool {
	for len(b) >= 7 && b[0]&0x80 != 0 {
		version := binary.BigEndian.Uint32(b[1:5])
		if version == 0 {
			return false // Version Negotiation has no type
		}
		kind := b[0] >> 4 & 3
		if version == versionTwo {
			kind = (kind + 3) & 3 // its types are those of version 1, plus one
		}
		if kind == 1 {
			return true
		}
		length, ok := longPacketLength(b, kind)
		if !ok || length > len(b) {
			return false
		}
		b = b[length:]
	}
	return false
}

// longPacketLength measures the long header packet that b begins with; its
// kind is the type as version 1 numbers them. It is not ok where the packet
// carries no length (Retry) or is cut short.
func longPacketLength(b []byte, kind byte) (length int, ok bool) {
	const retry = 3
	if kind == retry {
		return 0, false
	}
	at := 5
	for i := 0; i < 2; i++ { // destination and source connection ID
		if at >= len(b) {
			return 0, false
		}
		at += 1 + int(b[at])
	}
	if kind == 0 { // an Initial packet has a token
		token, n := varint(b, at)
		if n == 0 {
			return 0, false
		}
		at += n + int(token)
	}
	payload, n := varint(b, at)
	if n == 0 {
		return 0, false
	}
	return at + n + int(payload), true
}

// varint reads a variable-length integer at an offset, and says how many bytes
// it takes: none where it is cut short (RFC 9000, section 16).
func varint(b []byte, at int) (value uint64, n int) {
	if at < 0 || at >= len(b) {
		return 0, 0
	}
	n = 1 << (b[at] >> 6)
	if at+n > len(b) {
		return 0, 0
	}
	value = uint64(b[at] & 0x3f)
	for _, c := range b[at+1 : at+n] {
		value = value<<8 | uint64(c)
	}
	return value, n
}

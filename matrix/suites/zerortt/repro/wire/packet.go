package wire

// The kinds of packets, with their names in RFC 9000 (section 17).
const (
	KindInitial     = "Initial"
	KindZeroRTT     = "0-RTT"
	KindHandshake   = "Handshake"
	KindRetry       = "Retry"
	KindOneRTT      = "1-RTT"
	KindNegotiation = "Version Negotiation"
	KindUnknown     = "unknown" // bytes that are not a packet
)

// The packet number spaces (RFC 9000, section 12.3).
const (
	spaceInitial = iota
	spaceHandshake
	spaceApplication
	numSpaces
)

// VersionTwo is QUIC version 2 (RFC 9369), which numbers the packet types
// differently.
const VersionTwo = 0x6b3343cf

// draftVersionTwo is the draft of version 2 that v0.28 to v0.31 speak.
const draftVersionTwo = 0x709a50c4

// isVersionTwo reports whether a version numbers the packet types as version 2
// does.
func isVersionTwo(version uint32) bool {
	return version == VersionTwo || version == draftVersionTwo
}

// longKinds are the kinds of packets with a long header, by their type in
// version 1.
var longKinds = [4]string{KindInitial, KindZeroRTT, KindHandshake, KindRetry}

// A header is the unprotected part of a packet, and the position of the rest.
type header struct {
	kind       string
	version    uint32 // only in a long header
	dcid, scid []byte // only in a long header
	numberAt   int    // offset of the packet number; 0 if the packet has none
	end        int    // offset of the end of the packet
}

// isLong reports whether b begins with a long header.
func isLong(b []byte) bool { return len(b) > 0 && b[0]&0x80 != 0 }

// parseLongHeader parses the long header at the beginning of b (RFC 9000,
// sections 17.2 and 12.2). ok is false if the header or the packet is cut
// short.
func parseLongHeader(b []byte) (h header, ok bool) {
	c := cursor{b: b}
	first := c.byte()
	h.version = c.uint32()
	h.dcid = c.bytes(uint64(c.byte()))
	h.scid = c.bytes(uint64(c.byte()))
	h.end = len(b)
	if h.version == 0 {
		h.kind = KindNegotiation
		return h, !c.short
	}
	number := first >> 4 & 3
	if isVersionTwo(h.version) {
		number = (number + 3) & 3 // version 2 adds one to the types of version 1
	}
	if h.kind = longKinds[number]; h.kind == KindRetry {
		return h, !c.short
	}
	if h.kind == KindInitial {
		c.bytes(c.varint()) // the token
	}
	length := c.varint()
	h.numberAt = len(b) - len(c.b)
	c.bytes(length)
	h.end = len(b) - len(c.b)
	return h, !c.short
}

// space returns the packet number space of the packet.
func (h header) space() int {
	switch h.kind {
	case KindInitial:
		return spaceInitial
	case KindHandshake:
		return spaceHandshake
	default:
		return spaceApplication
	}
}

// expandNumber returns the full packet number, given its low bits and the
// largest number seen so far, or None (RFC 9000, appendix A.3).
func expandNumber(truncated int64, bits uint, largest int64) int64 {
	expected := largest + 1
	window := int64(1) << bits
	candidate := expected&^(window-1) | truncated
	switch {
	case candidate <= expected-window/2 && candidate < 1<<62-window:
		return candidate + window
	case candidate > expected+window/2 && candidate >= window:
		return candidate - window
	default:
		return candidate
	}
}

package wire

// The kinds of packets, as RFC 9000 calls them (section 17).
const (
	KindInitial     = "Initial"
	KindZeroRTT     = "0-RTT"
	KindHandshake   = "Handshake"
	KindRetry       = "Retry"
	KindOneRTT      = "1-RTT"
	KindNegotiation = "Version Negotiation"
	KindUnknown     = "unknown" // bytes behind a packet that are None
)

// The number spaces of packets (RFC 9000, section 12.3).
const (
	spaceInitial = iota
	spaceHandshake
	spaceApplication
	spaces
)

// VersionTwo is version 2 (RFC 9369), which numbers the types of packets anew.
const VersionTwo = 0x6b3343cf

// draftVersionTwo is the draft of version 2 that v0.28 to v0.31 speak.
const draftVersionTwo = 0x709a50c4

// isVersionTwo reports whether a version is one of those that number the types of
// packets anew.
func isVersionTwo(version uint32) bool {
	return version == VersionTwo || version == draftVersionTwo
}

// longKinds are the kinds of long header packets, as version 1 numbers them.
var longKinds = [4]string{KindInitial, KindZeroRTT, KindHandshake, KindRetry}

// A header is what of a packet is not protected, and where the rest lies.
type header struct {
	kind       string
	version    uint32 // of a long header
	dcid, scid []byte // of a long header
	numberAt   int    // offset of the packet number; 0 where there is None
	end        int    // offset behind the packet
}

// isLong reports whether a packet begins with a long header.
func isLong(b []byte) bool { return len(b) > 0 && b[0]&0x80 != 0 }

// parseLongHeader parses the long header that b begins with (RFC 9000, sections
// 17.2 and 12.2). It is not ok where the header or the packet is cut short.
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
		number = (number + 3) & 3 // those of version 1, plus one
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

// space returns the number space of the packet.
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

// expandNumber completes a packet number of which only the low bits were sent,
// given the largest that was seen, or -1 (RFC 9000, appendix A.3).
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

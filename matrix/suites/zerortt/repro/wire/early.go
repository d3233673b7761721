package wire

// BeginsEarly reports whether the first packet of a datagram is a 0-RTT
// packet.
func BeginsEarly(b []byte) bool {
	if !isLong(b) {
		return false
	}
	h, ok := parseLongHeader(b)
	return ok && h.kind == KindZeroRTT
}

// ZeroRTTBytes returns how many bytes of a datagram belong to 0-RTT packets,
// alone or coalesced with others (RFC 9000, sections 12.2 and 17.2).
func ZeroRTTBytes(b []byte) int {
	total := 0
	for isLong(b) {
		h, ok := parseLongHeader(b)
		if !ok || h.numberAt == 0 {
			break // cut short, or a packet without a length, which is the last one
		}
		if h.kind == KindZeroRTT {
			total += h.end
		}
		b = b[h.end:]
	}
	return total
}

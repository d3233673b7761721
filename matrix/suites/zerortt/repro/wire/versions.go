package wire

import (
	"fmt"
	"sort"
	"strings"
)

// A NoVersionError reports that the two sides have no version of QUIC in
// common.
type NoVersionError struct {
	Tried   uint32   // by the client
	Offered []uint32 // by the server
}

// Error names the version that the client tried and those that the server offers.
func (e *NoVersionError) Error() string {
	var offered []string
	for _, v := range e.Offered {
		offered = append(offered, versionName(v))
	}
	return fmt.Sprintf("the client and the server share no QUIC version: the client tried %s, the server offers %s",
		versionName(e.Tried), strings.Join(offered, ", "))
}

// Explain returns a *NoVersionError instead of the error of a dial, if the
// server sent a Version Negotiation packet and nothing else (RFC 9000, section
// 6). Otherwise it returns err. Each API era has an error of its own for this,
// or none.
func (r *Recorder) Explain(err error) error {
	tried, spoken, offered := r.Versions()
	if spoken == 0 && len(offered) > 0 {
		return &NoVersionError{tried, offered}
	}
	return err
}

// Negotiated returns the version of the connection if the client first tried
// another one, and 0 otherwise.
func (r *Recorder) Negotiated() uint32 {
	if tried, spoken, _ := r.Versions(); spoken != tried {
		return spoken
	}
	return 0
}

// Versions returns the version that the client tried first, the one in which
// the server answered, or 0, and those that its Version Negotiation packet
// offers.
func (r *Recorder) Versions() (tried, spoken uint32, offered []uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range r.datagrams {
		h, ok := parseLongHeader(g.data)
		switch {
		case !isLong(g.data) || !ok:
		case g.from == Client && tried == 0:
			tried = h.version
		case g.from == Server && h.kind == KindNegotiation:
			offered = parseOffered(g.data[7+len(h.dcid)+len(h.scid):])
		case g.from == Server:
			spoken = h.version
		}
	}
	return tried, spoken, offered
}

// parseOffered parses the versions in a Version Negotiation packet, sorted. It
// leaves out reserved ones, which have no meaning (RFC 9000, section 15).
func parseOffered(b []byte) []uint32 {
	var all []uint32
	for c := (cursor{b: b}); len(c.b) >= 4; {
		if v := c.uint32(); v&0x0f0f0f0f != 0x0a0a0a0a {
			all = append(all, v)
		}
	}
	sort.Slice(all, func(i, k int) bool { return all[i] < all[k] }) // some releases shuffle them
	return all
}

// versionName returns the usual name of a version.
func versionName(v uint32) string {
	switch {
	case v == 1:
		return "v1"
	case v == VersionTwo:
		return "v2"
	case v>>8 == 0xff0000:
		return fmt.Sprintf("draft-%d", v&0xff)
	default:
		return fmt.Sprintf("%#x", v)
	}
}

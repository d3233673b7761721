package wire

import (
	"fmt"
	"sort"
	"strings"
)

// A NoVersionError says that the two sides share no version of QUIC.
type NoVersionError struct {
	Tried   uint32   // by the client
	Offered []uint32 // by the server
}

func (e *NoVersionError) Error() string {
	var offered []string
	for _, v := range e.Offered {
		offered = append(offered, versionName(v))
	}
	return fmt.Sprintf("the client and the server share no QUIC version: the client tried %s, the server offers %s",
		versionName(e.Tried), strings.Join(offered, ", "))
}

// Explain returns a dial's error, in the words of what was on the wire where that
// was a Version Negotiation packet and nothing else of the server's (RFC 9000,
// section 6): each API era has its own error for it, or none.
func (r *Recorder) Explain(err error) error {
	tried, spoken, offered := r.Versions()
	if spoken == 0 && len(offered) > 0 {
		return &NoVersionError{tried, offered}
	}
	return err
}

// Negotiated returns the version that a connection speaks where the client had
// begun with another one, and 0 elsewhere.
func (r *Recorder) Negotiated() uint32 {
	if tried, spoken, _ := r.Versions(); spoken != tried {
		return spoken
	}
	return 0
}

// Versions returns the version that the client tried first, the one that the
// server answered in (0: none), and those that its Version Negotiation offers.
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
			offered = offers(g.data[7+len(h.dcid)+len(h.scid):])
		case g.from == Server:
			spoken = h.version
		}
	}
	return tried, spoken, offered
}

// offers reads the versions of a Version Negotiation packet, but for those that
// are reserved and mean nothing (RFC 9000, section 15).
func offers(b []byte) []uint32 {
	var all []uint32
	for c := (cursor{b: b}); len(c.b) >= 4; {
		if v := c.uint32(); v&0x0f0f0f0f != 0x0a0a0a0a {
			all = append(all, v)
		}
	}
	sort.Slice(all, func(i, k int) bool { return all[i] < all[k] }) // some releases shuffle them
	return all
}

// versionName names a version as people do.
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

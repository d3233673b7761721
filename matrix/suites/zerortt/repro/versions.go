package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"

	"github.com/quic-go/quic-go"
)

// A noVersionError says that the two sides share no version of QUIC.
type noVersionError struct {
	tried   uint32   // by the client
	offered []uint32 // by the server
}

func (e *noVersionError) Error() string {
	var offered []string
	for _, v := range e.offered {
		offered = append(offered, versionName(v))
	}
	return fmt.Sprintf("the client and the server share no QUIC version: the client tried %s, the server offers %s",
		versionName(e.tried), strings.Join(offered, ", "))
}

// explain returns a dial's error, in the words of what was on the wire where that
// was a Version Negotiation packet and nothing else of the server's (RFC 9000,
// section 6): each API era has its own error for it, or none.
func explain(wire *recorder, err error) error {
	tried, spoken, offered := wire.versions()
	if spoken == 0 && len(offered) > 0 {
		return &noVersionError{tried, offered}
	}
	return err
}

// negotiated returns the version that a connection speaks where the client had
// begun with another one, and 0 elsewhere.
func negotiated(wire *recorder) uint32 {
	if tried, spoken, _ := wire.versions(); spoken != tried {
		return spoken
	}
	return 0
}

// versions returns the version that the client tried first, the one that the
// server answered in (0: none), and those that its Version Negotiation offers.
func (r *recorder) versions() (tried, spoken uint32, offered []uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range r.datagrams {
		h, ok := parseLongHeader(g.data)
		switch {
		case !isLong(g.data) || !ok:
		case g.from == clientSide && tried == 0:
			tried = h.version
		case g.from == serverSide && h.kind == kindNegotiation:
			offered = offers(g.data[7+len(h.dcid)+len(h.scid):])
		case g.from == serverSide:
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
	case v == versionTwo:
		return "v2"
	case v>>8 == 0xff0000:
		return fmt.Sprintf("draft-%d", v&0xff)
	default:
		return fmt.Sprintf("%#x", v)
	}
}

// speak makes a configuration speak one version of QUIC alone. The type of a
// version has had two names; the field is the same.
func speak(version uint32, c *quic.Config) {
	if version == 0 {
		return
	}
	field := reflect.ValueOf(c).Elem().FieldByName("Versions")
	one := reflect.MakeSlice(field.Type(), 1, 1)
	one.Index(0).SetUint(uint64(version))
	field.Set(one)
}

package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
)

// Sizes of headers without options, in bytes, and the protocol number of UDP.
const (
	ipv4Header = 20
	ipv6Header = 40
	udpHeader  = 8
	udp        = 17
)

// Header fields that every packet has and no trial depends on.
const (
	hopLimit     = 64
	dontFragment = 0x4000
)

// packet returns the IP packet that carries a datagram.
func (d Datagram) packet() ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	segment := d.segment()
	if d.From.Addr().Is4() {
		return append(ipv4(d.From.Addr(), d.To.Addr(), len(segment)), segment...), nil
	}
	return append(ipv6(d.From.Addr(), d.To.Addr(), len(segment)), segment...), nil
}

// maxData is how many bytes fit into a datagram of either version of IP. The 16-bit
// total length of IPv4 is the tighter limit.
const maxData = 1<<16 - 1 - ipv4Header - udpHeader

// check reports an error if an IP packet cannot carry the datagram.
func (d Datagram) check() error {
	from, to := d.From.Addr(), d.To.Addr()
	switch {
	case !d.From.IsValid() || !d.To.IsValid():
		return errors.New("it has no address")
	case from.Is4() != to.Is4():
		return fmt.Errorf("its addresses, %s and %s, are of two versions of IP", from, to)
	case len(d.Data) > maxData:
		return fmt.Errorf("it has %d bytes: a datagram has at most %d", len(d.Data), maxData)
	}
	return nil
}

// segment returns the UDP header and the data.
func (d Datagram) segment() []byte {
	b := make([]byte, udpHeader, udpHeader+len(d.Data))
	binary.BigEndian.PutUint16(b[0:], d.From.Port())
	binary.BigEndian.PutUint16(b[2:], d.To.Port())
	binary.BigEndian.PutUint16(b[4:], uint16(udpHeader+len(d.Data)))
	b = append(b, d.Data...)
	// The checksum also covers the pseudo header: addresses, protocol and length.
	// IPv6 has 32 bits for the length there, which does not change the sum.
	pseudo := append(d.From.Addr().AsSlice(), d.To.Addr().AsSlice()...)
	pseudo = binary.BigEndian.AppendUint16(pseudo, udp)
	pseudo = binary.BigEndian.AppendUint16(pseudo, uint16(len(b)))
	sum := checksum(pseudo, b)
	if sum == 0 {
		sum = 0xffff // the same number in ones' complement; 0 would mean no checksum
	}
	binary.BigEndian.PutUint16(b[6:], sum)
	return b
}

// ipv4 returns the header of a packet with length bytes of payload.
func ipv4(from, to netip.Addr, length int) []byte {
	b := make([]byte, ipv4Header)
	b[0] = 4<<4 | ipv4Header/4
	binary.BigEndian.PutUint16(b[2:], uint16(ipv4Header+length))
	binary.BigEndian.PutUint16(b[6:], dontFragment)
	b[8], b[9] = hopLimit, udp
	copy(b[12:], from.AsSlice())
	copy(b[16:], to.AsSlice())
	binary.BigEndian.PutUint16(b[10:], checksum(b))
	return b
}

// ipv6 returns the header of a packet with length bytes of payload. IPv6 headers
// have no checksum.
func ipv6(from, to netip.Addr, length int) []byte {
	b := make([]byte, ipv6Header)
	b[0] = 6 << 4
	binary.BigEndian.PutUint16(b[4:], uint16(length))
	b[6], b[7] = udp, hopLimit
	copy(b[8:], from.AsSlice())
	copy(b[24:], to.AsSlice())
	return b
}

// checksum returns the Internet checksum (RFC 1071) of the concatenated parts. All
// parts but the last must have an even length.
func checksum(parts ...[]byte) uint16 {
	var sum uint32
	for _, b := range parts {
		for ; len(b) > 1; b = b[2:] {
			sum += uint32(binary.BigEndian.Uint16(b))
		}
		if len(b) == 1 {
			sum += uint32(b[0]) << 8
		}
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

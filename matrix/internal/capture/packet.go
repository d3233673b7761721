package capture

import (
	"errors"
	"fmt"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// hopLimit is what most systems send. No trial depends on it.
const hopLimit = 64

// packet returns the IP packet that carries a datagram.
func (d Datagram) packet() ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	udp := &layers.UDP{SrcPort: layers.UDPPort(d.From.Port()), DstPort: layers.UDPPort(d.To.Port())}
	from, to := d.From.Addr().AsSlice(), d.To.Addr().AsSlice()
	var ip interface {
		gopacket.NetworkLayer
		gopacket.SerializableLayer
	}
	if d.From.Addr().Is4() {
		ip = &layers.IPv4{Version: 4, Flags: layers.IPv4DontFragment, TTL: hopLimit, Protocol: layers.IPProtocolUDP, SrcIP: from, DstIP: to}
	} else {
		ip = &layers.IPv6{Version: 6, HopLimit: hopLimit, NextHeader: layers.IPProtocolUDP, SrcIP: from, DstIP: to}
	}
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		return nil, err
	}
	b := gopacket.NewSerializeBuffer()
	err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ip, udp, gopacket.Payload(d.Data))
	return b.Bytes(), err
}

// maxData is how many bytes fit into a datagram of either version of IP, whose
// headers have 20 or 40 bytes. The 16-bit total length of IPv4 is the tighter limit.
const maxData = 1<<16 - 1 - 20 - 8

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

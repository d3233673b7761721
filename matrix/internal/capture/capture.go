// Package capture writes the datagrams of a trial, with the secrets that encrypted
// them, to a file that Wireshark and tshark open and decrypt without any setting.
//
// The file is pcapng, as described by draft-ietf-opsawg-pcapng: one section, one
// interface, the secrets, the packets. The secrets are in a Decryption Secrets
// Block of type "TLS Key Log", which contains the text that NSS writes to an
// SSLKEYLOGFILE. The block comes before the packets, since readers go through the
// file once.
//
// A datagram becomes an IP packet (RFC 791, RFC 8200) with a UDP header (RFC 768)
// on an interface of type LINKTYPE_RAW, which has no link layer, so none has to be
// made up. In the headers only addresses, ports and lengths are real. The flags of
// a packet have its direction as the client sees it: outbound packets are those
// that the client sent.
package capture

import (
	"fmt"
	"io"
	"net/netip"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// A Capture is what a trial sent and received.
type Capture struct {
	Scenario  string
	Trial     int
	KeyLog    string // in NSS's format; may be empty
	Datagrams []Datagram
}

// A Datagram is the payload of one UDP packet.
type Datagram struct {
	At       time.Duration // since the trial began
	From, To netip.AddrPort
	ByClient bool // the client sent it
	Data     []byte
}

// Write writes a capture. began is when the trial began; readers show comment among
// the properties of the file. The same input gives the same bytes on every machine.
func Write(w io.Writer, c *Capture, began time.Time, comment string) error {
	// Hardware and operating system are left out: they would differ by machine.
	options := pcapgo.NgWriterOptions{SectionInfo: pcapgo.NgSectionInfo{Application: "matrixrun", Comment: comment}}
	face := pcapgo.NgInterface{Name: "trial", LinkType: layers.LinkTypeRaw, SnapLength: 0}
	ng, err := pcapgo.NewNgWriterInterface(w, face, options)
	if err != nil {
		return fmt.Errorf("writing a capture: %w", err)
	}
	if c.KeyLog != "" {
		if err := ng.WriteDecryptionSecretsBlock(pcapgo.DSB_SECRETS_TYPE_TLS, []byte(c.KeyLog)); err != nil {
			return fmt.Errorf("writing a capture's secrets: %w", err)
		}
	}
	for i, d := range c.Datagrams {
		packet, err := d.packet()
		if err != nil {
			return fmt.Errorf("writing datagram %d: %w", i, err)
		}
		info := gopacket.CaptureInfo{Timestamp: began.Add(d.At), CaptureLength: len(packet), Length: len(packet)}
		if err := ng.WritePacketWithOptions(info, packet, pcapgo.NgPacketOptions{Flags: d.flags()}); err != nil {
			return fmt.Errorf("writing datagram %d: %w", i, err)
		}
	}
	if err := ng.Flush(); err != nil {
		return fmt.Errorf("writing a capture: %w", err)
	}
	return nil
}

// flags returns the packet flags with the direction of the datagram.
func (d Datagram) flags() *pcapgo.NgEpbFlags {
	if d.ByClient {
		return &pcapgo.NgEpbFlags{Direction: pcapgo.NgEpbFlagDirectionOutbound}
	}
	return &pcapgo.NgEpbFlags{Direction: pcapgo.NgEpbFlagDirectionInbound}
}

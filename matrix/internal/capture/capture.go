// Package capture turns the datagrams of a trial, with the secrets that
// protected them, into a file that Wireshark and tshark open and decrypt
// without a setting.
//
// The file is pcapng, as draft-ietf-opsawg-pcapng describes it: one section, one
// interface, the secrets, the packets. The secrets stand in a Decryption Secrets
// Block (in the draft's chapter on blocks), whose type "TLS Key Log" has the text
// that NSS writes to an SSLKEYLOGFILE. It must come before the packets that need
// it, since readers go through the file once.
//
// A datagram becomes an IP packet (RFC 791, RFC 8200) with a UDP header (RFC
// 768) on an interface of the type LINKTYPE_RAW, which has no link layer, so that
// nothing has to be made up. The headers are those that the datagram could have
// had; only addresses, ports and lengths of them are real. Each packet has the
// direction in its flags as the client sees it: outbound is what the client sent.
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

// Write writes a capture whose trial began at a time. The comment is shown among
// the file's properties. The same input makes the same bytes, on every machine.
func Write(w io.Writer, c *Capture, began time.Time, comment string) error {
	// Neither the hardware nor the system tells anything here.
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

// flags tell the direction of a datagram.
func (d Datagram) flags() *pcapgo.NgEpbFlags {
	if d.ByClient {
		return &pcapgo.NgEpbFlags{Direction: pcapgo.NgEpbFlagDirectionOutbound}
	}
	return &pcapgo.NgEpbFlags{Direction: pcapgo.NgEpbFlagDirectionInbound}
}

package wire

import (
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
)

// A keyLog holds the secrets of a key log in the NSS format by their labels. A
// label has several where the client began again, after a Version Negotiation.
type keyLog map[string][][]byte

const earlyLabel = "CLIENT_EARLY_TRAFFIC_SECRET"

// handshakeSecret is the label of what protects a side's Handshake packets,
// trafficSecret of what protects its first 1-RTT packets.
func handshakeSecret(from string) string {
	return strings.ToUpper(from) + "_HANDSHAKE_TRAFFIC_SECRET"
}

func trafficSecret(from string) string {
	return strings.ToUpper(from) + "_TRAFFIC_SECRET_0"
}

// parseKeyLog parses a key log: lines of a label, the client's random number and
// a secret. What is no such line, or has no secret of a suite of TLS 1.3, is
// passed over.
func parseKeyLog(text string) keyLog {
	l := make(keyLog)
	for _, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			continue
		}
		if secret, err := hex.DecodeString(fields[2]); err == nil && ofSuite(secret) {
			l[fields[0]] = append(l[fields[0]], secret)
		}
	}
	return l
}

// earlySecrets returns the secrets of the client's 0-RTT packets. The TLS of old
// releases logs them; that of Go does not, but tells the ticket's key, from which
// the one follows that belongs to the ClientHello on the wire (RFC 8446, section
// 7.1).
func (d *decoder) earlySecrets() [][]byte {
	if len(d.secrets[earlyLabel]) > 0 || d.psk == nil {
		return d.secrets[earlyLabel]
	}
	hello := clientHello(d.hello)
	if hello == nil {
		return nil
	}
	h, _ := suiteOf(d.psk)
	transcript := h()
	transcript.Write(hello)
	early := extract(h, nil, d.psk)
	secret := expandLabel(h, early, "c e traffic", transcript.Sum(nil), len(d.psk))
	d.secrets[earlyLabel] = [][]byte{secret}
	d.log.Early = fmt.Sprintf("%s %x %x\n", earlyLabel, hello[6:38], secret)
	return d.secrets[earlyLabel]
}

// clientHello puts a ClientHello together from CRYPTO frames. It returns nil
// unless all of it is there.
func clientHello(frames []Frame) []byte {
	sorted := append([]Frame(nil), frames...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Offset < sorted[j].Offset })
	var message []byte
	for _, f := range sorted {
		if have := int64(len(message)); f.Offset <= have && f.Offset+f.Length > have {
			message = append(message, f.Data[have-f.Offset:]...)
		}
	}
	const typeAndLength, versionAndRandom = 4, 34
	if len(message) < typeAndLength+versionAndRandom || message[0] != 1 {
		return nil
	}
	size := typeAndLength + int(message[1])<<16 + int(message[2])<<8 + int(message[3])
	if size < typeAndLength+versionAndRandom || len(message) < size {
		return nil
	}
	return message[:size]
}

// parseSession finds a TLS 1.3 ticket's key in what Go encodes of a session. That
// encoding is Go's own affair: should it ever be another, then the key opens
// nothing, and 0-RTT packets are opaque, which reports say.
func parseSession(encoded []byte) []byte {
	c := cursor{b: encoded}
	version := c.bytes(2)
	c.bytes(1 + 2 + 8) // client or server, cipher suite, time
	key := c.bytes(uint64(c.byte()))
	if c.short || !ofSuite(key) || uint16(version[0])<<8|uint16(version[1]) != tls.VersionTLS13 {
		return nil
	}
	return key
}

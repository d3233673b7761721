package wire

import (
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
)

// A keyLog has the secrets of a key log in the NSS format, by label. A label
// has several secrets if the client began again after a Version Negotiation
// packet.
type keyLog map[string][][]byte

// earlyLabel is the label of the secret that protects 0-RTT packets.
const earlyLabel = "CLIENT_EARLY_TRAFFIC_SECRET"

// handshakeSecret returns the label of the secret that protects a side's
// Handshake packets.
func handshakeSecret(from string) string {
	return strings.ToUpper(from) + "_HANDSHAKE_TRAFFIC_SECRET"
}

// trafficSecret returns the label of the secret that protects a side's first
// 1-RTT packets.
func trafficSecret(from string) string {
	return strings.ToUpper(from) + "_TRAFFIC_SECRET_0"
}

// parseKeyLog parses a key log. Each line has a label, the client's random and
// a secret. It skips other lines, and secrets whose length fits no cipher
// suite of TLS 1.3.
func parseKeyLog(text string) keyLog {
	l := make(keyLog)
	for _, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			continue
		}
		if secret, err := hex.DecodeString(fields[2]); err == nil && validSecret(secret) {
			l[fields[0]] = append(l[fields[0]], secret)
		}
	}
	return l
}

// earlySecrets returns the secrets of the client's 0-RTT packets. The TLS of
// old releases logs them. The crypto/tls package does not, but it gives access
// to the ticket's key, and with the ClientHello on the wire the secret follows
// from that (RFC 8446, section 7.1).
func (d *decoder) earlySecrets() [][]byte {
	if len(d.secrets[earlyLabel]) > 0 || d.psk == nil {
		return d.secrets[earlyLabel]
	}
	hello := clientHello(d.helloFrames)
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

// clientHello assembles a ClientHello from CRYPTO frames. It returns nil if
// some of it is missing.
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

// parseSession finds the key of a TLS 1.3 ticket in an encoded session state
// of crypto/tls. It returns nil if there is none.
//
// The encoding is internal to Go. If it changes, the key does not decrypt
// anything, and reports say that the 0-RTT packets could not be read.
func parseSession(encoded []byte) []byte {
	c := cursor{b: encoded}
	version := c.bytes(2)
	c.bytes(1 + 2 + 8) // client or server, cipher suite, time of creation
	key := c.bytes(uint64(c.byte()))
	if c.short || !validSecret(key) || uint16(version[0])<<8|uint16(version[1]) != tls.VersionTLS13 {
		return nil
	}
	return key
}

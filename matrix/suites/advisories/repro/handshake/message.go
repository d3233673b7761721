package handshake

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

// The types of messages (RFC 8446, section 4).
const (
	clientHello         = 1
	serverHello         = 2
	encryptedExtensions = 8
	certificateMessage  = 11
	certificateVerify   = 15
	finished            = 20
)

// The numbers of what this TLS supports (RFC 8446, sections 4.1 and 4.2).
const (
	versionTLS12 = 0x0303 // in the fields that TLS 1.3 does not use
	versionTLS13 = 0x0304
	aes128       = 0x1301
	p256         = 0x0017
	ecdsaP256    = 0x0403
)

// The types of extensions.
const (
	extServerName  = 0
	extGroups      = 10
	extSignatures  = 13
	extALPN        = 16
	extVersions    = 43
	extKeyShare    = 51
	extParameters  = 0x39   // of QUIC version 1 (RFC 9001, section 8.2)
	extParameters9 = 0xffa5 // of its drafts
)

// parametersType returns the type of the extension with the transport parameters.
func parametersType(version uint32) uint64 {
	if version == wire.VersionDraft29 {
		return extParameters9
	}
	return extParameters
}

// vector returns data behind its length, a number of size bytes.
func vector(size int, data []byte) []byte { return append(number(size, uint64(len(data))), data...) }

// number returns a big-endian number of size bytes.
func number(size int, v uint64) (b []byte) {
	for i := size - 1; i >= 0; i-- {
		b = append(b, byte(v>>uint(8*i)))
	}
	return b
}

// join returns its parts, one after the other.
func join(parts ...[]byte) (b []byte) {
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// message returns a message with its header.
func message(kind byte, parts ...[]byte) []byte {
	return append([]byte{kind}, vector(3, join(parts...))...)
}

// extension returns an extension.
func extension(kind uint64, parts ...[]byte) []byte {
	return append(number(2, kind), vector(2, join(parts...))...)
}

// alpn returns the extension that offers or chooses a protocol.
func alpn(protocol string) []byte { return extension(extALPN, vector(2, vector(1, []byte(protocol)))) }

// Complete returns the messages that are complete at the start of what came in, and how
// many bytes they have.
func Complete(b []byte) (messages [][]byte, size int) {
	for {
		r := wire.Reader{Rest: b[size:]}
		r.Bytes(1)
		r.Bytes(r.Uint(3))
		if r.Short {
			return messages, size
		}
		end := len(b) - len(r.Rest)
		messages = append(messages, b[size:end])
		size = end
	}
}

// extensions returns the extensions of a hello by their types.
func extensions(r *wire.Reader) map[uint64][]byte {
	found := make(map[uint64][]byte)
	list := wire.Reader{Rest: r.Bytes(r.Uint(2))}
	for len(list.Rest) > 0 {
		kind := list.Uint(2)
		found[kind] = list.Bytes(list.Uint(2))
	}
	return found
}

// unexpected reports a message of another type than the next one should have.
func unexpected(got byte, want string) error {
	return fmt.Errorf("got a TLS message of type %d instead of %s", got, want)
}

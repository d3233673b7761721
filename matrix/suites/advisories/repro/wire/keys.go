package wire

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// The versions of QUIC that the package knows.
const (
	VersionOne     = 0x00000001
	VersionDraft29 = 0xff00001d
)

// The salts of the Initial secrets (RFC 9001, section 5.2, and the draft).
var (
	saltOne     = []byte{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a}
	saltDraft29 = []byte{0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99}
)

// Keys protect the packets of one side at one encryption level (RFC 9001, section 5).
type Keys struct {
	secret []byte
	phase  bool // the key phase bit of 1-RTT packets
	aead   cipher.AEAD
	iv     []byte
	mask   cipher.Block // of header protection
}

// NewKeys derives the keys of AES-128-GCM from a traffic secret.
func NewKeys(secret []byte) *Keys {
	k := payloadKeys(secret)
	header, err := aes.NewCipher(ExpandLabel(secret, "quic hp", nil, 16))
	if err != nil {
		panic(err) // AES has keys of this size
	}
	k.mask = header
	return k
}

// Updated returns the keys of the next key phase (RFC 9001, section 6.1).
func (k *Keys) Updated() *Keys {
	next := payloadKeys(ExpandLabel(k.secret, "quic ku", nil, sha256.Size))
	next.phase, next.mask = !k.phase, k.mask
	return next
}

// payloadKeys derives the keys that do not protect headers.
func payloadKeys(secret []byte) *Keys {
	payload, err := aes.NewCipher(ExpandLabel(secret, "quic key", nil, 16))
	if err != nil {
		panic(err) // AES has keys of this size
	}
	aead, err := cipher.NewGCM(payload)
	if err != nil {
		panic(err) // AES has the block size of GCM
	}
	return &Keys{secret: secret, aead: aead, iv: ExpandLabel(secret, "quic iv", nil, 12)}
}

// InitialKeys derives the keys of both sides for Initial packets from the Destination
// Connection ID of the client's first packet (RFC 9001, section 5.2).
func InitialKeys(version uint32, dcid []byte) (client, server *Keys) {
	salt := saltOne
	if version == VersionDraft29 {
		salt = saltDraft29
	}
	common := Extract(salt, dcid)
	return NewKeys(ExpandLabel(common, "client in", nil, sha256.Size)), NewKeys(ExpandLabel(common, "server in", nil, sha256.Size))
}

// nonce returns the nonce of a packet number (RFC 9001, section 5.3).
func (k *Keys) nonce(number int64) []byte {
	nonce := append([]byte(nil), k.iv...)
	for i := 0; i < 8; i++ {
		nonce[len(nonce)-1-i] ^= byte(number >> uint(8*i))
	}
	return nonce
}

// Extract is HKDF-Extract with SHA-256 (RFC 5869, section 2.2).
func Extract(salt, secret []byte) []byte {
	mac := hmac.New(sha256.New, salt)
	mac.Write(secret)
	return mac.Sum(nil)
}

// ExpandLabel is HKDF-Expand-Label with SHA-256 (RFC 8446, section 7.1), for results
// of at most 32 bytes.
func ExpandLabel(secret []byte, label string, context []byte, length int) []byte {
	label = "tls13 " + label
	info := make([]byte, 2, 80)
	binary.BigEndian.PutUint16(info, uint16(length))
	info = append(append(info, byte(len(label))), label...)
	info = append(append(info, byte(len(context))), context...)
	mac := hmac.New(sha256.New, secret)
	mac.Write(append(info, 1))
	return mac.Sum(nil)[:length]
}

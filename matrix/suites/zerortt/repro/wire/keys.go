package wire

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"hash"
)

// keyLabels are the constants with which a version of QUIC derives its keys
// (RFC 9001, section 5.1; RFC 9369, section 3.3). Version 2 has two labels for
// key updates: releases before v0.65 use the one of version 1.
type keyLabels struct {
	salt        []byte
	key, iv, hp string
	update      []string
}

// The salts of Initial secrets (RFC 9001, section 5.2; RFC 9369, section 3.3.1),
// and those of the drafts that old releases speak.
var (
	saltDraft29 = []byte{0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99}
	saltOne     = []byte{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a}
	saltDraft2  = []byte{0xa7, 0x07, 0xc2, 0x03, 0xa5, 0x9b, 0x47, 0x18, 0x4a, 0x1d, 0x62, 0xca, 0x57, 0x04, 0x06, 0xea, 0x7a, 0xe3, 0xe5, 0xd3}
	saltTwo     = []byte{0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9}
)

// labelsOf returns the constants of a version. For an unknown version it
// returns those of version 1; if they are wrong, its packets cannot be
// decrypted.
func labelsOf(version uint32) keyLabels {
	switch {
	case isVersionTwo(version):
		l := keyLabels{saltTwo, "quicv2 key", "quicv2 iv", "quicv2 hp", []string{"quicv2 ku", "quic ku"}}
		if version == draftVersionTwo {
			l.salt = saltDraft2
		}
		return l
	case version>>8 == 0xff0000 && version&0xff < 33: // drafts 29 to 32
		return keyLabels{saltDraft29, "quic key", "quic iv", "quic hp", []string{"quic ku"}}
	default:
		return keyLabels{saltOne, "quic key", "quic iv", "quic hp", []string{"quic ku"}}
	}
}

// initialSecret derives the secret of one side's Initial packets from the
// Destination Connection ID of the client's first one (RFC 9001, section 5.2).
func initialSecret(version uint32, dcid []byte, from string) []byte {
	common := extract(sha256.New, labelsOf(version).salt, dcid)
	return expandLabel(sha256.New, common, from+" in", nil, sha256.Size)
}

// packetKeys protect the packets of one side at one encryption level.
type packetKeys struct {
	aead cipher.AEAD
	iv   []byte
	mask cipher.Block // for header protection
}

// newPacketKeys derives keys from a TLS secret. The length of the secret
// decides the cipher suite: AES-128-GCM with SHA-256, or AES-256-GCM with
// SHA-384. A secret of ChaCha20-Poly1305 has the length of the former, and its
// keys decrypt no packet.
func newPacketKeys(labels keyLabels, secret []byte) *packetKeys {
	h, size := suiteOf(secret)
	block, err := aes.NewCipher(expandLabel(h, secret, labels.key, nil, size))
	if err != nil {
		panic(err) // AES has keys of this size
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has the block size of GCM
	}
	mask, err := aes.NewCipher(expandLabel(h, secret, labels.hp, nil, size))
	if err != nil {
		panic(err)
	}
	return &packetKeys{aead, expandLabel(h, secret, labels.iv, nil, 12), mask}
}

// updated derives the secret of the next key phase (RFC 9001, section 6.1).
func updated(secret []byte, label string) []byte {
	h, _ := suiteOf(secret)
	return expandLabel(h, secret, label, nil, len(secret))
}

// validSecret reports whether a secret has the length of a hash that TLS 1.3
// uses.
func validSecret(secret []byte) bool {
	return len(secret) == sha256.Size || len(secret) == sha512.Size384
}

// suiteOf returns the hash of a secret's cipher suite, and the size of its key
// in bytes.
func suiteOf(secret []byte) (h func() hash.Hash, keySize int) {
	if len(secret) == sha512.Size384 {
		return sha512.New384, 32
	}
	return sha256.New, 16
}

// extract is HKDF-Extract (RFC 5869, section 2.2).
func extract(h func() hash.Hash, salt, secret []byte) []byte {
	mac := hmac.New(h, salt)
	mac.Write(secret)
	return mac.Sum(nil)
}

// expandLabel is HKDF-Expand-Label (RFC 8446, section 7.1), for results that
// fit into one block of the hash. All that QUIC derives does.
func expandLabel(h func() hash.Hash, secret []byte, label string, context []byte, length int) []byte {
	full := "tls13 " + label
	mac := hmac.New(h, secret)
	info := make([]byte, 2, 64)
	binary.BigEndian.PutUint16(info, uint16(length))
	info = append(append(info, byte(len(full))), full...)
	info = append(append(info, byte(len(context))), context...)
	mac.Write(append(info, 1)) // the number of the block
	return mac.Sum(nil)[:length]
}

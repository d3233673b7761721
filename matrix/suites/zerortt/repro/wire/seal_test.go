package wire

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"
)

// canary is the error code of the resets in these tests.
const canary = 4919

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// logSecret writes a line of the key log.
func logSecret(t testing.TB, r *Recorder, label string, secret []byte) {
	t.Helper()
	if _, err := fmt.Fprintf(r, "%s %064x %x\n", label, 7, secret); err != nil {
		t.Fatal(err)
	}
}

// secretOf returns a secret of a size that depends on the seed.
func secretOf(seed byte, size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = seed + byte(i)
	}
	return b
}

// number4 encodes a packet number in 4 bytes.
func number4(number int64) []byte {
	b := make([]byte, 4)
	binary.BigEndian.PutUint32(b, uint32(number))
	return b
}

// seal protects a packet (RFC 9001, section 5), which is what the decoder
// reverses. head has everything before the packet number, including the
// number's length.
func seal(k *packetKeys, head, sentNumber []byte, number int64, payload []byte) []byte {
	for len(payload) < 4 {
		payload = append(payload, 0) // enough to sample for header protection
	}
	at := len(head)
	head = append(append([]byte{}, head...), sentNumber...)
	nonce := append([]byte{}, k.iv...)
	for i := 0; i < 8; i++ {
		nonce[len(nonce)-1-i] ^= byte(number >> (8 * i))
	}
	b := k.aead.Seal(head, nonce, payload, head)
	mask := make([]byte, 16)
	k.mask.Encrypt(mask, b[at+4:at+20])
	if isLong(b) {
		b[0] ^= mask[0] & 0x0f
	} else {
		b[0] ^= mask[0] & 0x1f
	}
	for i := range sentNumber {
		b[at+i] ^= mask[1+i]
	}
	return b
}

// sealLong returns a packet with a long header of version 1.
func sealLong(k *packetKeys, kind byte, dcid, scid []byte, number int64, payload []byte) []byte {
	return sealVersion(k, 1, kind, dcid, scid, number, payload)
}

// sealVersion returns a packet with a long header of any version.
func sealVersion(k *packetKeys, version uint32, kind byte, dcid, scid []byte, number int64, payload []byte) []byte {
	for len(payload) < 4 {
		payload = append(payload, 0)
	}
	head := append([]byte{0xc0 | kind<<4 | 3}, number4(int64(version))...)
	head = append(append(head, byte(len(dcid))), dcid...)
	head = append(append(head, byte(len(scid))), scid...)
	if kind == 0 && !isVersionTwo(version) || kind == 1 && isVersionTwo(version) {
		head = append(head, 0) // no token
	}
	size := 4 + len(payload) + 16
	head = append(head, 0x40|byte(size>>8), byte(size))
	return seal(k, head, number4(number), number, payload)
}

// sealShort returns a 1-RTT packet of a key phase.
func sealShort(k *packetKeys, phase int, dcid []byte, number int64, payload []byte) []byte {
	head := append([]byte{0x40 | byte(phase&1)<<2 | 3}, dcid...)
	return seal(k, head, number4(number), number, payload)
}

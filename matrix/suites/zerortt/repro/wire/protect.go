package wire

// An unmasked packet is one without its header protection.
type unmasked struct {
	head    []byte // the header with the packet number, which is authenticated
	sealed  []byte // the encrypted payload
	number  int64
	updates bool // the key phase bit of a short header
}

// unmask removes the header protection of the packet b, whose packet number
// begins at numberAt (RFC 9001, section 5.4). It does not change b. ok is
// false if b is too short to be a packet. If the keys are wrong, the result is
// noise.
func (k *packetKeys) unmask(b []byte, numberAt int, largest int64) (p unmasked, ok bool) {
	const sampleSize = 16
	sampleAt := numberAt + 4
	if len(b) < sampleAt+sampleSize {
		return unmasked{}, false
	}
	var mask [sampleSize]byte
	k.mask.Encrypt(mask[:], b[sampleAt:sampleAt+sampleSize])
	p.head = append([]byte(nil), b[:sampleAt]...)
	if isLong(b) {
		p.head[0] ^= mask[0] & 0x0f
	} else {
		p.head[0] ^= mask[0] & 0x1f
		p.updates = p.head[0]&0x04 != 0
	}
	size := int(p.head[0]&3) + 1
	var truncated int64
	for i := 0; i < size; i++ {
		p.head[numberAt+i] ^= mask[1+i]
		truncated = truncated<<8 | int64(p.head[numberAt+i])
	}
	p.head, p.sealed = p.head[:numberAt+size], b[numberAt+size:]
	p.number = expandNumber(truncated, uint(size)*8, largest)
	return p, true
}

// decrypt decrypts the payload (RFC 9001, section 5.3). ok is false if the
// keys are wrong.
func (k *packetKeys) decrypt(p unmasked) (payload []byte, ok bool) {
	nonce := append([]byte(nil), k.iv...)
	for i := 0; i < 8; i++ {
		nonce[len(nonce)-1-i] ^= byte(p.number >> uint(8*i))
	}
	payload, err := k.aead.Open(nil, nonce, p.sealed, p.head)
	return payload, err == nil
}

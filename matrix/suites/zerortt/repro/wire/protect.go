package wire

// A bared packet is one without its header protection.
type bared struct {
	head    []byte // the header with the packet number: what is authenticated
	sealed  []byte
	number  int64
	updates bool // the key phase bit, of a short header
}

// bare removes the header protection of the packet b, whose number begins at an
// offset (RFC 9001, section 5.4). It leaves b as it is. It is not ok where b is
// too short to be a packet. With the wrong keys the result is noise.
func (k *packetKeys) bare(b []byte, numberAt int, largest int64) (p bared, ok bool) {
	const sampleSize = 16
	sampleAt := numberAt + 4
	if len(b) < sampleAt+sampleSize {
		return bared{}, false
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

// unseal decrypts the payload (RFC 9001, section 5.3).
func (k *packetKeys) unseal(p bared) (payload []byte, ok bool) {
	nonce := append([]byte(nil), k.iv...)
	for i := 0; i < 8; i++ {
		nonce[len(nonce)-1-i] ^= byte(p.number >> uint(8*i))
	}
	payload, err := k.aead.Open(nil, nonce, p.sealed, p.head)
	return payload, err == nil
}

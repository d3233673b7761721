package wire

import (
	"encoding/binary"
	"errors"
)

// A Level is an encryption level, each of which has a packet number space of its own
// here. 0-RTT is not among them.
type Level int

// The encryption levels, in the order in which a handshake reaches them.
const (
	Initial Level = iota
	Handshake
	OneRTT
	Levels // their number
)

// String returns the name of the level.
func (l Level) String() string { return [...]string{"Initial", "Handshake", "1-RTT"}[l] }

// The bits of a packet's first byte (RFC 9000, section 17).
const (
	longHeader = 0x80
	fixedBit   = 0x40
	phaseBit   = 0x04 // only in a short header, as the key phase
	numberSize = 4    // of the packet numbers that Seal writes
	sampleSize = 16
)

// longTypes are the types of long headers.
var longTypes = map[Level]byte{Initial: 0, Handshake: 2}

// A Packet is a packet without its protection.
type Packet struct {
	Level    Level
	Version  uint32 // only in a long header
	Dst, Src []byte // connection IDs; Src only in a long header
	Number   int64
	Payload  []byte // frames
}

// Seal appends a packet to a datagram and protects it.
func (k *Keys) Seal(datagram []byte, p Packet) []byte {
	start := len(datagram)
	b := datagram
	if p.Level == OneRTT {
		first := byte(fixedBit | numberSize - 1)
		if k.phase {
			first |= phaseBit
		}
		b = append(append(b, first), p.Dst...)
	} else {
		b = append(b, longHeader|fixedBit|longTypes[p.Level]<<4|numberSize-1)
		b = appendUint32(b, p.Version)
		b = append(append(b, byte(len(p.Dst))), p.Dst...)
		b = append(append(b, byte(len(p.Src))), p.Src...)
		if p.Level == Initial {
			b = append(b, 0) // no token
		}
		length := numberSize + len(p.Payload) + k.aead.Overhead()
		b = append(b, 0x40|byte(length>>8), byte(length))
	}
	numberAt := len(b)
	b = appendUint32(b, uint32(p.Number))
	header := append([]byte(nil), b[start:]...)
	b = k.aead.Seal(b, k.nonce(p.Number), p.Payload, header)
	k.protect(b[start:], numberAt-start, numberSize)
	return b
}

// protect masks the header of the packet b, or removes the mask from the first byte
// and size bytes of the packet number (RFC 9001, section 5.4).
func (k *Keys) protect(b []byte, numberAt, size int) {
	mask := k.maskOf(b, numberAt)
	b[0] ^= mask[0] & maskBits(b)
	for i := 0; i < size; i++ {
		b[numberAt+i] ^= mask[1+i]
	}
}

// maskOf returns the mask of the header of the packet b.
func (k *Keys) maskOf(b []byte, numberAt int) (mask [sampleSize]byte) {
	k.mask.Encrypt(mask[:], b[numberAt+4:numberAt+4+sampleSize])
	return mask
}

// maskBits returns the bits of the first byte that are masked.
func maskBits(b []byte) byte {
	if b[0]&longHeader != 0 {
		return 0x0f
	}
	return 0x1f
}

// appendUint32 appends a big-endian number.
func appendUint32(b []byte, v uint32) []byte {
	var four [4]byte
	binary.BigEndian.PutUint32(four[:], v)
	return append(b, four[:]...)
}

// A Header is what can be read of a packet without its keys.
type Header struct {
	Packet
	Other    bool     // a packet that has no level here: 0-RTT, Retry
	Offered  []uint32 // by a Version Negotiation packet, which has nothing else
	raw      []byte
	numberAt int
}

// errShort reports a packet that is cut off.
var errShort = errors.New("a packet is cut off")

// ReadHeader reads the header of the first packet of a datagram, and returns what
// follows that packet. idSize is the length of the connection IDs that this endpoint
// chose, which short headers have.
func ReadHeader(datagram []byte, idSize int) (h Header, rest []byte, err error) {
	r := Reader{Rest: datagram}
	first := byte(r.Uint(1))
	if first&longHeader == 0 {
		h.Level, h.Dst = OneRTT, r.Bytes(uint64(idSize))
		h.raw, h.numberAt = datagram, 1+idSize
		if r.Short || len(r.Rest) < 4+sampleSize {
			return h, nil, errShort
		}
		return h, nil, nil
	}
	h.Version = uint32(r.Uint(4))
	h.Dst = r.Bytes(r.Uint(1))
	h.Src = r.Bytes(r.Uint(1))
	if r.Short {
		return h, nil, errShort
	}
	if h.Version == 0 {
		for len(r.Rest) >= 4 {
			h.Offered = append(h.Offered, uint32(r.Uint(4)))
		}
		h.Other = true
		return h, nil, nil
	}
	switch first >> 4 & 3 {
	case longTypes[Initial]:
		h.Level = Initial
		r.Bytes(r.Varint()) // the token
	case longTypes[Handshake]:
		h.Level = Handshake
	case 3: // a Retry has no length
		h.Other = true
		return h, nil, nil
	default:
		h.Other = true
	}
	length := r.Varint()
	h.numberAt = len(datagram) - len(r.Rest)
	r.Bytes(length)
	if r.Short || length < 4+sampleSize {
		return h, nil, errShort
	}
	end := len(datagram) - len(r.Rest)
	h.raw = datagram[:end]
	return h, datagram[end:], nil
}

// ErrPhase reports a packet of another key phase. Try the updated keys.
var ErrPhase = errors.New("a packet has another key phase")

// Open removes the protection of a packet. The largest packet number that came before
// at this level, or -1, tells which number its last bits stand for.
func (k *Keys) Open(h Header, largest int64) (Packet, error) {
	b := append([]byte(nil), h.raw...)
	mask := k.maskOf(b, h.numberAt)
	b[0] ^= mask[0] & maskBits(b)
	size := int(b[0]&3) + 1
	var number int64
	for i := 0; i < size; i++ {
		b[h.numberAt+i] ^= mask[1+i]
		number = number<<8 | int64(b[h.numberAt+i])
	}
	p := h.Packet
	if h.Level == OneRTT && (b[0]&phaseBit != 0) != k.phase {
		return p, ErrPhase
	}
	p.Number = fullNumber(number, uint(8*size), largest)
	header, sealed := b[:h.numberAt+size], b[h.numberAt+size:]
	payload, err := k.aead.Open(nil, k.nonce(p.Number), sealed, header)
	p.Payload = payload
	return p, err
}

// fullNumber returns the packet number nearest to the next one that has these low bits
// (RFC 9000, appendix A.3).
func fullNumber(low int64, bits uint, largest int64) int64 {
	window := int64(1) << bits
	next := largest + 1
	number := next&^(window-1) | low
	switch {
	case number <= next-window/2:
		return number + window
	case number > next+window/2 && number >= window:
		return number - window
	}
	return number
}

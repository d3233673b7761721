package wire

import "encoding/binary"

// AppendVarint appends a variable-length integer in the shortest form (RFC 9000,
// section 16).
func AppendVarint(b []byte, v uint64) []byte {
	switch {
	case v < 1<<6:
		return append(b, byte(v))
	case v < 1<<14:
		return append(b, 0x40|byte(v>>8), byte(v))
	case v < 1<<30:
		return append(b, 0x80|byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	default:
		var eight [8]byte
		binary.BigEndian.PutUint64(eight[:], v|3<<62)
		return append(b, eight[:]...)
	}
}

// A Reader takes fields from the front of a message. If the message is too short for
// one, Short is set, and that field and all later ones are zero. So its user reads all
// fields, and then looks once.
type Reader struct {
	Rest  []byte
	Short bool
}

// Bytes takes n bytes.
func (r *Reader) Bytes(n uint64) []byte {
	if n > uint64(len(r.Rest)) {
		r.Rest, r.Short = nil, true
		return nil
	}
	field := r.Rest[:n:n]
	r.Rest = r.Rest[n:]
	return field
}

// Uint takes a big-endian number of n bytes.
func (r *Reader) Uint(n int) (v uint64) {
	for _, b := range r.Bytes(uint64(n)) {
		v = v<<8 | uint64(b)
	}
	return v
}

// Varint takes a variable-length integer (RFC 9000, section 16).
func (r *Reader) Varint() uint64 {
	first := r.Uint(1)
	v := first & 0x3f
	for _, b := range r.Bytes(1<<(first>>6) - 1) {
		v = v<<8 | uint64(b)
	}
	if r.Short {
		return 0
	}
	return v
}

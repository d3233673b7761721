package wire

import "encoding/binary"

// A cursor reads fields from the front of a message. If the message is too
// short for a field, short is set, and that field and all later ones read as
// zero. So a parser reads all of its fields and then checks short once.
type cursor struct {
	b     []byte
	short bool
}

// bytes reads n bytes.
func (c *cursor) bytes(n uint64) []byte {
	if n > uint64(len(c.b)) {
		c.b, c.short = nil, true
		return nil
	}
	field := c.b[:n:n]
	c.b = c.b[n:]
	return field
}

// byte reads one byte.
func (c *cursor) byte() byte {
	if b := c.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// uint32 reads a big-endian number of 4 bytes.
func (c *cursor) uint32() uint32 {
	if b := c.bytes(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// varint reads a variable-length integer (RFC 9000, section 16). The result is
// below 1<<62, so it fits into an int64.
func (c *cursor) varint() uint64 {
	first := c.byte()
	value := uint64(first & 0x3f)
	for _, b := range c.bytes(1<<(first>>6) - 1) {
		value = value<<8 | uint64(b)
	}
	if c.short {
		return 0
	}
	return value
}

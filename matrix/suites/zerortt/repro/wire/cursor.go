package wire

import "encoding/binary"

// A cursor reads fields off the front of a message. One that is cut short spends
// it: short is set, and every field from there on reads as nothing. So a parser
// reads all of its fields and asks once.
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

// uint32 reads a number of 4 bytes.
func (c *cursor) uint32() uint32 {
	if b := c.bytes(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// varint reads a variable-length integer (RFC 9000, section 16), which is below
// 1<<62, and so fits into an int64.
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

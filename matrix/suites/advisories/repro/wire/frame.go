package wire

import "fmt"

// The types of frames (RFC 9000, section 19).
const (
	TypePadding            = 0x00
	TypePing               = 0x01
	TypeAck                = 0x02
	TypeAckECN             = 0x03
	TypeResetStream        = 0x04
	TypeStopSending        = 0x05
	TypeCrypto             = 0x06
	TypeNewToken           = 0x07
	TypeStream             = 0x08 // to 0x0f
	TypeMaxData            = 0x10
	TypeMaxStreamData      = 0x11
	TypeMaxStreamsBidi     = 0x12
	TypeMaxStreamsUni      = 0x13
	TypeDataBlocked        = 0x14
	TypeStreamDataBlocked  = 0x15
	TypeStreamsBlockedBidi = 0x16
	TypeStreamsBlockedUni  = 0x17
	TypeNewConnectionID    = 0x18
	TypeRetireConnectionID = 0x19
	TypePathChallenge      = 0x1a
	TypePathResponse       = 0x1b
	TypeConnectionClose    = 0x1c
	TypeApplicationClose   = 0x1d
	TypeHandshakeDone      = 0x1e
	TypeDatagram           = 0x30
	TypeDatagramLength     = 0x31
)

// A Frame is one that was read. Only the fields of its type are set.
type Frame struct {
	Type   uint64  // of a STREAM frame, without the bits that say which fields it has
	ID     uint64  // of a stream, or the sequence number of a connection ID
	Offset uint64  // of Data in the stream
	Data   []byte  // of a CRYPTO or STREAM frame, a path's challenge, a connection ID, or the reason for a close
	Fin    bool    // the stream ends with Data
	Code   uint64  // of an error
	Acked  []Range // of an ACK, the highest first
}

// A Range is a range of packet numbers.
type Range struct{ First, Last int64 }

// ElicitsAck reports whether the peer wants to know that the frame arrived.
func (f Frame) ElicitsAck() bool {
	switch f.Type {
	case TypePadding, TypeAck, TypeAckECN, TypeConnectionClose, TypeApplicationClose:
		return false
	}
	return true
}

// ReadFrames reads the frames of a packet, without padding.
func ReadFrames(payload []byte) (all []Frame, err error) {
	r := &Reader{Rest: payload}
	for len(r.Rest) > 0 {
		f := Frame{Type: r.Varint()}
		if f.Type == TypePadding {
			continue
		}
		if !f.read(r) {
			return all, fmt.Errorf("a frame has the unknown type %#x", f.Type)
		}
		if r.Short {
			return all, fmt.Errorf("a frame of type %#x is cut off", f.Type)
		}
		all = append(all, f)
	}
	return all, nil
}

// read reads the fields of a frame. It returns false if the type is unknown.
func (f *Frame) read(r *Reader) bool {
	switch f.Type {
	case TypePing, TypeHandshakeDone:
	case TypeAck, TypeAckECN:
		f.readAck(r)
	case TypeResetStream:
		f.ID, f.Code, f.Offset = r.Varint(), r.Varint(), r.Varint()
	case TypeStopSending:
		f.ID, f.Code = r.Varint(), r.Varint()
	case TypeCrypto:
		f.Offset = r.Varint()
		f.Data = r.Bytes(r.Varint())
	case TypeNewToken, TypeDatagramLength:
		f.Data = r.Bytes(r.Varint())
	case TypeMaxData, TypeMaxStreamsBidi, TypeMaxStreamsUni, TypeDataBlocked, TypeStreamsBlockedBidi, TypeStreamsBlockedUni:
		r.Varint()
	case TypeMaxStreamData, TypeStreamDataBlocked:
		f.ID, f.Offset = r.Varint(), r.Varint()
	case TypeNewConnectionID:
		f.ID = r.Varint()
		r.Varint() // retire prior to
		f.Data = r.Bytes(r.Uint(1))
		r.Bytes(16) // the token for a stateless reset
	case TypeRetireConnectionID:
		f.ID = r.Varint()
	case TypePathChallenge, TypePathResponse:
		f.Data = r.Bytes(8)
	case TypeConnectionClose:
		f.Code = r.Varint()
		r.Varint() // the type of the frame that was at fault
		f.Data = r.Bytes(r.Varint())
	case TypeApplicationClose:
		f.Code = r.Varint()
		f.Data = r.Bytes(r.Varint())
	case TypeDatagram:
		f.Data = r.Bytes(uint64(len(r.Rest)))
	default:
		return f.readStream(r)
	}
	return true
}

// readStream reads a STREAM frame (RFC 9000, section 19.8). It returns false if this is
// none.
func (f *Frame) readStream(r *Reader) bool {
	bits := f.Type & 7
	if f.Type&^7 != TypeStream {
		return false
	}
	f.Type = TypeStream
	f.ID = r.Varint()
	if bits&4 != 0 {
		f.Offset = r.Varint()
	}
	size := uint64(len(r.Rest))
	if bits&2 != 0 {
		size = r.Varint()
	}
	f.Data, f.Fin = r.Bytes(size), bits&1 != 0
	return true
}

// readAck reads an ACK frame (RFC 9000, section 19.3).
func (f *Frame) readAck(r *Reader) {
	last := int64(r.Varint())
	r.Varint() // the delay
	more := r.Varint()
	first := last - int64(r.Varint())
	f.Acked = append(f.Acked, Range{first, last})
	for i := uint64(0); i < more && !r.Short; i++ {
		last = first - int64(r.Varint()) - 2
		first = last - int64(r.Varint())
		f.Acked = append(f.Acked, Range{first, last})
	}
	if f.Type == TypeAckECN {
		r.Varint()
		r.Varint()
		r.Varint()
	}
}

// AppendAck appends an ACK of ranges, the highest first, that neither touch nor overlap.
func AppendAck(b []byte, acked []Range) []byte {
	b = append(b, TypeAck)
	b = AppendVarint(b, uint64(acked[0].Last))
	b = append(b, 0) // no delay
	b = AppendVarint(b, uint64(len(acked)-1))
	b = AppendVarint(b, uint64(acked[0].Last-acked[0].First))
	for i := 1; i < len(acked); i++ {
		b = AppendVarint(b, uint64(acked[i-1].First-acked[i].Last-2))
		b = AppendVarint(b, uint64(acked[i].Last-acked[i].First))
	}
	return b
}

// AppendCrypto appends a CRYPTO frame.
func AppendCrypto(b []byte, offset uint64, data []byte) []byte {
	b = AppendVarint(append(b, TypeCrypto), offset)
	return append(AppendVarint(b, uint64(len(data))), data...)
}

// AppendStream appends a STREAM frame. With fin, the stream ends with it.
func AppendStream(b []byte, id, offset uint64, data []byte, fin bool) []byte {
	kind := byte(TypeStream | 4 | 2)
	if fin {
		kind |= 1
	}
	b = AppendVarint(AppendVarint(append(b, kind), id), offset)
	return append(AppendVarint(b, uint64(len(data))), data...)
}

// AppendNewConnectionID appends a NEW_CONNECTION_ID frame, which asks the peer to retire
// all IDs with sequence numbers below retire. The token for a stateless reset is zero.
func AppendNewConnectionID(b []byte, sequence, retire uint64, id []byte) []byte {
	b = AppendVarint(AppendVarint(append(b, TypeNewConnectionID), sequence), retire)
	b = append(append(b, byte(len(id))), id...)
	return append(b, make([]byte, 16)...)
}

// AppendPath appends a PATH_CHALLENGE or PATH_RESPONSE frame with 8 bytes of data.
func AppendPath(b []byte, kind byte, data []byte) []byte { return append(append(b, kind), data...) }

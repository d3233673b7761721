package wire

import "fmt"

// A layout is the name of a frame type and its fields, one letter each:
//
//	s stream ID      o offset           t reason, with its length
//	c error code     d data with length v any other integer
//	f final size     e data to the end  i connection ID, with its length
//	r reliable size  l limit            p 8 bytes of a path's probe
//	a ranges of acknowledgements        k 16 bytes of a reset token
type layout struct {
	name   string
	fields string
}

// layouts has the frame types of RFC 9000 (section 19), DATAGRAM (RFC 9221),
// and the extensions that releases send: RESET_STREAM_AT
// (draft-ietf-quic-reliable-stream-reset), and ACK_FREQUENCY and IMMEDIATE_ACK
// (draft-ietf-quic-ack-frequency).
var layouts = map[uint64]layout{
	0x00: {"PADDING", ""},
	0x01: {"PING", ""},
	0x02: {"ACK", "a"},
	0x03: {"ACK", "avvv"}, // with ECN counts
	0x04: {"RESET_STREAM", "scf"},
	0x05: {"STOP_SENDING", "sc"},
	0x06: {"CRYPTO", "od"},
	0x07: {"NEW_TOKEN", "d"},
	0x08: {"STREAM", "se"}, // bits: 1 end of the stream, 2 has a length, 4 has an offset
	0x09: {"STREAM", "se"},
	0x0a: {"STREAM", "sd"},
	0x0b: {"STREAM", "sd"},
	0x0c: {"STREAM", "soe"},
	0x0d: {"STREAM", "soe"},
	0x0e: {"STREAM", "sod"},
	0x0f: {"STREAM", "sod"},
	0x10: {"MAX_DATA", "l"},
	0x11: {"MAX_STREAM_DATA", "sl"},
	0x12: {"MAX_STREAMS", "l"},
	0x13: {"MAX_STREAMS", "l"},
	0x14: {"DATA_BLOCKED", "l"},
	0x15: {"STREAM_DATA_BLOCKED", "sl"},
	0x16: {"STREAMS_BLOCKED", "l"},
	0x17: {"STREAMS_BLOCKED", "l"},
	0x18: {"NEW_CONNECTION_ID", "vvik"},
	0x19: {"RETIRE_CONNECTION_ID", "v"},
	0x1a: {"PATH_CHALLENGE", "p"},
	0x1b: {"PATH_RESPONSE", "p"},
	0x1c: {"CONNECTION_CLOSE", "cvt"}, // by the transport, with the type of the frame at fault
	0x1d: {"CONNECTION_CLOSE", "ct"},  // by the application
	0x1e: {"HANDSHAKE_DONE", ""},
	0x1f: {"IMMEDIATE_ACK", ""},
	0x24: {"RESET_STREAM_AT", "scfr"},
	0x30: {"DATAGRAM", "e"},
	0x31: {"DATAGRAM", "d"},
	0xaf: {"ACK_FREQUENCY", "vvvv"},
}

// applicationClose is the type of a CONNECTION_CLOSE by the application.
const applicationClose = 0x1d

// parseFrames parses the payload of a packet, and leaves out PADDING. If it
// returns an error, the payload could not be parsed to its end, and the frames
// are those before.
func parseFrames(payload []byte) ([]Frame, error) {
	var frames []Frame
	c := cursor{b: payload}
	for len(c.b) > 0 {
		if c.b[0] == 0 {
			c.b = c.b[1:]
			continue
		}
		kind := c.varint()
		l, known := layouts[kind]
		if !known && !c.short {
			return frames, fmt.Errorf("frame type %#x is unknown", kind)
		}
		f := l.parse(&c)
		if c.short {
			return frames, fmt.Errorf("a frame of type %#x is cut short", kind)
		}
		f.Fin = l.name == "STREAM" && kind&1 != 0
		f.Application = kind == applicationClose
		frames = append(frames, f)
	}
	return frames, nil
}

// parse reads the fields of one frame.
func (l layout) parse(c *cursor) Frame {
	f := NewFrame(l.name)
	for i := 0; i < len(l.fields); i++ {
		switch l.fields[i] {
		case 's':
			f.Stream = int64(c.varint())
		case 'c':
			f.Code = int64(c.varint())
		case 'f':
			f.FinalSize = int64(c.varint())
		case 'r':
			f.ReliableSize = int64(c.varint())
		case 'o':
			f.Offset = int64(c.varint())
		case 'l':
			f.Limit = int64(c.varint())
		case 'd':
			f.Hold(c.bytes(c.varint()))
		case 'e':
			f.Hold(c.bytes(uint64(len(c.b))))
		case 't':
			f.Reason = string(c.bytes(c.varint()))
		case 'i':
			f.Hold(c.bytes(uint64(c.byte())))
		case 'v':
			c.varint()
		case 'p':
			c.bytes(8)
		case 'k':
			c.bytes(16)
		case 'a':
			skipRanges(c)
		}
	}
	if f.Type == "STREAM" && f.Offset == None {
		f.Offset = 0 // a STREAM frame without an offset begins at 0
	}
	return f
}

// skipRanges reads the largest number acknowledged, the delay and the ranges
// of an ACK frame. It stops if the frame is too short for the number of ranges
// that it claims.
func skipRanges(c *cursor) {
	c.varint()
	c.varint()
	count := c.varint()
	c.varint() // the first range
	for i := uint64(0); i < count && !c.short; i++ {
		c.varint() // gap
		c.varint() // range
	}
}

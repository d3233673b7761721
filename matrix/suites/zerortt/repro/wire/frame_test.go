package wire

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// frame returns a frame of a type. set sets its fields, and may be nil.
func frame(name string, set func(*Frame)) Frame {
	f := NewFrame(name)
	if set != nil {
		set(&f)
	}
	return f
}

var frameTests = []struct {
	name string
	b    []byte
	want Frame
}{
	{"ping", []byte{0x01}, frame("PING", nil)},
	{"ack", []byte{0x02, 9, 1, 2, 0, 1, 1, 1, 1}, frame("ACK", nil)},
	{"ack with ECN", []byte{0x03, 9, 1, 1, 0, 1, 1, 5, 6, 7}, frame("ACK", nil)},
	{"reset", []byte{0x04, 0x04, 0x53, 0x37, 0x42, 0x58}, frame("RESET_STREAM", func(f *Frame) { f.Stream, f.Code, f.FinalSize = 4, canary, 600 })},
	{"reset at", []byte{0x24, 0x04, 0x53, 0x37, 9, 5}, frame("RESET_STREAM_AT", func(f *Frame) { f.Stream, f.Code, f.FinalSize, f.ReliableSize = 4, canary, 9, 5 })},
	{"stop", []byte{0x05, 0x02, 0x53, 0x37}, frame("STOP_SENDING", func(f *Frame) { f.Stream, f.Code = 2, canary })},
	{"crypto", []byte{0x06, 0x40, 0x07, 2, 'h', 'i'}, frame("CRYPTO", func(f *Frame) { f.Offset, f.Length = 7, 2 })},
	{"token", []byte{0x07, 1, 'x'}, frame("NEW_TOKEN", func(f *Frame) { f.Length = 1 })},
	{"stream to the end", []byte{0x08, 0, 'h', 'i'}, frame("STREAM", func(f *Frame) { f.Stream, f.Offset, f.Length = 0, 0, 2 })},
	{"stream, fin", []byte{0x09, 4}, frame("STREAM", func(f *Frame) { f.Stream, f.Offset, f.Length, f.Fin = 4, 0, 0, true })},
	{"stream, length", []byte{0x0a, 4, 1, 'x'}, frame("STREAM", func(f *Frame) { f.Stream, f.Offset, f.Length = 4, 0, 1 })},
	{"stream, offset", []byte{0x0c, 4, 9, 'x'}, frame("STREAM", func(f *Frame) { f.Stream, f.Offset, f.Length = 4, 9, 1 })},
	{"stream, all", []byte{0x0f, 4, 9, 1, 'x'}, frame("STREAM", func(f *Frame) { f.Stream, f.Offset, f.Length, f.Fin = 4, 9, 1, true })},
	{"max data", []byte{0x10, 0x80, 1, 0, 0}, frame("MAX_DATA", func(f *Frame) { f.Limit = 1 << 16 })},
	{"max stream data", []byte{0x11, 4, 9}, frame("MAX_STREAM_DATA", func(f *Frame) { f.Stream, f.Limit = 4, 9 })},
	{"max streams", []byte{0x12, 9}, frame("MAX_STREAMS", func(f *Frame) { f.Limit = 9 })},
	{"max uni streams", []byte{0x13, 9}, frame("MAX_STREAMS", func(f *Frame) { f.Limit = 9 })},
	{"data blocked", []byte{0x14, 9}, frame("DATA_BLOCKED", func(f *Frame) { f.Limit = 9 })},
	{"stream blocked", []byte{0x15, 4, 9}, frame("STREAM_DATA_BLOCKED", func(f *Frame) { f.Stream, f.Limit = 4, 9 })},
	{"streams blocked", []byte{0x16, 9}, frame("STREAMS_BLOCKED", func(f *Frame) { f.Limit = 9 })},
	{"uni streams blocked", []byte{0x17, 9}, frame("STREAMS_BLOCKED", func(f *Frame) { f.Limit = 9 })},
	{"connection ID", append([]byte{0x18, 1, 0, 2, 7, 7}, make([]byte, 16)...), frame("NEW_CONNECTION_ID", func(f *Frame) { f.Length = 2 })},
	{"retire", []byte{0x19, 1}, frame("RETIRE_CONNECTION_ID", nil)},
	{"challenge", []byte{0x1a, 1, 2, 3, 4, 5, 6, 7, 8}, frame("PATH_CHALLENGE", nil)},
	{"response", []byte{0x1b, 1, 2, 3, 4, 5, 6, 7, 8}, frame("PATH_RESPONSE", nil)},
	{"close", []byte{0x1c, 5, 0x04, 2, 'n', 'o'}, frame("CONNECTION_CLOSE", func(f *Frame) { f.Code, f.Reason = 5, "no" })},
	{"close by the application", []byte{0x1d, 5, 2, 'n', 'o'}, frame("CONNECTION_CLOSE", func(f *Frame) { f.Code, f.Reason, f.Application = 5, "no", true })},
	{"done", []byte{0x1e}, frame("HANDSHAKE_DONE", nil)},
	{"immediate ack", []byte{0x1f}, frame("IMMEDIATE_ACK", nil)},
	{"datagram to the end", []byte{0x30, 1, 2, 3}, frame("DATAGRAM", func(f *Frame) { f.Length = 3 })},
	{"datagram", []byte{0x31, 2, 1, 2}, frame("DATAGRAM", func(f *Frame) { f.Length = 2 })},
	{"ack frequency", []byte{0x40, 0xaf, 1, 2, 3, 4}, frame("ACK_FREQUENCY", nil)},
}

var sameFrame = cmpopts.IgnoreFields(Frame{}, "Data")

func TestFrames(t *testing.T) {
	for _, tt := range frameTests {
		t.Run(tt.name, func(t *testing.T) {
			frames, err := parseFrames(append([]byte{0, 0}, tt.b...)) // behind padding
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]Frame{tt.want}, frames, sameFrame); diff != "" {
				t.Error("(-want +got)", diff)
			}
		})
	}
}

// TestEveryLayoutIsTested checks that frameTests has every frame type of the
// parser.
func TestEveryLayoutIsTested(t *testing.T) {
	tested := map[string]bool{"PADDING": true}
	for _, tt := range frameTests {
		tested[tt.want.Type] = true
	}
	for kind, l := range layouts {
		if !tested[l.name] {
			t.Errorf("frame type %#x, %s, has no test", kind, l.name)
		}
	}
}

// TestFramesEndWhereTheyEnd checks that the parser finds the frame after each
// frame, and that it rejects a frame that is cut short, unless its data
// extends to the end.
func TestFramesEndWhereTheyEnd(t *testing.T) {
	for _, tt := range frameTests {
		toTheEnd := bytes.IndexByte([]byte(layouts[uint64(tt.b[0])].fields), 'e') >= 0
		if toTheEnd {
			continue
		}
		frames, err := parseFrames(append(append([]byte{}, tt.b...), 0x1e))
		if err != nil || len(frames) != 2 || frames[1].Type != "HANDSHAKE_DONE" {
			t.Errorf("%s: what follows is read as %v, %v", tt.name, typesOf(frames), err)
		}
		for n := 1; n < len(tt.b); n++ {
			if frames, err := parseFrames(tt.b[:n]); err == nil || len(frames) > 0 {
				t.Errorf("%s: the first %d of %d bytes are taken for %s", tt.name, n, len(tt.b), typesOf(frames))
			}
		}
	}
}

// TestEndlessRanges checks that the parser does not loop over ranges that are
// not there.
func TestEndlessRanges(t *testing.T) {
	b := append([]byte{0x02, 0, 0}, bytes.Repeat([]byte{0xff}, 8)...)
	if _, err := parseFrames(append(b, 0)); err == nil {
		t.Error("4611686018427387903 ranges were found in no bytes")
	}
}

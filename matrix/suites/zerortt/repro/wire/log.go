package wire

import "encoding/json"

// The sides of a connection.
const (
	Client = "client"
	Server = "server"
)

// None is the value of a field that a frame does not have, and of an unknown
// packet number.
const None = -1

// WholeConnection is the stream ID of what concerns the connection and no
// stream.
const WholeConnection = -1

// A Frame is one frame as it was sent over the wire.
type Frame struct {
	From         string // Client or Server
	Packet       string // the kind of its packet
	Number       int64  // the number of its packet
	US           int64  // microseconds since the start of the trial
	Type         string // its name in the RFC
	Stream       int64  // WholeConnection if it concerns no stream
	Code         int64  // error code, or None
	FinalSize    int64  // of a reset, or None
	ReliableSize int64  // of a RESET_STREAM_AT, or None
	Offset       int64  // of data, or None
	Length       int64  // of data, or None
	Limit        int64  // of flow control, or None
	Fin          bool   // a STREAM frame that ends its stream
	Application  bool   // a CONNECTION_CLOSE from the application
	Reason       string // of a CONNECTION_CLOSE
	Data         []byte // of CRYPTO, STREAM and DATAGRAM; the ID of NEW_CONNECTION_ID
}

// NewFrame returns a frame of a type without any of the optional fields.
func NewFrame(name string) Frame {
	return Frame{
		Type: name, Stream: WholeConnection,
		Code: None, FinalSize: None, ReliableSize: None, Offset: None, Length: None, Limit: None,
	}
}

// Hold sets the data of a frame and its length.
func (f *Frame) Hold(data []byte) { f.Data, f.Length = data, int64(len(data)) }

// MarshalJSON encodes the fields that belong into a report. It leaves out a
// code or final size that the frame does not have.
func (f Frame) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		From      string `json:"from"`
		Packet    string `json:"packet"`
		Number    int64  `json:"number"`
		US        int64  `json:"us"`
		Type      string `json:"type"`
		Stream    int64  `json:"stream"`
		Code      *int64 `json:"code,omitempty"`
		FinalSize *int64 `json:"final_size,omitempty"`
	}{f.From, f.Packet, f.Number, f.US, f.Type, f.Stream, orNil(f.Code), orNil(f.FinalSize)})
}

// orNil returns a pointer to v, or nil if v is None.
func orNil(v int64) *int64 {
	if v == None {
		return nil
	}
	return &v
}

// A Packet is one QUIC packet. If it could not be read, or not to its end,
// Opaque says why.
type Packet struct {
	From   string // Client or Server
	Kind   string // one of the Kind constants
	Number int64  // None if it could not be decrypted
	Phase  int    // key phase of a 1-RTT packet: the number of key updates before it
	US     int64  // microseconds since the start of the trial
	Size   int    // in bytes
	Frames []Frame
	Opaque string
}

// A Log is what was sent over the wire in a trial, in the order in which the
// client's socket saw it.
type Log struct {
	Packets []Packet
	Early   string // line for the key log with the secret of the 0-RTT packets, if it was derived
}

// Opaque returns how many packets of a side and kind could not be read to
// their end, and why the first of them could not.
func (l Log) Opaque(from, kind string) (n int, why string) {
	for _, p := range l.Packets {
		if p.From != from || p.Kind != kind || p.Opaque == "" {
			continue
		}
		if n++; n == 1 {
			why = p.Opaque
		}
	}
	return n, why
}

// Repeated returns the first frame that a side sent again in a 1-RTT packet. A
// side does that with what it takes for lost. On loopback nothing is lost, so
// its timer has expired before it saw an acknowledgement that was under way.
//
// Only frames that say something about a stream count. The limits of flow
// control are sent more than once for other reasons.
func (l Log) Repeated(side string) (again Frame, ok bool) {
	type key struct {
		kind                            string
		stream, offset, code, finalSize int64
	}
	sent := make(map[key]bool)
	for _, p := range l.Packets {
		if p.From != side || p.Kind != KindOneRTT {
			continue
		}
		for _, f := range p.Frames {
			k := key{f.Type, f.Stream, f.Offset, f.Code, f.FinalSize}
			switch f.Type {
			case "STREAM", "RESET_STREAM", "RESET_STREAM_AT", "STOP_SENDING":
				if sent[k] {
					return f, true
				}
				sent[k] = true
			}
		}
	}
	return Frame{}, false
}

// Telling returns the frames that end streams or the connection, and
// DATAGRAMs. They are what can show a leak. It never returns nil.
func (l Log) Telling() []Frame {
	frames := []Frame{}
	for _, p := range l.Packets {
		for _, f := range p.Frames {
			switch f.Type {
			case "RESET_STREAM", "RESET_STREAM_AT", "STOP_SENDING", "CONNECTION_CLOSE", "DATAGRAM":
				frames = append(frames, f)
			}
		}
	}
	return frames
}

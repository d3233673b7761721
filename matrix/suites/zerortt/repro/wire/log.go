package wire

import "encoding/json"

// The sides of a connection.
const (
	Client = "client"
	Server = "server"
)

// None stands where a frame has no such field, or a packet no number.
const None = -1

// WholeConnection stands for a stream where something is about none, but about
// the connection.
const WholeConnection = -1

// A Frame is one frame as it went over the wire.
type Frame struct {
	From         string // Client or Server
	Packet       string // the kind of its packet
	Number       int64  // its packet's
	US           int64  // microseconds since the trial's start
	Type         string // as its RFC names it
	Stream       int64  // WholeConnection where it is about None
	Code         int64  // error code; None
	FinalSize    int64  // of a reset; None
	ReliableSize int64  // of RESET_STREAM_AT; None
	Offset       int64  // of data; None
	Length       int64  // of data; None
	Limit        int64  // of flow control; None
	Fin          bool   // a STREAM frame ends its stream
	Application  bool   // CONNECTION_CLOSE comes from the application
	Reason       string // of CONNECTION_CLOSE
	Data         []byte // of CRYPTO, STREAM, DATAGRAM; the ID of NEW_CONNECTION_ID
}

// NewFrame returns a frame of a type that has nothing else.
func NewFrame(name string) Frame {
	return Frame{
		Type: name, Stream: WholeConnection,
		Code: None, FinalSize: None, ReliableSize: None, Offset: None, Length: None, Limit: None,
	}
}

// Hold keeps a frame's data.
func (f *Frame) Hold(data []byte) { f.Data, f.Length = data, int64(len(data)) }

// MarshalJSON writes what a report tells of a frame, without what it does not have.
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
	}{f.From, f.Packet, f.Number, f.US, f.Type, f.Stream, some(f.Code), some(f.FinalSize)})
}

// some returns nil for None.
func some(v int64) *int64 {
	if v == None {
		return nil
	}
	return &v
}

// A Packet is one QUIC packet, in the order in which the client's socket saw
// them. Where it could not be read, or not all of it, Opaque says why.
type Packet struct {
	From   string // Client or Server
	Kind   string // one of the kinds
	Number int64  // None where it could not be read
	Phase  int    // of the keys that opened it; 0 but for 1-RTT packets after a key update
	US     int64  // microseconds since the trial's start
	Size   int    // in bytes
	Frames []Frame
	Opaque string
}

// A Log is what went over the wire in a trial.
type Log struct {
	Packets []Packet
	Early   string // line of a key log for the 0-RTT packets, where it had to be derived
}

// Opaque returns how many packets of a side and kind were not read to the end,
// and why the first of them was not.
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

// Telling returns the frames that end streams or the connection, and datagrams:
// what a leak is made of. It never returns nil.
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

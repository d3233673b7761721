package main

import "encoding/json"

// none stands where a frame has no such field.
const none = -1

// A wireFrame is one frame as it went over the wire.
type wireFrame struct {
	From         string // clientSide or serverSide
	Packet       string // the kind of its packet
	Number       int64  // its packet's
	US           int64  // microseconds since the trial's start
	Type         string // as its RFC names it
	Stream       int64  // wholeConnection where it is about none
	Code         int64  // error code; none
	FinalSize    int64  // of a reset; none
	ReliableSize int64  // of RESET_STREAM_AT; none
	Offset       int64  // of data; none
	Length       int64  // of data; none
	Limit        int64  // of flow control; none
	Fin          bool   // a STREAM frame ends its stream
	Application  bool   // CONNECTION_CLOSE comes from the application
	Reason       string // of CONNECTION_CLOSE
	data         []byte // of CRYPTO, STREAM, DATAGRAM; the ID of NEW_CONNECTION_ID
}

func newWireFrame(name string) wireFrame {
	return wireFrame{
		Type: name, Stream: wholeConnection,
		Code: none, FinalSize: none, ReliableSize: none, Offset: none, Length: none, Limit: none,
	}
}

// hold keeps a frame's data.
func (f *wireFrame) hold(data []byte) { f.data, f.Length = data, int64(len(data)) }

// MarshalJSON writes what a report tells of a frame, without what it does not have.
func (f wireFrame) MarshalJSON() ([]byte, error) {
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

// some returns nil for none.
func some(v int64) *int64 {
	if v == none {
		return nil
	}
	return &v
}

// A wirePacket is one QUIC packet, in the order in which the client's socket saw
// them. Where it could not be read, or not all of it, opaque says why.
type wirePacket struct {
	from   string
	kind   string
	number int64 // none where it could not be read
	us     int64
	size   int // in bytes
	frames []wireFrame
	opaque string
}

// A wireLog is what went over the wire in a trial.
type wireLog struct {
	packets []wirePacket
	early   string // line of a key log for the 0-RTT packets, where it had to be derived
}

// A wireReport is what of a wireLog a trial's report shows.
type wireReport struct {
	Agrees  bool           `json:"agrees"`           // the wire says what the report says
	Unread  string         `json:"unread,omitempty"` // why the wire says nothing
	Why     string         `json:"why,omitempty"`    // it does not
	Packets int            `json:"-"`
	Opaque  map[string]int `json:"-"`      // packets that were not read to the end: "client 0-RTT": 2
	Frames  []wireFrame    `json:"frames"` // the telling ones
}

// opaque says why the first packet of a side and kind that could not be read
// could not.
func (l wireLog) opaque(from, kind string) string {
	for _, p := range l.packets {
		if p.from == from && p.kind == kind && p.opaque != "" {
			return p.opaque
		}
	}
	return ""
}

// report sums the log up.
func (l wireLog) report() wireReport {
	r := wireReport{Packets: len(l.packets), Frames: l.telling()}
	for _, p := range l.packets {
		if p.opaque != "" {
			if r.Opaque == nil {
				r.Opaque = make(map[string]int)
			}
			r.Opaque[p.from+" "+p.kind]++
		}
	}
	return r
}

// telling returns the frames that end streams or the connection, and datagrams:
// what a leak is made of. It never returns nil.
func (l wireLog) telling() []wireFrame {
	frames := []wireFrame{}
	for _, p := range l.packets {
		for _, f := range p.frames {
			switch f.Type {
			case "RESET_STREAM", "RESET_STREAM_AT", "STOP_SENDING", "CONNECTION_CLOSE", "DATAGRAM":
				frames = append(frames, f)
			}
		}
	}
	return frames
}

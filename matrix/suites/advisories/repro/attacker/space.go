package attacker

import (
	"errors"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

// A space is what is known at one encryption level.
type space struct {
	send, open *wire.Keys   // nil until the handshake gets there
	next       int64        // the number of the next packet to send
	acked      int64        // the largest one that the peer has acknowledged, or -1
	largest    int64        // the largest number of the peer's packets, or -1
	seen       []wire.Range // the numbers of its packets, the highest first
	owed       bool         // some of them want an acknowledgement
	eliciting  int64        // the number of the last of those
	crypto     stream
}

// decrypt decrypts a packet. If the peer has updated its keys, so does this side.
func (s *space) decrypt(h wire.Header) (wire.Packet, error) {
	p, err := s.open.Open(h, s.largest)
	if err != wire.ErrPhase {
		return p, err
	}
	next := s.open.Updated()
	if p, err = next.Open(h, s.largest); err == nil {
		s.open, s.send = next, s.send.Updated()
	}
	return p, err
}

// add records the number of a packet of the peer. It returns false for one that was
// there before.
func (s *space) add(n int64) bool {
	if n > s.largest {
		s.largest = n
	}
	for i := range s.seen {
		r := &s.seen[i]
		switch {
		case n >= r.First && n <= r.Last:
			return false
		case n == r.Last+1:
			r.Last = n
			if i > 0 && s.seen[i-1].First == n+1 {
				s.seen[i-1].First = r.First
				s.seen = append(s.seen[:i], s.seen[i+1:]...)
			}
			return true
		case n == r.First-1:
			r.First = n
			if i+1 < len(s.seen) && s.seen[i+1].Last == n-1 {
				r.First = s.seen[i+1].First
				s.seen = append(s.seen[:i+1], s.seen[i+2:]...)
			}
			return true
		case n > r.Last:
			s.seen = append(s.seen[:i], append([]wire.Range{{First: n, Last: n}}, s.seen[i:]...)...)
			return true
		}
	}
	s.seen = append(s.seen, wire.Range{First: n, Last: n})
	return true
}

// maxStream bounds what a stream may have: more means that the peer misbehaves.
const maxStream = 1 << 20

// A stream puts the data of a stream in order.
type stream struct {
	data   []byte            // all up to the first gap
	later  map[uint64][]byte // what came after it, by offset
	final  uint64            // the size of the stream, if ended
	ended  bool
	closed bool   // all of it is in data
	reset  bool   // the peer gave it up
	sent   uint64 // bytes of the other direction
	read   int    // bytes of data that were taken
}

// errTooMuch reports a stream that is longer than maxStream.
var errTooMuch = errors.New("the peer sent too much")

// add adds data of the stream.
func (s *stream) add(offset uint64, data []byte, fin bool) error {
	if offset+uint64(len(data)) > maxStream || len(s.later) > maxStream {
		return errTooMuch
	}
	if fin {
		s.final, s.ended = offset+uint64(len(data)), true
	}
	if s.later == nil {
		s.later = make(map[uint64][]byte)
	}
	if old := s.later[offset]; len(old) <= len(data) {
		s.later[offset] = append([]byte(nil), data...)
	}
	for found := true; found; {
		found = false
		for at, data := range s.later {
			have := uint64(len(s.data))
			if at > have {
				continue
			}
			if end := at + uint64(len(data)); end > have {
				s.data = append(s.data, data[have-at:]...)
			}
			delete(s.later, at)
			found = true
		}
	}
	s.closed = s.ended && uint64(len(s.data)) == s.final
	return nil
}

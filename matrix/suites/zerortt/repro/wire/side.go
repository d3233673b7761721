package wire

// A side is what the decoder knows of one side's sending.
type side struct {
	largest   [spaces]int64 // packet numbers seen; None
	idLengths []int         // of the connection IDs that it chose, and its peer's short headers begin with
	phases    []*phases     // of its 1-RTT keys, made when they are first needed
}

// side returns what is known of a side.
func (d *decoder) side(name string) *side {
	if name == Client {
		return &d.client
	}
	return &d.server
}

// peerOf returns the other side.
func peerOf(name string) string {
	if name == Client {
		return Server
	}
	return Client
}

// chose notes the length of a connection ID that the side chose.
func (s *side) chose(size int) {
	for _, known := range s.idLengths {
		if known == size {
			return
		}
	}
	s.idLengths = append(s.idLengths, size)
}

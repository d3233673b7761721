package wire

// A side is what the decoder knows about the packets that one side sends.
type side struct {
	largest   [numSpaces]int64 // largest packet number seen in each space, or None
	idLengths []int            // lengths of its own connection IDs, which the other side puts in short headers
	phases    []*phases        // of its 1-RTT packets; nil until the first one
}

// side returns the state of a side.
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

// addIDLength records the length of a connection ID that the side chose.
func (s *side) addIDLength(size int) {
	for _, known := range s.idLengths {
		if known == size {
			return
		}
	}
	s.idLengths = append(s.idLengths, size)
}

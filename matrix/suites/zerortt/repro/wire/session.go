//go:build go1.21
// +build go1.21

package wire

import "crypto/tls"

// SessionKey returns the pre-shared key of a session ticket, or nil.
func SessionKey(s *tls.ClientSessionState) []byte {
	_, state, err := s.ResumptionState()
	if err != nil || state == nil {
		return nil
	}
	encoded, err := state.Bytes()
	if err != nil {
		return nil
	}
	return parseSession(encoded)
}

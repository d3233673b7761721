//go:build go1.21
// +build go1.21

package main

import "crypto/tls"

// sessionKey returns the key that a ticket stands for, or nil.
func sessionKey(s *tls.ClientSessionState) []byte {
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

package main

import (
	"crypto/tls"
	"sync"
)

const protocolName = "matrixrun-repro"

// serverTLS makes the configuration of one server: a certificate and ticket
// keys of its own, so that no server can decrypt another one's tickets.
func serverTLS() (*tls.Config, error) {
	certificate, err := certificates.next()
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		Certificates: []tls.Certificate{certificate},
		NextProtos:   []string{protocolName},
		MinVersion:   tls.VersionTLS13,
	}, nil
}

// clientTLS makes the client's configuration, with a place for its ticket.
// X25519 alone keeps the ClientHello in one datagram: a post-quantum key share
// would split it, and what the server then sees first would be chance.
func clientTLS(tickets *ticketBox) *tls.Config {
	return &tls.Config{
		ServerName:         "localhost",
		InsecureSkipVerify: true, // a certificate made for this trial, on loopback
		NextProtos:         []string{protocolName},
		MinVersion:         tls.VersionTLS13,
		CurvePreferences:   []tls.CurveID{tls.X25519},
		ClientSessionCache: tickets,
	}
}

// A ticketBox is a session cache for one ticket that tells when it has it.
type ticketBox struct {
	mu    sync.Mutex
	state *tls.ClientSessionState
	once  sync.Once
	full  chan struct{}
}

func newTicketBox() *ticketBox { return &ticketBox{full: make(chan struct{})} }

// Get returns the ticket, whichever server it is asked for: that the second
// server is offered the first one's ticket is the point.
func (b *ticketBox) Get(string) (*tls.ClientSessionState, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state, b.state != nil
}

// key returns the key that the ticket stands for, where that can be told, or nil.
func (b *ticketBox) key() []byte {
	if s, ok := b.Get(""); ok {
		return sessionKey(s)
	}
	return nil
}

// Put keeps the first ticket; what the second server sends is of no use here.
func (b *ticketBox) Put(_ string, s *tls.ClientSessionState) {
	if s == nil {
		return
	}
	b.once.Do(func() {
		b.mu.Lock()
		b.state = s
		b.mu.Unlock()
		close(b.full)
	})
}

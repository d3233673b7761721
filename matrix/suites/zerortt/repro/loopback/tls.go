package loopback

import "crypto/tls"

const protocolName = "matrixrun-repro"

// ServerTLS makes the configuration of one server: a certificate and ticket
// keys of its own, so that no server can decrypt another one's tickets.
func ServerTLS() (*tls.Config, error) {
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

// ClientTLS makes the client's configuration, with a place for its ticket.
// X25519 alone keeps the ClientHello in one datagram: a post-quantum key share
// would split it, and what the server then sees first would be chance.
func ClientTLS(tickets *TicketBox) *tls.Config {
	return &tls.Config{
		ServerName:         "localhost",
		InsecureSkipVerify: true, // a certificate made for this trial, on loopback
		NextProtos:         []string{protocolName},
		MinVersion:         tls.VersionTLS13,
		CurvePreferences:   []tls.CurveID{tls.X25519},
		ClientSessionCache: tickets,
	}
}

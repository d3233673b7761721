package loopback

import "crypto/tls"

// protocolName is the application protocol that both sides negotiate with
// ALPN.
const protocolName = "matrixrun-repro"

// ServerTLS returns the configuration of one server. Each has a certificate
// and ticket keys of its own, so no server can decrypt the tickets of another
// one.
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

// ClientTLS returns the client's configuration. It keeps the session ticket in
// tickets.
//
// X25519 is the only key exchange. A post-quantum key share would split the
// ClientHello over two datagrams, and it would be chance which one the server
// sees first.
func ClientTLS(tickets *TicketBox) *tls.Config {
	return &tls.Config{
		ServerName:         "localhost",
		InsecureSkipVerify: true, // the certificate is made for this trial, and self-signed
		NextProtos:         []string{protocolName},
		MinVersion:         tls.VersionTLS13,
		CurvePreferences:   []tls.CurveID{tls.X25519},
		ClientSessionCache: tickets,
	}
}

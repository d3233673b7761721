package handshake

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

// A Server is the server of one handshake.
type Server struct {
	*schedule
	key         *ecdsa.PrivateKey
	certificate []byte
}

// NewServer prepares a handshake, with a small certificate of its own, so that all of
// its messages fit into one datagram.
func NewServer() (*Server, error) {
	s, err := newSchedule()
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{"localhost"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return &Server{s, key, certificate}, err
}

// A Flight is all that a server sends of its handshake.
type Flight struct {
	Hello     []byte  // at the Initial level
	Rest      []byte  // at the Handshake level
	Handshake Secrets // of the Handshake level
	App       Secrets // of the 1-RTT level
}

// Answer answers a ClientHello for an application protocol. The parameters are the
// server's transport parameters.
func (s *Server) Answer(hello []byte, version uint32, protocol string, parameters []byte) (f Flight, err error) {
	if hello[0] != clientHello {
		return f, unexpected(hello[0], "a ClientHello")
	}
	s.transcript.Write(hello)
	r := &wire.Reader{Rest: hello[4:]}
	r.Bytes(2 + 32) // the version and the random value
	session := r.Bytes(r.Uint(1))
	r.Bytes(r.Uint(2)) // the cipher suites
	r.Bytes(r.Uint(1)) // the compressions
	share := shareOf(extensions(r)[extKeyShare])
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return f, err
	}
	f.Hello = message(serverHello, number(2, versionTLS12), random, vector(1, session), number(2, aes128), []byte{0},
		vector(2, join(
			extension(extVersions, number(2, versionTLS13)),
			extension(extKeyShare, number(2, p256), vector(2, s.public)),
		)))
	s.transcript.Write(f.Hello)
	if f.Handshake, err = s.exchange(share); err != nil {
		return f, err
	}
	s.send(&f, message(encryptedExtensions, vector(2, join(alpn(protocol), extension(parametersType(version), parameters)))))
	s.send(&f, message(certificateMessage, vector(1, nil), vector(3, join(vector(3, s.certificate), vector(2, nil)))))
	verify, err := s.verify()
	if err != nil {
		return f, err
	}
	s.send(&f, verify)
	f.Rest = append(f.Rest, s.finished(s.handshake.Server)...)
	f.App = s.application()
	return f, nil
}

// send adds a message to the flight.
func (s *Server) send(f *Flight, m []byte) {
	s.transcript.Write(m)
	f.Rest = append(f.Rest, m...)
}

// verify returns the CertificateVerify (RFC 8446, section 4.4.3).
func (s *Server) verify() ([]byte, error) {
	context := strings.Repeat(" ", 64) + "TLS 1.3, server CertificateVerify\x00"
	signed := s.transcript.Sum([]byte(context))
	digest := sha256.Sum256(signed)
	signature, err := ecdsa.SignASN1(rand.Reader, s.key, digest[:])
	return message(certificateVerify, number(2, ecdsaP256), vector(2, signature)), err
}

// shareOf returns the key of P-256 among the key shares of a ClientHello, or nil if
// there is no such key.
func shareOf(shares []byte) []byte {
	outer := wire.Reader{Rest: shares}
	r := wire.Reader{Rest: outer.Bytes(outer.Uint(2))}
	for len(r.Rest) > 0 {
		group := r.Uint(2)
		key := r.Bytes(r.Uint(2))
		if group == p256 {
			return key
		}
	}
	return nil
}

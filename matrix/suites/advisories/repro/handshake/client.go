package handshake

import (
	"crypto/rand"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

// A Client is the client of one handshake. Its methods are called in the order in which
// they are here.
type Client struct {
	*schedule
	hello []byte
}

// NewClient prepares a handshake with a version of QUIC, for an application protocol.
// The parameters are the client's transport parameters.
func NewClient(version uint32, protocol string, parameters []byte) (*Client, error) {
	s, err := newSchedule()
	if err != nil {
		return nil, err
	}
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	all := join(
		extension(extServerName, vector(2, join([]byte{0}, vector(2, []byte("localhost"))))),
		extension(extGroups, vector(2, number(2, p256))),
		extension(extSignatures, vector(2, number(2, ecdsaP256))),
		alpn(protocol),
		extension(extVersions, vector(1, number(2, versionTLS13))),
		extension(extKeyShare, vector(2, join(number(2, p256), vector(2, s.public)))),
		extension(parametersType(version), parameters),
	)
	hello := message(clientHello, number(2, versionTLS12), random, vector(1, nil),
		vector(2, number(2, aes128)), vector(1, []byte{0}), vector(2, all))
	s.transcript.Write(hello)
	return &Client{s, hello}, nil
}

// Hello returns the ClientHello.
func (c *Client) Hello() []byte { return c.hello }

// ServerHello takes in the ServerHello, and returns the secrets of the Handshake level.
func (c *Client) ServerHello(m []byte) (Secrets, error) {
	if m[0] != serverHello {
		return Secrets{}, unexpected(m[0], "a ServerHello")
	}
	c.transcript.Write(m)
	r := &wire.Reader{Rest: m[4:]}
	r.Bytes(2 + 32)    // the version and the random value
	r.Bytes(r.Uint(1)) // the session
	r.Bytes(2 + 1)     // the cipher suite and the compression
	share := &wire.Reader{Rest: extensions(r)[extKeyShare]}
	share.Bytes(2)
	return c.exchange(share.Bytes(share.Uint(2)))
}

// Next takes in another message of the server. With its Finished, done is true: then
// finish is the client's own Finished, which must be the last message of this handshake,
// and app are the secrets of the 1-RTT level.
func (c *Client) Next(m []byte) (finish []byte, app Secrets, done bool) {
	c.transcript.Write(m)
	if m[0] != finished {
		return nil, Secrets{}, false
	}
	app = c.application()
	return c.finished(c.handshake.Client), app, true
}

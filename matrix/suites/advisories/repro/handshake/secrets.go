package handshake

import (
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"hash"
	"math/big"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

// Secrets are the traffic secrets of both sides at one encryption level.
type Secrets struct{ Client, Server []byte }

// A schedule is the key schedule (RFC 8446, section 7.1).
type schedule struct {
	transcript hash.Hash
	private    []byte // of the key exchange
	public     []byte
	secret     []byte // the handshake secret, later the master secret
	handshake  Secrets
}

// newSchedule makes the keys of the key exchange.
func newSchedule() (*schedule, error) {
	//nolint:staticcheck // crypto/ecdh came with Go 1.20
	private, x, y, err := elliptic.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	//nolint:staticcheck // see above
	return &schedule{transcript: sha256.New(), private: private, public: elliptic.Marshal(elliptic.P256(), x, y)}, nil
}

// exchange computes the secrets of the Handshake level from the peer's public key. The
// transcript ends with the ServerHello.
func (s *schedule) exchange(peer []byte) (Secrets, error) {
	x, y := unmarshal(peer)
	if x == nil {
		return Secrets{}, errors.New("the peer's key share is not a point of P-256")
	}
	//nolint:staticcheck // crypto/ecdh came with Go 1.20
	shared, _ := elliptic.P256().ScalarMult(x, y, s.private)
	var fixed [32]byte
	b := shared.Bytes()
	copy(fixed[len(fixed)-len(b):], b)
	early := wire.Extract(nil, make([]byte, sha256.Size))
	s.secret = wire.Extract(next(early), fixed[:])
	s.handshake = s.traffic("hs")
	return s.handshake, nil
}

// unmarshal returns the coordinates of a point, or nil if it is not on the curve.
func unmarshal(point []byte) (x, y *big.Int) {
	//nolint:staticcheck // crypto/ecdh came with Go 1.20
	return elliptic.Unmarshal(elliptic.P256(), point)
}

// application computes the secrets of the 1-RTT level. The transcript ends with the
// server's Finished.
func (s *schedule) application() Secrets {
	s.secret = wire.Extract(next(s.secret), make([]byte, sha256.Size))
	return s.traffic("ap")
}

// next derives the salt of the next stage of the schedule.
func next(secret []byte) []byte {
	empty := sha256.Sum256(nil)
	return wire.ExpandLabel(secret, "derived", empty[:], sha256.Size)
}

// traffic derives the secrets of both sides at a stage.
func (s *schedule) traffic(stage string) Secrets {
	sum := s.transcript.Sum(nil)
	return Secrets{
		wire.ExpandLabel(s.secret, "c "+stage+" traffic", sum, sha256.Size),
		wire.ExpandLabel(s.secret, "s "+stage+" traffic", sum, sha256.Size),
	}
}

// finished returns the Finished message of the side with that secret (RFC 8446, section
// 4.4.4), and adds it to the transcript.
func (s *schedule) finished(secret []byte) []byte {
	mac := hmac.New(sha256.New, wire.ExpandLabel(secret, "finished", nil, sha256.Size))
	mac.Write(s.transcript.Sum(nil))
	m := message(finished, mac.Sum(nil))
	s.transcript.Write(m)
	return m
}

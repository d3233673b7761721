package loopback

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"sync"
	"time"
)

// A mint makes certificates of one key, each with a serial number of its own.
// For a trial's two, their keys and the check of what it made x509 needs a tenth
// of the trial's time and more: so it makes the first, and the others are that
// one with another number, signed anew.
type mint struct {
	once    sync.Once
	err     error
	key     *ecdsa.PrivateKey
	body    []byte // of the first certificate, in DER: what is signed
	serial  []byte // in the body
	sealing pkix.AlgorithmIdentifier
}

// certificates are those of this process.
var certificates mint

// serialSize is the size of a serial number, in bytes. It is long enough not to
// be met by chance anywhere else in a certificate.
const serialSize = 16

// sealed is a certificate as X.509 lays it out.
type sealed struct {
	Body      asn1.RawValue
	Sealing   pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

// next returns a certificate that no server had before.
func (m *mint) next() (tls.Certificate, error) {
	m.once.Do(func() { m.err = m.open() })
	if m.err != nil {
		return tls.Certificate{}, m.err
	}
	serial, err := newSerial()
	if err != nil {
		return tls.Certificate{}, err
	}
	body := bytes.Replace(m.body, m.serial, serial, 1)
	digest := sha256.Sum256(body)
	signature, err := m.key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return tls.Certificate{}, err
	}
	der, err := asn1.Marshal(sealed{
		Body:      asn1.RawValue{FullBytes: body},
		Sealing:   m.sealing,
		Signature: asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)},
	})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: m.key}, err
}

// open makes the key and the first certificate.
func (m *mint) open() (err error) {
	if m.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return err
	}
	if m.serial, err = newSerial(); err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber:       new(big.Int).SetBytes(m.serial),
		Subject:            pkix.Name{CommonName: "localhost"},
		DNSNames:           []string{"localhost"},
		NotBefore:          time.Now().Add(-time.Hour),
		NotAfter:           time.Now().Add(24 * time.Hour),
		SignatureAlgorithm: x509.ECDSAWithSHA256,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, m.key.Public(), m.key)
	if err != nil {
		return err
	}
	var first sealed
	if _, err := asn1.Unmarshal(der, &first); err != nil {
		return err
	}
	m.body, m.sealing = first.Body.FullBytes, first.Sealing
	return nil
}

// newSerial returns a positive number whose DER has just these bytes.
func newSerial() ([]byte, error) {
	serial := make([]byte, serialSize)
	_, err := rand.Read(serial)
	serial[0] = 0x40 | serial[0]&0x3f
	return serial, err
}

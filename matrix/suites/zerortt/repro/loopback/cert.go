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

// A mint makes certificates that share a key, each with a serial number of its
// own.
//
// Two keys a trial, and the checks of x509 on each new certificate, would take
// a tenth of the trial's time or more. So the mint makes one certificate that
// way. All others are copies of it with another serial number and a new
// signature.
type mint struct {
	once      sync.Once
	err       error
	key       *ecdsa.PrivateKey
	body      []byte // what is signed of the first certificate, in DER
	serial    []byte // the serial number in body
	algorithm pkix.AlgorithmIdentifier
}

// certificates is the mint of this process.
var certificates mint

// serialSize is the size of a serial number in bytes. It is large enough that
// the same bytes do not occur anywhere else in a certificate by chance.
const serialSize = 16

// A certificate has the fields of an X.509 certificate (RFC 5280, section
// 4.1).
type certificate struct {
	Body      asn1.RawValue
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

// next returns a certificate with a new serial number.
func (m *mint) next() (tls.Certificate, error) {
	m.once.Do(func() { m.err = m.makeFirst() })
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
	der, err := asn1.Marshal(certificate{
		Body:      asn1.RawValue{FullBytes: body},
		Algorithm: m.algorithm,
		Signature: asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)},
	})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: m.key}, err
}

// makeFirst makes the key and the first certificate.
func (m *mint) makeFirst() (err error) {
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
	var first certificate
	if _, err := asn1.Unmarshal(der, &first); err != nil {
		return err
	}
	m.body, m.algorithm = first.Body.FullBytes, first.Algorithm
	return nil
}

// newSerial returns a random positive number whose DER encoding has exactly
// these bytes: the highest bit is clear, and the first byte is not zero.
func newSerial() ([]byte, error) {
	serial := make([]byte, serialSize)
	_, err := rand.Read(serial)
	serial[0] = 0x40 | serial[0]&0x3f
	return serial, err
}

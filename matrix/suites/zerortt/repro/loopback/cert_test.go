package loopback

import (
	"bytes"
	"crypto/x509"
	"testing"
)

// TestCertificates checks that each certificate is valid: signed with its own
// key, and with a serial number of its own.
func TestCertificates(t *testing.T) {
	var m mint
	seen := make(map[string]bool)
	for i := 0; i < 50; i++ {
		c, err := m.next()
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := x509.ParseCertificate(c.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := parsed.CheckSignature(parsed.SignatureAlgorithm, parsed.RawTBSCertificate, parsed.Signature); err != nil {
			t.Error(err)
		}
		if err := parsed.VerifyHostname("localhost"); err != nil {
			t.Error(err)
		}
		if n := parsed.SerialNumber.String(); seen[n] {
			t.Errorf("the serial number %s occurs twice", n)
		} else {
			seen[n] = true
		}
	}
	if n := bytes.Count(m.body, m.serial); n != 1 {
		t.Errorf("the serial number occurs %d times in a certificate, want once", n)
	}
}

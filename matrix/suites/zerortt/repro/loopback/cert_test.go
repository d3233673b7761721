package loopback

import (
	"bytes"
	"crypto/x509"
	"testing"
)

// TestCertificates holds that each certificate is whole: signed by its own key,
// with a serial number that no other one has.
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
			t.Errorf("the serial number %s was there before", n)
		} else {
			seen[n] = true
		}
	}
	if n := bytes.Count(m.body, m.serial); n != 1 {
		t.Errorf("the serial number is %d times in a certificate, want once", n)
	}
}

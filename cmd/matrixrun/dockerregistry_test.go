package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/bcrypt"
)

// A dockerRegistry is Debian's docker-registry on loopback, with TLS and a password.
type dockerRegistry struct {
	dir string // its certificate, its configuration and what it keeps
	cmd *exec.Cmd
}

var dockerRegistries syncMap[*testscript.TestScript, *dockerRegistry]

// runDockerRegistry starts a docker-registry, or with "stop" kills it, or with "start" starts it
// again with what it has kept. The variable REGISTRY has its host and port. Matrixrun trusts
// its certificate by SSL_CERT_FILE, and finds its password in the folder docker.
func runDockerRegistry(ts *testscript.TestScript, args []string) {
	d := dockerRegistries.get(ts)
	if d == nil {
		d = &dockerRegistry{dir: ts.MkAbs("docker-registry")}
		dockerRegistries.put(ts, d)
		ts.Defer(d.stop)
		ts.Check(d.prepare(ts))
	}
	if len(args) > 0 && args[0] == "stop" {
		d.stop()
		return
	}
	d.cmd = exec.Command("docker-registry", "serve", filepath.Join(d.dir, "config.yml"))
	ts.Check(d.cmd.Start())
	address := ts.Getenv("REGISTRY")
	poll(ts, "the registry answers", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// stop kills the registry.
func (d *dockerRegistry) stop() {
	if d.cmd != nil && d.cmd.Process != nil {
		_ = d.cmd.Process.Kill()
		_ = d.cmd.Wait()
		d.cmd = nil
	}
}

// prepare writes the files that the registry and matrixrun read.
func (d *dockerRegistry) prepare(ts *testscript.TestScript) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	l.Close()
	cert, key, err := certificate()
	if err != nil {
		return err
	}
	hash, err := bcrypt.GenerateFromPassword([]byte("secret"), bcrypt.MinCost)
	if err != nil {
		return err
	}
	in := func(name string) string { return filepath.Join(d.dir, name) }
	config := fmt.Sprintf(`version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: %q}, delete: {enabled: true}}
http: {addr: %q, tls: {certificate: %q, key: %q}}
auth: {htpasswd: {realm: test, path: %q}}
`, in("kept"), address, in("cert.pem"), in("key.pem"), in("users"))
	login := fmt.Sprintf(`{"auths":{%q:{"auth":%q}}}`, address, base64.StdEncoding.EncodeToString([]byte("somebody:secret")))
	for name, text := range map[string]string{
		in("cert.pem"): string(cert), in("key.pem"): string(key), in("users"): "somebody:" + string(hash) + "\n", in("config.yml"): config,
		ts.MkAbs("docker/config.json"): login,
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			return err
		}
	}
	ts.Setenv("REGISTRY", address)
	ts.Setenv("SSL_CERT_FILE", in("cert.pem"))
	return nil
}

// certificate returns a certificate for loopback that signs itself, and its key.
func certificate() (cert, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return nil, nil, err
	}
	text, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text}), nil
}

package zerortt

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/quic-go/quic-go"

	"github.com/matrixrun/matrixrun/matrix/internal/capture"
)

// A tap is the client's socket. It records the datagrams that the socket sends and
// receives.
type tap struct {
	net.PacketConn
	began time.Time
	mu    sync.Mutex
	seen  []capture.Datagram
}

func (p *tap) record(from, to net.Addr, byClient bool, data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, capture.Datagram{
		At: time.Since(p.began), From: addrPort(from), To: addrPort(to), ByClient: byClient, Data: slices.Clone(data),
	})
}

func addrPort(a net.Addr) netip.AddrPort { return a.(*net.UDPAddr).AddrPort() }

func (p *tap) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := p.PacketConn.ReadFrom(b)
	if err == nil {
		p.record(from, p.LocalAddr(), false, b[:n])
	}
	return n, from, err
}

func (p *tap) WriteTo(b []byte, to net.Addr) (int, error) {
	p.record(p.LocalAddr(), to, true, b)
	return p.PacketConn.WriteTo(b, to)
}

// TestCaptureIsDecrypted captures a connection on which the client resets one
// stream and stops another. With the secrets in the file, tshark must find these
// two frames and no others.
func TestCaptureIsDecrypted(t *testing.T) {
	c, began := captureResets(t)
	var file bytes.Buffer
	if err := capture.Write(&file, c, began, ""); err != nil {
		t.Fatal(err)
	}
	found, frames := runTshark(t, file.Bytes())
	want := []dissected{{Type: "4", Stream: 0, Code: canary}, {Type: "5", Stream: 4, Code: canary}}
	if diff := cmp.Diff(want, found); diff != "" || frames < 3 {
		t.Errorf("%d frames in 1-RTT packets; resets (-want +got):\n%s", frames, diff)
	}
	// Without the secrets, tshark cannot decrypt anything.
	c.KeyLog, file = "", bytes.Buffer{}
	if err := capture.Write(&file, c, began, ""); err != nil {
		t.Fatal(err)
	}
	if found, frames := runTshark(t, file.Bytes()); len(found) > 0 || frames > 0 {
		t.Errorf("without secrets tshark finds %d frames, and the resets %+v", frames, found)
	}
}

// captureResets returns the capture of a connection with these two frames, and its
// start.
func captureResets(t *testing.T) (*capture.Capture, time.Time) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	l, err := quic.ListenAddr("127.0.0.1:0", serverConfig(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	p, keys := &tap{PacketConn: socket, began: time.Now()}, &bytes.Buffer{}
	client, err := quic.Dial(ctx, p, l.Addr(), &tls.Config{
		InsecureSkipVerify: true, NextProtos: []string{"test"}, KeyLogWriter: keys,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.CloseWithError(0, "") }()
	server, err := l.Accept(ctx)
	if err != nil {
		t.Fatal(err)
	}
	act := []func(*quic.Stream){
		func(s *quic.Stream) { s.CancelWrite(canary) },
		func(s *quic.Stream) { s.CancelRead(canary) },
	}
	for i, reset := range act {
		str, err := client.OpenStreamSync(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := str.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		far, err := server.AcceptStream(ctx)
		if err != nil {
			t.Fatal(err)
		}
		reset(str)
		// Wait until the server sees the reset: then the frame is in the capture.
		if i == 0 {
			_, err = io.Copy(io.Discard, far)
		} else {
			<-far.Context().Done()
			err = context.Cause(far.Context())
		}
		if err == nil {
			t.Fatal("the server saw no reset")
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return &capture.Capture{KeyLog: keys.String(), Datagrams: slices.Clone(p.seen)}, p.began
}

// serverConfig returns the configuration of a server with a new certificate.
func serverConfig(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, NextProtos: []string{"test"}}
}

// Command cancel-after-close shows that CancelWrite on a stream of a rejected
// 0-RTT attempt resets a stream of the next connection, if the stream was closed
// before the rejection.
//
// Its exit status is 1 if it does, 0 if it does not, and 2 if there is no telling.
package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"sync"
	"time"

	"github.com/quic-go/quic-go"
)

const (
	request = "hello"
	canary  = quic.StreamErrorCode(0xca) // only ever used on the rejected attempt
)

func main() {
	os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true") // holdingConn is no *net.UDPConn
	got, err := run()
	var reset *quic.StreamError
	switch {
	case err == nil && string(got) == request:
		fmt.Printf("OK: the server read %q on the stream of the next connection, as expected.\n", got)
	case errors.As(err, &reset) && reset.ErrorCode == canary:
		fmt.Printf("BUG: expected the server to read %q on stream %d of the next connection, but it read a reset with the error code of the rejected attempt (%#x).\n",
			request, reset.StreamID, reset.ErrorCode)
		os.Exit(1)
	default:
		fmt.Printf("UNKNOWN: the server read %q, %v\n", got, err)
		os.Exit(2)
	}
}

// run returns what the second server reads on the first stream of the next connection.
func run() ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	// Each server has its own session ticket keys, so the second one rejects 0-RTT.
	first, second := listen(), listen()
	defer first.Close()
	defer second.Close()

	// 1. Get a session ticket from the first server.
	tlsConf := withTicket(ctx, first)

	// 2. Offer it to the second server. Write a request in 0-RTT, and close the stream.
	pconn := &holdingConn{PacketConn: listenUDP(), sent: make(chan byte, 64)}
	pconn.receive.Lock()
	conn, err := quic.DialEarly(ctx, pconn, second.Addr(), tlsConf, nil)
	check(err)
	defer conn.CloseWithError(0, "")
	pconn.awaitSent(initialPacket) // don't coalesce the request with the ClientHello
	str, err := conn.OpenStream()
	check(err)
	_, err = str.Write([]byte(request))
	check(err)
	check(str.Close())
	pconn.awaitSent(zeroRTTPacket)

	// 3. Only now receive what the server sent: 0-RTT is rejected.
	pconn.receive.Unlock()
	<-conn.HandshakeComplete()
	if _, err := conn.OpenStream(); !errors.Is(err, quic.Err0RTTRejected) {
		return nil, fmt.Errorf("the server didn't reject 0-RTT: %w", err)
	}

	// 4. Clean up, and repeat the request on the next connection, before the server can answer either.
	pconn.receive.Lock()
	str.CancelWrite(canary)
	next, err := conn.NextConnection(ctx)
	check(err)
	str, err = next.OpenStream()
	check(err)
	_, err = str.Write([]byte(request))
	check(err)
	check(str.Close())
	pconn.receive.Unlock()

	sconn, err := second.Accept(ctx)
	check(err)
	sstr, err := sconn.AcceptStream(ctx)
	check(err)
	return io.ReadAll(sstr)
}

// withTicket returns a client's configuration with a session ticket from the server.
func withTicket(ctx context.Context, server *quic.EarlyListener) *tls.Config {
	tickets := make(ticketCache, 1)
	tlsConf := &tls.Config{
		InsecureSkipVerify: true,
		NextProtos:         []string{"test"},
		ClientSessionCache: tickets,
		CurvePreferences:   []tls.CurveID{tls.X25519}, // the ClientHello fits into a single datagram
	}
	conn, err := quic.DialEarly(ctx, listenUDP(), server.Addr(), tlsConf, nil)
	check(err)
	tickets <- <-tickets // wait for the ticket
	conn.CloseWithError(0, "")
	return tlsConf
}

// The first 4 bits of a packet with a long header (QUIC v1).
const (
	initialPacket = 0xc
	zeroRTTPacket = 0xd
)

// holdingConn holds back incoming packets while receive is locked.
type holdingConn struct {
	net.PacketConn
	receive sync.Mutex
	sent    chan byte
}

func (c *holdingConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, addr, err := c.PacketConn.ReadFrom(b)
	c.receive.Lock()
	defer c.receive.Unlock()
	return n, addr, err
}

func (c *holdingConn) WriteTo(b []byte, addr net.Addr) (int, error) {
	select {
	case c.sent <- b[0] >> 4:
	default:
	}
	return c.PacketConn.WriteTo(b, addr)
}

func (c *holdingConn) awaitSent(packetType byte) {
	for <-c.sent != packetType {
	}
}

// ticketCache stores the first session ticket, and offers it to every server.
type ticketCache chan *tls.ClientSessionState

func (c ticketCache) Put(_ string, s *tls.ClientSessionState) {
	select {
	case c <- s:
	default:
	}
}

func (c ticketCache) Get(string) (*tls.ClientSessionState, bool) {
	select {
	case s := <-c:
		c <- s
		return s, true
	default:
		return nil, false
	}
}

func listen() *quic.EarlyListener {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(err)
	tlsConf := &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}},
		NextProtos:   []string{"test"},
	}
	ln, err := quic.ListenEarly(listenUDP(), tlsConf, &quic.Config{Allow0RTT: true})
	check(err)
	return ln
}

func listenUDP() net.PacketConn {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	check(err)
	return conn
}

func check(err error) {
	if err != nil {
		fmt.Println("UNKNOWN:", err)
		os.Exit(2)
	}
}

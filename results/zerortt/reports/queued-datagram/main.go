// Command queued-datagram shows that a DATAGRAM frame that is still queued when
// 0-RTT is rejected is sent on the next connection: to a server that takes
// datagrams, and to one that doesn't, which then closes the connection.
//
// Its exit status is 1 if it is, 0 if it is not, and 2 if there is no telling.
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

// numLarge is the number of datagrams, one per packet, that fill the send queue while
// no 0-RTT packet can leave. It has space for 8 packets. What is queued behind them
// stays in the datagram queue, which has space for 32 datagrams.
const numLarge = 16

func main() {
	os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true") // blockingConn is no *net.UDPConn
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	bug := delivered(ctx)
	if closed(ctx) {
		bug = true
	}
	if bug {
		os.Exit(1)
	}
}

// delivered tells if the next connection delivers datagrams of the rejected attempt.
func delivered(ctx context.Context) bool {
	server := listen(true)
	defer server.Close()
	next, sconn := reject0RTT(ctx, server)
	defer next.CloseWithError(0, "")

	check(next.SendDatagram([]byte("next")))
	for {
		b, err := sconn.ReceiveDatagram(ctx)
		check(err)
		switch string(b) {
		case "early":
			fmt.Println("BUG: expected the server to receive no DATAGRAM of the rejected attempt, but it received one on the next connection.")
			return true
		case "next":
			fmt.Println("OK: the server received no DATAGRAM of the rejected attempt, as expected.")
			return false
		}
	}
}

// closed tells if datagrams of the rejected attempt close the next connection, if
// its server doesn't take datagrams.
func closed(ctx context.Context) bool {
	server := listen(false)
	defer server.Close()
	next, sconn := reject0RTT(ctx, server)
	defer next.CloseWithError(0, "")

	err := transfer(ctx, next, sconn)
	if err == nil {
		fmt.Println("OK: the next connection to a server without datagram support works, as expected.")
		return false
	}
	var transportErr *quic.TransportError
	if !errors.As(err, &transportErr) {
		check(err)
	}
	fmt.Printf("BUG: expected the next connection to a server without datagram support to work, but that closed it with a %s.\n", transportErr.ErrorCode)
	return true
}

// transfer sends data on a stream.
func transfer(ctx context.Context, from, to *quic.Conn) error {
	str, err := from.OpenUniStream()
	if err != nil {
		return err
	}
	if _, err := str.Write([]byte("hello")); err != nil {
		return err
	}
	if err := str.Close(); err != nil {
		return err
	}
	sstr, err := to.AcceptUniStream(ctx)
	if err != nil {
		return err
	}
	_, err = io.ReadAll(sstr)
	return err
}

// reject0RTT queues datagrams for a server that rejects 0-RTT. It returns the
// connection to use after the rejection, and the server's side of it.
func reject0RTT(ctx context.Context, server *quic.EarlyListener) (next, sconn *quic.Conn) {
	// 1. Get a session ticket from a server that supports datagrams.
	// It has its own session ticket keys, so the other one rejects 0-RTT.
	first := listen(true)
	defer first.Close()
	tickets := make(ticketCache, 1)
	tlsConf := &tls.Config{
		InsecureSkipVerify: true,
		NextProtos:         []string{"test"},
		ClientSessionCache: tickets,
		CurvePreferences:   []tls.CurveID{tls.X25519}, // the ClientHello fits into a single datagram
	}
	conf := &quic.Config{EnableDatagrams: true}
	conn, err := quic.DialEarly(ctx, listenUDP(), first.Addr(), tlsConf, conf)
	check(err)
	tickets <- <-tickets // wait for the ticket
	conn.CloseWithError(0, "")

	// 2. Offer it to the server, and queue datagrams while no 0-RTT packet can leave.
	pconn := &blockingConn{PacketConn: listenUDP(), sentInitial: make(chan struct{})}
	pconn.receive.Lock()
	pconn.send0RTT.Lock()
	conn, err = quic.DialEarly(ctx, pconn, server.Addr(), tlsConf, conf)
	check(err)
	<-pconn.sentInitial // don't coalesce datagrams with the ClientHello
	for range numLarge {
		check(conn.SendDatagram(make([]byte, 1000)))
	}
	check(conn.SendDatagram([]byte("early")))

	// 3. Only now receive what the server sent: 0-RTT is rejected.
	pconn.receive.Unlock()
	<-conn.HandshakeComplete()
	if _, err := conn.OpenStream(); !errors.Is(err, quic.Err0RTTRejected) {
		check(fmt.Errorf("the server didn't reject 0-RTT: %w", err))
	}
	next, err = conn.NextConnection(ctx)
	check(err)
	pconn.send0RTT.Unlock()
	sconn, err = server.Accept(ctx)
	check(err)
	return next, sconn
}

// blockingConn holds back incoming packets and outgoing 0-RTT packets while the
// respective mutex is locked.
type blockingConn struct {
	net.PacketConn
	receive     sync.Mutex
	send0RTT    sync.Mutex
	once        sync.Once
	sentInitial chan struct{}
}

func (c *blockingConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, addr, err := c.PacketConn.ReadFrom(b)
	c.receive.Lock()
	defer c.receive.Unlock()
	return n, addr, err
}

func (c *blockingConn) WriteTo(b []byte, addr net.Addr) (int, error) {
	switch b[0] >> 4 { // QUIC v1
	case 0xc: // long header, Initial
		c.once.Do(func() { close(c.sentInitial) })
	case 0xd: // long header, 0-RTT
		c.send0RTT.Lock()
		defer c.send0RTT.Unlock()
	}
	return c.PacketConn.WriteTo(b, addr)
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

func listen(datagrams bool) *quic.EarlyListener {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(err)
	tlsConf := &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}},
		NextProtos:   []string{"test"},
	}
	ln, err := quic.ListenEarly(listenUDP(), tlsConf, &quic.Config{Allow0RTT: true, EnableDatagrams: datagrams})
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

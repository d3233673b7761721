package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"io/ioutil" //nolint:staticcheck // Go 1.16
	"math/big"
	"net"
	"os"
	"sync"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/advisory"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/victim"
)

// runVictim runs a victim until standard input ends.
func runVictim(args []string) error {
	os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true")
	os.Setenv("QUIC_GO_DISABLE_CLIENTHELLO_SCRAMBLING", "true")
	go func() {
		io.Copy(ioutil.Discard, os.Stdin)
		os.Exit(0)
	}()
	start, ok := victims[args[0]]
	if !ok {
		return fmt.Errorf("unknown victim %q", args[0])
	}
	if err := start(args[1:]); err != nil {
		emit(victim.Event{Failed: err.Error()})
	}
	select {}
}

// victims are the victims by their names.
var victims = map[string]func(args []string) error{
	advisory.VictimEcho:       runEcho,
	advisory.VictimHTTP:       runHTTP,
	advisory.VictimEchoClient: runEchoClient,
	advisory.VictimHTTPClient: runHTTPClient,
}

// printing serializes what goroutines print.
var printing sync.Mutex

// emit prints an event.
func emit(e victim.Event) {
	printing.Lock()
	defer printing.Unlock()
	json.NewEncoder(os.Stdout).Encode(e)
}

// listenUDP opens a socket on loopback.
func listenUDP() (*net.UDPConn, error) {
	return net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
}

// runEcho runs a server that sends back what it receives on each stream.
func runEcho([]string) error {
	socket, err := listenUDP()
	if err != nil {
		return err
	}
	conf, err := serverTLS(advisory.Protocol)
	if err != nil {
		return err
	}
	l, err := quic.Listen(socket, conf, config())
	if err != nil {
		return err
	}
	how, err := discovery(socket)
	if err != nil {
		return err
	}
	emit(victim.Event{Listening: socket.LocalAddr().String(), Discovery: how})
	for {
		c, err := l.Accept(context.Background())
		if err != nil {
			return err
		}
		go serveEcho(c)
	}
}

// serveEcho serves the streams of a connection.
func serveEcho(c connection) {
	for {
		s, err := c.AcceptStream(context.Background())
		if err != nil {
			return
		}
		go echo(s)
	}
}

// echo sends back what it receives on a stream.
func echo(s stream) {
	data, err := io.ReadAll(s)
	if err != nil {
		return
	}
	if string(data) == advisory.PanicRequest {
		panic("the planted panic")
	}
	s.Write(data)
	s.Close()
}

// runEchoClient asks an echo server something on one connection after the other, and
// reports the answers.
func runEchoClient(args []string) error {
	server, err := net.ResolveUDPAddr("udp4", args[0])
	if err != nil {
		return err
	}
	for i := 0; i < advisory.Attempts; i++ {
		answer, err := ask(server, fmt.Sprintf("honest message %d", i))
		if err != nil {
			emit(victim.Event{Dropped: err.Error()})
			continue
		}
		emit(victim.Event{Answered: answer})
	}
	return nil
}

// ask sends a message to an echo server, and returns the answer.
func ask(server net.Addr, message string) (string, error) {
	socket, err := listenUDP()
	if err != nil {
		return "", err
	}
	c, err := dial(context.Background(), socket, server, clientTLS(advisory.Protocol), config())
	if err != nil {
		return "", err
	}
	s, err := c.OpenStreamSync(context.Background())
	if err != nil {
		return "", err
	}
	if _, err := s.Write([]byte(message)); err != nil {
		return "", err
	}
	s.Close()
	data, err := io.ReadAll(s)
	return string(data), err
}

// clientTLS returns the configuration of a client, with the one key exchange that the
// attacker has.
func clientTLS(protocols ...string) *tls.Config {
	return &tls.Config{
		ServerName:         "localhost",
		InsecureSkipVerify: true, // the certificate is made for this trial, and self-signed
		NextProtos:         protocols,
		MinVersion:         tls.VersionTLS13,
		CurvePreferences:   []tls.CurveID{tls.CurveP256},
	}
}

// serverTLS returns the configuration of a server with a certificate of its own.
func serverTLS(protocols ...string) (*tls.Config, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{"localhost"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		NextProtos:   protocols,
		MinVersion:   tls.VersionTLS13,
	}, nil
}

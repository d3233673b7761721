package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/loopback"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// A server echoes what it receives, and records in the journal how streams and
// connections end. It echoes each chunk of a stream as it arrives, so that a
// stream can be in the middle of its message in both directions. It echoes a
// unidirectional stream on a unidirectional stream of its own.
type server struct {
	socket   net.PacketConn
	listener listener
	journal  *report.Journal
	options  options
	stop     context.CancelFunc
	handlers sync.WaitGroup
	mu       sync.Mutex
	accepted []earlyConnection
}

// startServer starts a server on the loopback interface. It serves until close
// is called. It has no deadline: the end of the server would look like the end
// of its connections.
func startServer(j *report.Journal, o options) (*server, error) {
	conf, err := loopback.ServerTLS()
	if err != nil {
		return nil, err
	}
	socket, err := loopback.Listen()
	if err != nil {
		return nil, err
	}
	l, err := listenEarly(socket, conf, o)
	if err != nil {
		socket.Close()
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &server{socket: socket, listener: l, journal: j, options: o, stop: stop}
	s.handlers.Add(1)
	go s.acceptConnections(ctx)
	return s, nil
}

// addr returns the address that the server listens on.
func (s *server) addr() net.Addr { return s.socket.LocalAddr() }

// close stops the server and waits for all that it started.
//
// It closes the connections before the socket. A connection that never reads
// the client's CONNECTION_CLOSE would only notice the closed socket when it
// next writes, which is the acknowledgement 25 ms after it last received
// something.
//
// In v0.52.0 closing the listener can deadlock. close then gives up after a
// while, and the goroutines last until the process ends.
func (s *server) close() {
	s.stop()
	s.mu.Lock()
	for _, c := range s.accepted {
		c.CloseWithError(report.CodeDone, "")
	}
	s.mu.Unlock()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.listener.Close()
	}()
	select {
	case <-closed:
	case <-time.After(report.Patience):
		s.socket.Close()
		return
	}
	s.socket.Close()
	s.handlers.Wait()
}

// acceptConnections accepts connections and starts the goroutines that serve
// each.
func (s *server) acceptConnections(ctx context.Context) {
	defer s.handlers.Done()
	for {
		c, err := s.listener.Accept(ctx)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.accepted = append(s.accepted, c)
		s.mu.Unlock()
		s.handlers.Add(3)
		go s.awaitHandshake(ctx, c)
		go s.acceptStreams(ctx, c)
		go s.acceptUniStreams(ctx, c)
		if s.options.datagrams {
			s.handlers.Add(1)
			go s.receiveDatagrams(ctx, c)
		}
	}
}

// awaitHandshake records when the handshake is complete on the server.
func (s *server) awaitHandshake(ctx context.Context, c earlyConnection) {
	defer s.handlers.Done()
	select {
	case <-handshakeDone(c):
		s.journal.Change(func() { s.journal.Shook = true })
	case <-c.Context().Done():
	case <-ctx.Done():
	}
}

// acceptStreams serves bidirectional streams. When the connection ends, it
// records how, unless the server itself is closing: AcceptStream returns the
// connection's error.
func (s *server) acceptStreams(ctx context.Context, c earlyConnection) {
	defer s.handlers.Done()
	for {
		str, err := c.AcceptStream(ctx)
		if err != nil {
			if ctx.Err() == nil {
				s.journal.ConnectionEnded(fault(err))
			}
			return
		}
		s.serve(str, str, int64(str.StreamID()))
	}
}

// acceptUniStreams serves unidirectional streams.
func (s *server) acceptUniStreams(ctx context.Context, c earlyConnection) {
	defer s.handlers.Done()
	for {
		in, err := c.AcceptUniStream(ctx)
		if err != nil {
			return
		}
		out, err := c.OpenUniStreamSync(ctx)
		if err != nil {
			return
		}
		s.serve(in, out, int64(in.StreamID()))
	}
}

// serve starts a goroutine that echoes one stream.
func (s *server) serve(in receiveStream, out sendStream, id int64) {
	e := &echo{in: in, out: out, id: id, journal: s.journal}
	s.journal.Opened(id)
	s.handlers.Add(1)
	go func() {
		defer s.handlers.Done()
		defer s.journal.Done(id)
		e.run()
	}()
}

// An echo is one stream that the server is working on.
type echo struct {
	in      receiveStream
	out     sendStream
	id      int64
	journal *report.Journal
	writing sync.Mutex // early releases do not allow Write and Close at the same time
}

// run echoes the stream, and watches at the same time whether the client stops
// the echo. It returns when both halves of the stream have ended.
func (e *echo) run() {
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		e.watch()
	}()
	e.copy()
	<-watched
}

// copy echoes chunk by chunk until the stream ends.
func (e *echo) copy() {
	e.journal.AwaitReading()
	buf := make([]byte, 2048)
	for {
		n, err := e.in.Read(buf)
		if bytes.IndexByte(buf[:n], report.StaleByte) >= 0 {
			e.journal.Delivered("read: data of the rejected attempt", e.id)
		}
		if n > 0 {
			e.write(buf[:n])
		}
		if err == io.EOF {
			e.writing.Lock()
			e.out.Close()
			e.writing.Unlock()
			return
		}
		if err != nil {
			e.journal.StreamEnded(wire.Server, "read", e.id, fault(err))
			e.out.CancelWrite(report.CodeGiveUp)
			return
		}
	}
}

// write writes p, and records the error if that fails.
func (e *echo) write(p []byte) {
	e.writing.Lock()
	defer e.writing.Unlock()
	if _, err := e.out.Write(p); err != nil {
		e.journal.StreamEnded(wire.Server, "write", e.id, fault(err))
	}
}

// watch waits until the sending half has ended. The context does not give the
// reason in all releases, but the error of a write does.
func (e *echo) watch() {
	<-e.out.Context().Done()
	e.write([]byte{0})
}

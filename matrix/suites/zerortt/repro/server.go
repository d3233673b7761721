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

// A server echoes what it gets and notes in the journal what ends on it. It
// answers each chunk of a stream as it arrives, so that a stream can be in the
// middle of its message in both directions. Unidirectional streams are echoed
// on a unidirectional stream of the server's own.
type server struct {
	socket   net.PacketConn
	listener listener
	journal  *report.Journal
	options  options
	stop     context.CancelFunc
	handlers sync.WaitGroup
	mu       sync.Mutex
	taken    []earlyConnection // that were accepted
}

// startServer listens on loopback and serves until close. No deadline ends it:
// one that did would look like the end of its connections.
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

func (s *server) addr() net.Addr { return s.socket.LocalAddr() }

// close ends the server and waits for all that it started. Its connections are
// ended before its socket: one that never reads how the client ended it would
// notice only when it next writes, to acknowledge what it got 25 ms ago. v0.52.0
// can lock itself up for good as its listener closes: it is left to the process's
// end.
func (s *server) close() {
	s.stop()
	s.mu.Lock()
	for _, c := range s.taken {
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

func (s *server) acceptConnections(ctx context.Context) {
	defer s.handlers.Done()
	for {
		c, err := s.listener.Accept(ctx)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.taken = append(s.taken, c)
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

// awaitHandshake notes when the server is through with the handshake.
func (s *server) awaitHandshake(ctx context.Context, c earlyConnection) {
	defer s.handlers.Done()
	select {
	case <-handshakeDone(c):
		s.journal.Change(func() { s.journal.Shook = true })
	case <-c.Context().Done():
	case <-ctx.Done():
	}
}

// acceptStreams serves bidirectional streams, and notes how the connection
// ended, unless it was the server that did: each accept returns its error.
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

// serve echoes one stream, in a goroutine of its own.
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

// An echo is one stream that the server works on.
type echo struct {
	in      receiveStream
	out     sendStream
	id      int64
	journal *report.Journal
	writing sync.Mutex // early releases do not allow Write and Close at once
}

// run answers the stream, and watches meanwhile whether the peer stops the
// answer; it returns when both halves have ended.
func (e *echo) run() {
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		e.watch()
	}()
	e.copy()
	<-watched
}

// copy answers chunk by chunk until the stream ends.
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

func (e *echo) write(p []byte) {
	e.writing.Lock()
	defer e.writing.Unlock()
	if _, err := e.out.Write(p); err != nil {
		e.journal.StreamEnded(wire.Server, "write", e.id, fault(err))
	}
}

// watch waits until the sending half has ended. The context does not say why in
// all releases, but a write does.
func (e *echo) watch() {
	<-e.out.Context().Done()
	e.write([]byte{0})
}

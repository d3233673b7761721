package wire

import (
	"net"
	"strings"
	"sync"
	"time"
)

// A Recorder records the datagrams of one connection as the client's socket
// sees them. It is also the io.Writer for the key log of its TLS.
type Recorder struct {
	start     time.Time
	client    string // the address of the client's socket
	mu        sync.Mutex
	datagrams []datagram
	keyLog    strings.Builder
	psk       []byte // of the session ticket; nil: unknown
	Qlog      *Qlog  // what the library writes about the connection; may be nil
}

// A datagram is one that the client sent or received.
type datagram struct {
	us     int64  // microseconds since the start of the trial
	from   string // Client or Server
	server net.Addr
	data   []byte
}

// NewRecorder returns a Recorder for the socket with the address client. Times
// count from start.
func NewRecorder(client net.Addr, start time.Time) *Recorder {
	return &Recorder{client: client.String(), start: start}
}

// Sent records a datagram of the client. Call it before the socket sends the
// datagram, so that the answer cannot be recorded first.
func (r *Recorder) Sent(p []byte, to net.Addr) { r.note(Client, p, to) }

// Received records a datagram that the client is about to read.
func (r *Recorder) Received(p []byte, from net.Addr) { r.note(Server, p, from) }

// note records a copy of a datagram. A nil Recorder records nothing.
func (r *Recorder) note(from string, p []byte, server net.Addr) {
	if r == nil {
		return
	}
	data := append([]byte(nil), p...)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.datagrams = append(r.datagrams, datagram{time.Since(r.start).Microseconds(), from, server, data})
}

// Write appends a line to the key log (see tls.Config.KeyLogWriter).
func (r *Recorder) Write(line []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keyLog.Write(line)
}

// Resumes sets the pre-shared key of the ticket with which the connection
// begins, or nil.
func (r *Recorder) Resumes(psk []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.psk = psk
}

// Decode decodes what was recorded so far.
func (r *Recorder) Decode() Log {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := newDecoder(parseKeyLog(r.keyLog.String()), r.psk)
	for _, g := range r.datagrams {
		d.datagram(g)
	}
	return d.log
}

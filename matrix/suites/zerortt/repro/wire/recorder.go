package wire

import (
	"net"
	"strings"
	"sync"
	"time"
)

// A Recorder keeps the datagrams of one connection as the client's socket sees
// them, and the secrets of its TLS: it is what the key log is written to.
type Recorder struct {
	start     time.Time
	client    string // the address of the client's socket
	mu        sync.Mutex
	datagrams []datagram
	keyLog    strings.Builder
	psk       []byte
	Qlog      *Qlog // what the library itself writes meanwhile; nil: nothing
}

// A datagram is one that the client sent or received.
type datagram struct {
	us     int64 // microseconds since the trial's start
	from   string
	server net.Addr
	data   []byte
}

// NewRecorder records what the socket of an address sees, in time since start.
func NewRecorder(client net.Addr, start time.Time) *Recorder {
	return &Recorder{client: client.String(), start: start}
}

// Sent notes a datagram of the client. Call it before the socket does send, so
// that no answer is noted earlier.
func (r *Recorder) Sent(p []byte, to net.Addr) { r.note(Client, p, to) }

// Received notes a datagram that the client is about to read.
func (r *Recorder) Received(p []byte, from net.Addr) { r.note(Server, p, from) }

// note keeps a copy. No Recorder at all notes nothing.
func (r *Recorder) note(from string, p []byte, server net.Addr) {
	if r == nil {
		return
	}
	data := append([]byte(nil), p...)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.datagrams = append(r.datagrams, datagram{time.Since(r.start).Microseconds(), from, server, data})
}

// Write takes a line of the key log (tls.Config.KeyLogWriter).
func (r *Recorder) Write(line []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keyLog.Write(line)
}

// Resumes tells the key of the ticket that the connection begins with, or nil.
func (r *Recorder) Resumes(psk []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.psk = psk
}

// Decode reads what was recorded so far.
func (r *Recorder) Decode() Log {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := newDecoder(parseKeyLog(r.keyLog.String()), r.psk)
	for _, g := range r.datagrams {
		d.datagram(g)
	}
	return d.log
}

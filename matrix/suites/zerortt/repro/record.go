package main

import (
	"encoding/json"
	"fmt"

	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// A recorder keeps the datagrams of one connection as the client's socket sees
// them, and the secrets of its TLS: it is what the key log is written to.
type recorder struct {
	start     time.Time
	client    string // the address of the client's socket
	mu        sync.Mutex
	datagrams []datagram
	keyLog    strings.Builder
	psk       []byte
	qlog      *qlogFile // what the library itself writes meanwhile; nil: nothing
}

// A datagram is one that the client sent or received.
type datagram struct {
	us     int64 // microseconds since the trial's start
	from   string
	server net.Addr
	data   []byte
}

// newRecorder records what the socket of an address sees, in time since start.
func newRecorder(client net.Addr, start time.Time) *recorder {
	return &recorder{client: client.String(), start: start}
}

// sent notes a datagram of the client. Call it before the socket does send, so
// that no answer is noted earlier.
func (r *recorder) sent(p []byte, to net.Addr) { r.note(clientSide, p, to) }

// received notes a datagram that the client is about to read.
func (r *recorder) received(p []byte, from net.Addr) { r.note(serverSide, p, from) }

// note keeps a copy. No recorder at all notes nothing.
func (r *recorder) note(from string, p []byte, server net.Addr) {
	if r == nil {
		return
	}
	data := append([]byte(nil), p...)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.datagrams = append(r.datagrams, datagram{time.Since(r.start).Microseconds(), from, server, data})
}

// Write takes a line of the key log (tls.Config.KeyLogWriter).
func (r *recorder) Write(line []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keyLog.Write(line)
}

// resumes tells the key of the ticket that the connection begins with, or nil.
func (r *recorder) resumes(psk []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.psk = psk
}

// decode reads what was recorded so far.
func (r *recorder) decode() wireLog {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := newDecoder(parseKeyLog(r.keyLog.String()), r.psk)
	for _, g := range r.datagrams {
		d.datagram(g)
	}
	return d.log
}

// evidence is the document that a trial's datagrams are kept in.
type evidence struct {
	Scenario  string             `json:"scenario"`
	Trial     int                `json:"trial"`
	KeyLog    string             `json:"keylog"` // in the NSS format
	Datagrams []evidenceDatagram `json:"datagrams"`
}

type evidenceDatagram struct {
	US     int64  `json:"us"`
	From   string `json:"from"`
	Client string `json:"client"`
	Server string `json:"server"`
	Data   []byte `json:"data"`
}

// save writes what was recorded so far to a file, and the qlog beside it. The key
// log has the secret of the 0-RTT packets too, where that could be had.
func (r *recorder) save(file, scenario string, trial int) error {
	early := r.decode().early
	encoded, err := json.Marshal(r.evidence(scenario, trial, early))
	if err != nil {
		return fmt.Errorf("encoding the evidence for %s: %v", file, err)
	}
	if err := writeFile(file, append(encoded, '\n')); err != nil {
		return err
	}
	return r.qlog.save(file)
}

// writeFile writes a file of evidence, which is whole or not there.
func writeFile(file string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".")
	if err != nil {
		return fmt.Errorf("writing evidence: %v", err)
	}
	_, err = temp.Write(data)
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(temp.Name(), 0o644) // the temporary one is its owner's alone
	}
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		os.Remove(temp.Name())
		return fmt.Errorf("writing evidence: %v", err)
	}
	return nil
}

// evidence makes the document.
func (r *recorder) evidence(scenario string, trial int, early string) evidence {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := evidence{Scenario: scenario, Trial: trial, KeyLog: early + r.keyLog.String(), Datagrams: []evidenceDatagram{}}
	for _, g := range r.datagrams {
		e.Datagrams = append(e.Datagrams, evidenceDatagram{g.us, g.from, r.client, g.server.String(), g.data})
	}
	return e
}

package wire

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// A Qlog is the qlog that the library writes of a connection with its own
// package. It has no part in the verdict, which the server's observations
// decide and the wire confirms. It shows those who work on the library how
// that handled the packets.
//
// The library writes to it from its own goroutines, and closes it when the
// connection has ended.
type Qlog struct {
	mu     sync.Mutex
	text   bytes.Buffer
	once   sync.Once
	closed chan struct{}
}

// NewQlog returns an empty Qlog.
func NewQlog() *Qlog { return &Qlog{closed: make(chan struct{})} }

// Write appends p to the text.
func (q *Qlog) Write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.text.Write(p)
}

// Close marks the text as complete.
func (q *Qlog) Close() error {
	q.once.Do(func() { close(q.closed) })
	return nil
}

// finishTimeout is how long Save waits for the library to close the qlog.
const finishTimeout = time.Second / 2

// recordSeparator begins each record of a JSON text sequence (RFC 7464).
const recordSeparator = 0x1e

// Save writes the qlog next to the file with the trial's datagrams, once the
// library has closed it. The suffix is the one that the library uses: .sqlog
// for a JSON text sequence, which it writes from v0.46 on, and .qlog for JSON
// line by line. A nil Qlog writes nothing.
//
// If the library does not close the qlog in time, Save does not keep it and
// returns no error: a connection that the library cannot end must not end the
// run.
func (q *Qlog) Save(datagrams string) error {
	if q == nil {
		return nil
	}
	select {
	case <-q.closed:
	case <-time.After(finishTimeout):
		fmt.Fprintln(os.Stderr, "repro: the library does not finish its qlog")
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	suffix := ".client.qlog"
	if text := q.text.Bytes(); len(text) > 0 && text[0] == recordSeparator {
		suffix = ".client.sqlog"
	}
	return writeFile(strings.TrimSuffix(datagrams, ".json")+suffix, q.text.Bytes())
}

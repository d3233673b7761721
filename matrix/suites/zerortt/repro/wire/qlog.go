package wire

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// A Qlog is what the library itself tells of a connection, in the format qlog,
// written by its own package for that. It is held against nothing: the verdict is
// the server's, and the wire confirms it. It shows whoever works on the library
// what that made of the packets.
//
// The library writes to it from goroutines of its own, and closes it when the
// connection has ended.
type Qlog struct {
	mu     sync.Mutex
	text   bytes.Buffer
	once   sync.Once
	closed chan struct{}
}

// NewQlog returns one with nothing in it yet.
func NewQlog() *Qlog { return &Qlog{closed: make(chan struct{})} }

// Write takes some of the text.
func (q *Qlog) Write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.text.Write(p)
}

// Close says that there is no more.
func (q *Qlog) Close() error {
	q.once.Do(func() { close(q.closed) })
	return nil
}

// finishing is how long the library may take to finish a qlog.
const finishing = time.Second / 2

// recordSeparator begins each record of a JSON text sequence (RFC 7464).
const recordSeparator = 0x1e

// Save writes the qlog beside the file of the trial's datagrams, when the library
// has finished it. Its name ends as the library itself would name it: in .sqlog
// where it is a JSON text sequence, as from v0.46 on, and in .qlog where it is
// JSON line by line. One that is not finished is not kept: a connection that the
// library cannot end is no reason to end the run.
func (q *Qlog) Save(datagrams string) error {
	if q == nil {
		return nil
	}
	select {
	case <-q.closed:
	case <-time.After(finishing):
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

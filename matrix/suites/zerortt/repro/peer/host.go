package peer

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// A host runs the servers of trials whose clients are in another process.
type host struct {
	control *net.TCPListener
	open    Opener
	mu      sync.Mutex // of out
	out     *json.Encoder
}

// Host runs the servers of trials whose clients come to a socket, and writes a
// JSON object for each trial, as it ends. It ends itself when for some time no
// client has come, since whoever started it may be gone; and with an error when
// the socket fails, or is closed.
func Host(control *net.TCPListener, out io.Writer, idle time.Duration, open Opener) error {
	h := &host{control: control, open: open, out: json.NewEncoder(out)}
	return h.accept(idle)
}

// A served is what the servers of one trial saw.
type served struct {
	Scenario string `json:"scenario"`
	Trial    int    `json:"trial"`
	report.Seen
}

// accept takes one client a trial, and waits for their ends before its own.
func (h *host) accept(idle time.Duration) error {
	var trials sync.WaitGroup
	defer trials.Wait()
	for {
		h.control.SetDeadline(time.Now().Add(idle))
		c, err := h.control.AcceptTCP()
		if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
			return nil
		}
		if err != nil {
			return err
		}
		trials.Add(1)
		go func() {
			defer trials.Done()
			if err := h.trial(c); err != nil {
				fmt.Fprintln(os.Stderr, "repro:", err)
			}
		}()
	}
}

// trial starts the servers of one trial, follows the client's orders until it
// has no more, and prints what the servers saw.
func (h *host) trial(c *net.TCPConn) error {
	defer c.Close()
	in, out := json.NewDecoder(c), json.NewEncoder(c)
	var first hello
	if err := in.Decode(&first); err != nil {
		return fmt.Errorf("reading what trial it is: %v", err)
	}
	j := report.NewJournal()
	p, err := h.open(j, first.Scenario, first.Trial)
	if err != nil {
		return out.Encode(welcome{Error: err.Error()})
	}
	one, two := p.Addrs()
	if err := out.Encode(welcome{First: one.String(), Second: two.String()}); err != nil {
		p.Close()
		return err
	}
	told := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(told)
		tell(j, out, over)
	}()
	follow(j, in)
	p.Close()
	close(over)
	<-told
	return h.print(j, first)
}

// follow heeds orders until there are no more, or the client is gone.
func follow(j *report.Journal, in *json.Decoder) {
	for {
		var o order
		if in.Decode(&o) != nil {
			return
		}
		j.Change(func() { j.Hold, j.Answered = o.Hold, o.Number })
	}
}

// tell sends what was seen, at once and whenever it changes, until all is over.
func tell(j *report.Journal, out *json.Encoder, over <-chan struct{}) {
	for last := false; ; {
		var line []byte
		var err error
		changed := j.Look(func() { line, err = json.Marshal(news{j.Seen, j.Answered}) })
		if err != nil || out.Encode(json.RawMessage(line)) != nil || last {
			return
		}
		select {
		case <-changed:
		case <-over:
			last = true
		}
	}
}

// print writes what the servers of a trial saw on a line.
func (h *host) print(j *report.Journal, of hello) (err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	j.Look(func() { err = h.out.Encode(served{of.Scenario, of.Trial, j.Seen}) })
	return err
}

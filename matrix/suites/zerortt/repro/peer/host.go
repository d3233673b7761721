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
	mu      sync.Mutex // protects out
	out     *json.Encoder
}

// Host runs the servers of trials whose clients connect to control. It writes
// a JSON object to out for each trial that has ended.
//
// Host returns nil if no client has connected for the time idle, since the
// process that started it may be gone. It returns an error if control fails or
// is closed.
func Host(control *net.TCPListener, out io.Writer, idle time.Duration, open Opener) error {
	h := &host{control: control, open: open, out: json.NewEncoder(out)}
	return h.accept(idle)
}

// A result is what the servers of one trial saw.
type result struct {
	Scenario string `json:"scenario"`
	Trial    int    `json:"trial"`
	report.Seen
}

// accept serves one client a trial. It waits for all trials before it returns.
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

// trial starts the servers of one trial, follows the client's orders until
// there are no more, and prints what the servers saw.
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
	sent := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(sent)
		sendNews(j, out, over)
	}()
	applyOrders(j, in)
	p.Close()
	close(over)
	<-sent
	return h.print(j, first)
}

// applyOrders applies the client's orders until there are no more, or the
// client is gone.
func applyOrders(j *report.Journal, in *json.Decoder) {
	for {
		var o order
		if in.Decode(&o) != nil {
			return
		}
		j.Change(func() { j.Hold, j.Answered = o.Hold, o.Number })
	}
}

// sendNews sends what the servers have seen, now and after every change. When
// over is closed it sends once more and returns.
func sendNews(j *report.Journal, out *json.Encoder, over <-chan struct{}) {
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

// print writes what the servers of a trial saw, as one line.
func (h *host) print(j *report.Journal, of hello) (err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	j.Look(func() { err = h.out.Encode(result{of.Scenario, of.Trial, j.Seen}) })
	return err
}

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// A host runs the servers of trials whose clients are in another process.
type host struct {
	control *net.TCPListener
	mu      sync.Mutex // of out
	out     *json.Encoder
}

// A served is what the servers of one trial saw.
type served struct {
	Scenario string `json:"scenario"`
	Trial    int    `json:"trial"`
	seen
}

// serve prints where it listens, and then a JSON object for each trial, as it
// ends. It ends itself when for some time no client has come: whoever started it
// may be gone.
func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	idle := flags.Duration("idle", time.Minute, "the `time` to wait for the next trial")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || *idle <= 0 {
		return fmt.Errorf("want flags alone, and a time to wait")
	}
	control, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return err
	}
	defer control.Close()
	if _, err := fmt.Println(control.Addr()); err != nil {
		return err
	}
	h := &host{control: control, out: json.NewEncoder(os.Stdout)}
	return h.accept(*idle)
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
	j := newJournal()
	p, err := openFor(j, first)
	if err != nil {
		return out.Encode(welcome{Error: err.Error()})
	}
	one, two := p.addrs()
	if err := out.Encode(welcome{First: one.String(), Second: two.String()}); err != nil {
		p.close()
		return err
	}
	told := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(told)
		j.tell(out, over)
	}()
	j.follow(in)
	p.close()
	close(over)
	<-told
	return h.print(j, first)
}

// openFor starts the servers for the trial that a client has named.
func openFor(j *journal, h hello) (servers, error) {
	s, ok := find(h.Scenario)
	if !ok {
		return nil, fmt.Errorf("unknown scenario %q", h.Scenario)
	}
	return startPair(j, s, h.Trial)
}

// follow heeds orders until there are no more, or the client is gone.
func (j *journal) follow(in *json.Decoder) {
	for {
		var o order
		if in.Decode(&o) != nil {
			return
		}
		j.change(func() { j.hold, j.answered = o.Hold, o.Number })
	}
}

// tell sends what was seen, at once and whenever it changes, until all is over.
func (j *journal) tell(out *json.Encoder, over <-chan struct{}) {
	for last := false; ; {
		j.mu.Lock()
		line, err := json.Marshal(news{j.seen, j.answered})
		changed := j.changed
		j.mu.Unlock()
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
func (h *host) print(j *journal, of hello) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	return h.out.Encode(served{of.Scenario, of.Trial, j.seen})
}

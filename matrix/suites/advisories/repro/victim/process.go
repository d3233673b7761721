package victim

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
)

// An Event is a line that the victim prints, as JSON.
type Event struct {
	Listening string `json:"listening,omitempty"`  // the address of its socket
	Answered  string `json:"answered,omitempty"`   // what an honest peer answered to it
	Dropped   string `json:"dropped,omitempty"`    // why it gave up a connection, after which it dials again
	Failed    string `json:"failed,omitempty"`     // an error of its own
	Headers   int    `json:"headers,omitempty"`    // the size of an HTTP message's headers (RFC 9114, section 4.2.2)
	Trailers  int    `json:"trailers,omitempty"`   // and of its trailers
	ReadError string `json:"read_error,omitempty"` // with which the body of that request ended
	Handled   string `json:"handled,omitempty"`    // the path of an HTTP request that it handled
	Discovery string `json:"discovery,omitempty"`  // how its socket finds the path's MTU
}

// A Process is a victim.
type Process struct {
	ctx    context.Context // done when the process has ended
	ended  context.CancelFunc
	cmd    *exec.Cmd
	stdin  io.Closer
	stderr head
	done   chan struct{}

	mu     sync.Mutex
	events []Event
	more   chan struct{} // closed and replaced with each event
	err    error         // with which the process ended
}

// Start starts this program with the command victim and more arguments. The process ends
// with Close. The context of the process is done, too, when ctx is.
func Start(ctx context.Context, args ...string) (*Process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &Process{cmd: exec.Command(program, append([]string{"victim"}, args...)...), done: make(chan struct{}), more: make(chan struct{})}
	p.ctx, p.ended = context.WithCancel(ctx)
	p.cmd.Stderr = &p.stderr
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p.stdin = stdin
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the victim: %w", err)
	}
	go p.watch(stdout)
	return p, nil
}

// watch reads the events of the process until it ends.
func (p *Process) watch(stdout io.Reader) {
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		var e Event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			e = Event{Failed: fmt.Sprintf("it printed %q", lines.Text())}
		}
		p.mu.Lock()
		p.events = append(p.events, e)
		close(p.more)
		p.more = make(chan struct{})
		p.mu.Unlock()
	}
	p.err = p.cmd.Wait()
	close(p.done)
	p.ended()
}

// Context is done when the victim has ended, or the trial has taken too long.
func (p *Process) Context() context.Context { return p.ctx }

// Await returns the first event that is wanted. It is an error if the victim reports a
// failure or ends before it.
func (p *Process) Await(wanted func(Event) bool) (Event, error) {
	for next := 0; ; {
		p.mu.Lock()
		events, more := p.events[next:], p.more
		p.mu.Unlock()
		next += len(events)
		for _, e := range events {
			if wanted(e) {
				return e, nil
			}
			if e.Failed != "" {
				return e, errors.New("the victim failed: " + e.Failed)
			}
		}
		if len(events) > 0 {
			continue
		}
		select {
		case <-more:
		case <-p.ctx.Done():
			return Event{}, errors.New("the victim ended, or the time is over")
		}
	}
}

// Find returns the first event so far that is wanted.
func (p *Process) Find(wanted func(Event) bool) (Event, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.events {
		if wanted(e) {
			return e, true
		}
	}
	return Event{}, false
}

// Address waits until the victim listens, and returns its address.
func (p *Process) Address() (net.Addr, error) {
	e, err := p.Await(func(e Event) bool { return e.Listening != "" })
	if err != nil {
		return nil, err
	}
	return net.ResolveUDPAddr("udp4", e.Listening)
}

// Close ends the process, and returns how it ended if that was by itself.
func (p *Process) Close() *Death {
	p.stdin.Close() // it ends when nobody reads its events any more
	select {
	case <-p.done:
	case <-p.ctx.Done():
		p.cmd.Process.Kill()
		<-p.done
	}
	return p.death()
}

// head is a writer that keeps the beginning of what is written to it. A panic prints its
// message and the goroutine that panicked first.
type head struct {
	mu   sync.Mutex
	data []byte
}

// headSize is how much a head keeps.
const headSize = 64 << 10

// Write keeps the data if there is room.
func (t *head) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := headSize - len(t.data); room > 0 {
		if room > len(b) {
			room = len(b)
		}
		t.data = append(t.data, b[:room]...)
	}
	return len(b), nil
}

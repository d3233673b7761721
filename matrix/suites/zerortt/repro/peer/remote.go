package peer

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// A remote is the two servers of a trial in another process, which a host runs. Both talk over a connection of TCP, a JSON object a line: the client
// says which trial it is, and gives orders; the server answers where it listens,
// and tells what it saw, all of it again whenever that changes.
type remote struct {
	conn          *net.TCPConn
	journal       *report.Journal
	first, second net.Addr
	orders        *json.Encoder
	last          int           // order that was given
	read          chan struct{} // closed when the other process has said all
}

// A hello is the first line of the client's.
type hello struct {
	Scenario string `json:"scenario"`
	Trial    int    `json:"trial"`
}

// A welcome is the server's answer.
type welcome struct {
	First  string `json:"first"` // an address
	Second string `json:"second"`
	Error  string `json:"error,omitempty"` // why there are none
}

// An order is every further line of the client's.
type order struct {
	Number int  `json:"number"`
	Hold   bool `json:"hold"` // streams are to be left unread
}

// news is every further line of the server's.
type news struct {
	Seen     report.Seen `json:"seen"`
	Answered int         `json:"answered"` // the last order that was heeded
}

// Dial asks for the servers of a trial at the address of a host, which is in
// another process. What they see comes into the journal.
func Dial(address string, j *report.Journal, scenario string, trial int) (Servers, error) {
	c, err := net.DialTimeout("tcp", address, report.Patience)
	if err != nil {
		return nil, err
	}
	r := &remote{conn: c.(*net.TCPConn), journal: j, orders: json.NewEncoder(c), read: make(chan struct{})}
	if err := r.begin(hello{scenario, trial}); err != nil {
		c.Close()
		return nil, fmt.Errorf("asking %s for servers: %v", address, err)
	}
	return r, nil
}

// begin says which trial it is, learns where the servers listen, and listens to
// the news from there on.
func (r *remote) begin(h hello) error {
	r.conn.SetDeadline(time.Now().Add(report.Patience))
	in := json.NewDecoder(r.conn)
	var w welcome
	if err := r.orders.Encode(h); err != nil {
		return err
	}
	if err := in.Decode(&w); err != nil {
		return err
	}
	if w.Error != "" {
		return fmt.Errorf("it answers: %s", w.Error)
	}
	var err error
	if r.first, err = net.ResolveUDPAddr("udp4", w.First); err != nil {
		return err
	}
	if r.second, err = net.ResolveUDPAddr("udp4", w.Second); err != nil {
		return err
	}
	r.conn.SetDeadline(time.Time{})
	go r.listen(in)
	return nil
}

// listen copies what the server saw into the journal until it has said all.
func (r *remote) listen(in *json.Decoder) {
	defer close(r.read)
	for {
		n := news{}
		err := in.Decode(&n)
		r.journal.Change(func() {
			if err != nil {
				r.journal.Gone = fmt.Errorf("the process of the servers tells no more: %v", err)
				return
			}
			r.journal.Seen, r.journal.Answered = n.Seen, n.Answered
		})
		if err != nil {
			return
		}
	}
}

func (r *remote) Addrs() (first, second net.Addr) { return r.first, r.second }

func (r *remote) Hold(ctx context.Context, on bool) error { return r.order(ctx, on) }

// sync is an order that changes nothing: its answer comes behind all news.
func (r *remote) Sync(ctx context.Context) error {
	hold := false
	r.journal.Look(func() { hold = r.journal.Hold })
	return r.order(ctx, hold)
}

// order gives an order and waits until the server has heeded it.
func (r *remote) order(ctx context.Context, hold bool) error {
	r.last++
	r.journal.Change(func() { r.journal.Hold = hold })
	if err := r.orders.Encode(order{r.last, hold}); err != nil {
		return fmt.Errorf("telling the servers' process: %v", err)
	}
	return r.journal.Await(ctx, "the servers' process", func() bool { return r.journal.Answered >= r.last })
}

// close says that the trial is over, and waits until the servers are closed.
func (r *remote) Close() {
	r.conn.CloseWrite()
	select {
	case <-r.read:
	case <-time.After(2 * report.Patience): // its own bound is one
	}
	r.conn.Close()
}

package peer

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// A remote is the two servers of a trial in another process, which runs a
// host.
//
// Client and host exchange lines of JSON over TCP. The client sends a hello,
// and then orders. The host answers with a welcome, and then sends all that
// the servers have seen whenever that changes.
type remote struct {
	conn          *net.TCPConn
	journal       *report.Journal
	first, second net.Addr
	orders        *json.Encoder
	last          int           // number of the last order
	done          chan struct{} // closed when the host has sent everything
}

// A hello is the first line from the client: which trial it is.
type hello struct {
	Scenario string `json:"scenario"`
	Trial    int    `json:"trial"`
}

// A welcome is the first line from the host: the addresses of the servers.
type welcome struct {
	First  string `json:"first"` // an address, HOST:PORT
	Second string `json:"second"`
	Error  string `json:"error,omitempty"` // why there are no servers
}

// An order is every other line from the client.
type order struct {
	Number int  `json:"number"`
	Hold   bool `json:"hold"` // the second server does not read its streams
}

// news is every other line from the host.
type news struct {
	Seen     report.Seen `json:"seen"`
	Answered int         `json:"answered"` // number of the last order applied
}

// Dial asks the host at an address for the servers of a trial. What they see
// goes into the journal.
func Dial(address string, j *report.Journal, scenario string, trial int) (Servers, error) {
	c, err := net.DialTimeout("tcp", address, report.Patience)
	if err != nil {
		return nil, err
	}
	r := &remote{conn: c.(*net.TCPConn), journal: j, orders: json.NewEncoder(c), done: make(chan struct{})}
	if err := r.begin(hello{scenario, trial}); err != nil {
		c.Close()
		return nil, fmt.Errorf("asking %s for servers: %v", address, err)
	}
	return r, nil
}

// begin says which trial it is, receives the addresses of the servers, and
// starts to listen for news.
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

// listen copies what the servers saw into the journal until the host has sent
// everything.
func (r *remote) listen(in *json.Decoder) {
	defer close(r.done)
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

// Addrs returns the addresses in the host's welcome.
func (r *remote) Addrs() (first, second net.Addr) { return r.first, r.second }

// Hold orders the second server to stop reading, or to continue.
func (r *remote) Hold(ctx context.Context, on bool) error { return r.order(ctx, on) }

// Sync gives an order that changes nothing: its answer follows all earlier
// news.
func (r *remote) Sync(ctx context.Context) error {
	hold := false
	r.journal.Look(func() { hold = r.journal.Hold })
	return r.order(ctx, hold)
}

// order gives an order and waits until the host has applied it.
func (r *remote) order(ctx context.Context, hold bool) error {
	r.last++
	r.journal.Change(func() { r.journal.Hold = hold })
	if err := r.orders.Encode(order{r.last, hold}); err != nil {
		return fmt.Errorf("telling the servers' process: %v", err)
	}
	return r.journal.Await(ctx, "the servers' process", func() bool { return r.journal.Answered >= r.last })
}

// Close tells the host that the trial is over, and waits until the servers are
// closed.
func (r *remote) Close() {
	r.conn.CloseWrite()
	select {
	case <-r.done:
	case <-time.After(2 * report.Patience): // closing the servers may take one Patience
	}
	r.conn.Close()
}

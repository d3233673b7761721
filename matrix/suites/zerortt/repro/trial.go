package main

import (
	"context"
	"fmt"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/loopback"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/peer"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// A trial is one execution of one scenario: its two servers, its client and
// what is known so far.
type trial struct {
	start     time.Time
	ctx       context.Context
	journal   *report.Journal
	tickets   *loopback.TicketBox
	gate      *loopback.Gate
	wire      *wire.Recorder // of the second dial; nil until then
	servers   peer.Servers
	early     earlyConnection
	next      connection
	bidi      []stream       // early streams
	uni       []sendStream   // early unidirectional streams
	attempted []int64        // stream IDs of the attempt
	taken     map[int64]bool // stream IDs that the next connection used
	proof     report.Proof
	scenario  scenario
	filler    *filler                 // what fills the send queue; nil where nothing does
	survived  bool                    // the next connection carried the probes
	counts    func(stream int64) bool // which streams of the server a leak counts on
}

// try runs one trial from its sockets to its report, against the servers that an
// opener starts, and returns what it recorded of the wire, which is nil where it
// did not come to the second dial.
func try(s scenario, number int, open opener) (report.Report, *wire.Recorder) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), report.Patience)
	defer cancel()
	t := &trial{
		start:    start,
		scenario: s,
		ctx:      ctx,
		journal:  report.NewJournal(),
		tickets:  loopback.NewTicketBox(),
		taken:    make(map[int64]bool),
		proof:    report.Proof{Acted: report.NotAtAll},
		counts:   report.AnyStream,
	}
	var err error
	if t.servers, err = open(t.journal, s, number); err != nil {
		err = fmt.Errorf("starting the servers: %v", err)
	} else {
		err = t.play()
	}
	r := t.conclude(err)
	r.Trial = number
	t.close() // how the connection ends is on the wire too
	if t.wire != nil {
		r.Wire = r.Agree(t.wire.Decode(), t.counts)
	}
	r.ElapsedUS = time.Since(start).Microseconds()
	return r, t.wire
}

// play takes a trial through its stages. An error says what kept it from its
// end, be it the defect or an accident: conclude tells them apart.
func (t *trial) play() error {
	if err := t.fetchTicket(); err != nil {
		return fmt.Errorf("fetching a ticket: %w", err)
	}
	if err := t.attempt(); err != nil {
		return fmt.Errorf("attempting 0-RTT: %v", err)
	}
	if err := t.awaitRejection(); err != nil {
		return err
	}
	if t.scenario.before != nil {
		t.gate.Hold()
		t.scenario.before(t)
		t.proof.Acted = report.AfterRejection
	}
	next, err := nextConnection(t.ctx, t.early)
	if err != nil {
		return fmt.Errorf("taking the next connection: %v", err)
	}
	t.next = next
	err = t.scenario.after(t)
	probed := t.complete(probes)
	t.survived = probed == nil
	if err == nil {
		err = probed
	}
	if err == nil {
		err = t.retook()
	}
	return err
}

// retook holds that the next connection took every stream ID of the attempt
// again: where it did not, nothing was there for the attempt's resets to hit.
func (t *trial) retook() error {
	for _, id := range t.attempted {
		if !t.taken[id] {
			return fmt.Errorf("the next connection never took stream ID %d of the attempt", id)
		}
	}
	return nil
}

// probes is how many exchanges follow a scenario. What the cancel put in the
// client's queues goes out with the next packet, and what an acknowledgement
// sets off follows in the round trip after: so these look for it, and for
// whether the connection survives.
const probes = 3

// close ends everything that the trial started.
func (t *trial) close() {
	if t.gate != nil {
		t.gate.Unblock() // closing waits until all that was queued is written
	}
	if t.early != nil {
		t.early.CloseWithError(report.CodeDone, "")
	}
	if t.gate != nil {
		t.gate.Close()
	}
	if t.servers != nil {
		t.servers.Close()
	}
}

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/loopback"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/peer"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/stacks"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// A trial is one run of one scenario: its servers, its client, and what is
// known so far.
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
	bidi      []stream       // early bidirectional streams
	uni       []sendStream   // early unidirectional streams
	attempted []int64        // stream IDs of the attempt
	usedIDs   map[int64]bool // stream IDs that the next connection has used
	proof     report.Proof
	scenario  scenario
	filler    *filler                 // fills the send queue; nil if no scenario asked for that
	survived  bool                    // the probes succeeded on the next connection
	counts    func(stream int64) bool // reports whether a leak on a stream of the server counts
}

// runTrial runs one trial of a scenario against the servers that open starts.
// If the machine disturbs the trial, runTrial begins it again with new servers,
// until Patience is over. It returns the report and what was recorded of the
// wire, which is nil if the trial did not reach the second dial.
func runTrial(s scenario, number int, open opener) (report.Report, *wire.Recorder) {
	start := time.Now()
	for {
		r, recorder := tryOnce(s, number, open)
		if elapsed := time.Since(start); !r.Disturbed || elapsed > report.Patience {
			r.ElapsedUS = elapsed.Microseconds()
			return r, recorder
		}
	}
}

// tryOnce is runTrial without the repetitions. Its report lacks ElapsedUS.
func tryOnce(s scenario, number int, open opener) (report.Report, *wire.Recorder) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), report.Patience)
	defer cancel()
	t := &trial{
		start:    start,
		scenario: s,
		ctx:      ctx,
		journal:  report.NewJournal(),
		tickets:  loopback.NewTicketBox(),
		usedIDs:  make(map[int64]bool),
		proof:    report.Proof{Acted: report.NotAtAll},
		counts:   report.AnyStream,
	}
	var err error
	if t.servers, err = open(t.journal, s, number); err != nil {
		err = fmt.Errorf("starting the servers: %v", err)
	} else {
		err = t.run()
	}
	r := t.conclude(err)
	r.Trial = number
	t.close() // before decoding: how the connection ends is on the wire too
	if t.wire != nil {
		log := t.wire.Decode()
		r.Check(log)
		r.Wire = r.Agree(log, t.counts)
	}
	return r, t.wire
}

// run takes the trial through its stages. An error says what stopped it, be it
// the defect or an accident: conclude tells them apart.
func (t *trial) run() error {
	if err := t.fetchTicket(); err != nil {
		return fmt.Errorf("fetching a ticket: %w", err)
	}
	if err := t.attempt(); err != nil {
		return fmt.Errorf("attempting 0-RTT: %v", err)
	}
	if err := t.awaitRejection(); err != nil {
		return err
	}
	if t.scenario.beforeNext != nil {
		if err := t.actBeforeNext(); err != nil {
			return err
		}
	}
	next, err := nextConnection(t.ctx, t.early)
	if err != nil {
		return fmt.Errorf("taking the next connection: %v", err)
	}
	t.next = next
	err = t.scenario.onNext(t)
	probed := t.complete(probes)
	t.survived = probed == nil
	if err == nil {
		err = probed
	}
	if err == nil {
		err = t.checkIDsReused()
	}
	return err
}

// actBeforeNext runs the scenario's beforeNext. The gate is held, so that the
// client does not see how the server reacts before its next exchange.
//
// In an ordered scenario, the server is held first, and actBeforeNext waits
// until all that was queued has left. Otherwise two races would decide. The
// library may send a reset behind the data of the next exchange, if that is
// written while it assembles a packet. And it may send the reset alone, so that
// the server's application reads it before that data arrives.
func (t *trial) actBeforeNext() error {
	t.gate.Hold()
	if t.scenario.ordered {
		if err := t.servers.Hold(t.ctx, true); err != nil {
			return err
		}
	}
	t.scenario.beforeNext(t)
	t.proof.Acted = report.AfterRejection
	if t.scenario.ordered {
		return stacks.AwaitQuiet(t.ctx)
	}
	return nil
}

// checkIDsReused returns an error unless the next connection has used every
// stream ID of the attempt. If it has not, the attempt's resets had nothing to
// hit.
func (t *trial) checkIDsReused() error {
	for _, id := range t.attempted {
		if !t.usedIDs[id] {
			return fmt.Errorf("the next connection never took stream ID %d of the attempt", id)
		}
	}
	return nil
}

// probes is the number of exchanges after each scenario. A frame that a cancel
// has queued leaves with the next packet, and what its acknowledgement
// triggers follows one round trip later. The probes give both time to arrive,
// and show whether the connection survives.
const probes = 3

// close ends all that the trial started.
func (t *trial) close() {
	if t.gate != nil {
		t.gate.Unblock() // closing waits until all that is queued is written
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

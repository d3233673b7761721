package main

import (
	"context"
	"net"
)

// servers are the two servers of a trial: the first gives the client a ticket,
// the second one rejects the 0-RTT attempt, and what that sees is in the trial's
// journal. They run in this process, or in another one that is built against
// another release.
type servers interface {
	// addrs returns where they listen.
	addrs() (first, second net.Addr)
	// hold keeps the second server from reading its streams, or lets it read on.
	hold(ctx context.Context, on bool) error
	// sync waits until all that the second server has seen so far is in the journal.
	sync(ctx context.Context) error
	// close ends both and all that they started.
	close()
}

// An opener starts the servers of a trial, whose number is told.
type opener func(j *journal, s scenario, trial int) (servers, error)

// A pair is two servers in this process.
type pair struct {
	first, second *server
	journal       *journal
}

// startPair is the opener for servers in this process. What the first server
// sees is nothing to the trial.
func startPair(j *journal, s scenario, _ int) (servers, error) {
	first, err := startServer(newJournal(), s.first)
	if err != nil {
		return nil, err
	}
	second, err := startServer(j, s.second)
	if err != nil {
		first.close()
		return nil, err
	}
	return &pair{first, second, j}, nil
}

func (p *pair) addrs() (first, second net.Addr) { return p.first.addr(), p.second.addr() }

func (p *pair) hold(_ context.Context, on bool) error {
	p.journal.change(func() { p.journal.hold = on })
	return nil
}

func (p *pair) sync(context.Context) error { return nil }

func (p *pair) close() {
	p.first.close()
	p.second.close()
}

package main

import (
	"context"
	"net"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/peer"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// An opener starts the servers of a trial, which is identified by its number.
type opener func(j *report.Journal, s scenario, trial int) (peer.Servers, error)

// A pair is the two servers of a trial, in this process.
type pair struct {
	first, second *server
	journal       *report.Journal
}

// startPair is the opener for servers in this process. What the first server
// sees does not matter to the trial, so it gets a journal of its own.
func startPair(j *report.Journal, s scenario, _ int) (peer.Servers, error) {
	first, err := startServer(report.NewJournal(), s.first)
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

// Addrs returns the addresses of both servers.
func (p *pair) Addrs() (first, second net.Addr) { return p.first.addr(), p.second.addr() }

// Hold stops the second server from reading its streams, or lets it continue.
func (p *pair) Hold(_ context.Context, on bool) error {
	p.journal.Change(func() { p.journal.Hold = on })
	return nil
}

// Sync does nothing: the second server writes to the journal itself.
func (p *pair) Sync(context.Context) error { return nil }

// Close stops both servers.
func (p *pair) Close() {
	p.first.close()
	p.second.close()
}

// dialPeer returns the opener for servers in another process, which listens on
// the address that repro serve has printed.
func dialPeer(address string) opener {
	return func(j *report.Journal, s scenario, trial int) (peer.Servers, error) {
		return peer.Dial(address, j, s.name, trial)
	}
}

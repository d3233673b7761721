// Package peer lets the servers of a trial run in another process, which may be
// built against another release: what a client leaks, a server of any age sees.
//
// It needs nothing of the library under test, and so is compiled once for all
// releases that share a toolchain.
package peer

import (
	"context"
	"net"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// Servers are the two servers of a trial: the first gives the client a ticket,
// the second one rejects the 0-RTT attempt, and what that sees is in the trial's
// journal. They run in this process, or in another one.
type Servers interface {
	// Addrs returns where they listen.
	Addrs() (first, second net.Addr)
	// Hold keeps the second server from reading its streams, or lets it read on.
	Hold(ctx context.Context, on bool) error
	// Sync waits until all that the second server has seen so far is in the journal.
	Sync(ctx context.Context) error
	// Close ends both and all that they started.
	Close()
}

// An Opener starts the servers of a trial of a scenario.
type Opener func(j *report.Journal, scenario string, trial int) (Servers, error)

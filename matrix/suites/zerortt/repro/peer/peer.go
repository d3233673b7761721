// Package peer lets the servers of a trial run in another process. That
// process may be built against another release: a server of any release sees
// what a client leaks.
//
// It does not use the library under test, so it is compiled once for all
// releases that share a toolchain.
package peer

import (
	"context"
	"net"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// Servers are the two servers of a trial. The first one gives the client a
// ticket. The second one rejects the 0-RTT attempt, and what it sees is in the
// journal of the trial. They run in this process or in another one.
type Servers interface {
	// Addrs returns the addresses that the servers listen on.
	Addrs() (first, second net.Addr)
	// Hold stops the second server from reading its streams if on is true, and
	// lets it continue otherwise.
	Hold(ctx context.Context, on bool) error
	// Sync waits until the journal has all that the second server has seen so
	// far.
	Sync(ctx context.Context) error
	// Close stops both servers and waits for all that they started.
	Close()
}

// An Opener starts the servers of a trial of a scenario. What the second one
// sees goes into the journal.
type Opener func(j *report.Journal, scenario string, trial int) (Servers, error)

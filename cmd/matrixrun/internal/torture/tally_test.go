package torture

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The groups of a tally, in the order in which it prints them.
const (
	livesLived     = "lives"
	signalsSent    = "signals"
	disksFull      = "full disks"
	filesDamaged   = "damaged in the record"
	faultsTried    = "answers of the proxy"
	remotesUsed    = "remote records"
	remoteFaults   = "answers of the registry"
	remoteDamaged  = "damaged remotely"
	processesAtOne = "processes at once"
	runsEnded      = "disturbed runs"
	survivors      = "runs at the end of a life"
)

// A tally counts what was tried, by group and name.
type tally struct {
	groups []string
	names  map[string][]string // by group, in the order of their first counting
	counts map[[2]string]int
}

// add counts one thing, and addN several. With 0 the name is listed as not tried.
func (c *tally) add(group, name string) { c.addN(group, name, 1) }

func (c *tally) addN(group, name string, n int) {
	if c.counts == nil {
		c.names, c.counts = make(map[string][]string), make(map[[2]string]int)
	}
	if !slices.Contains(c.groups, group) {
		c.groups = append(c.groups, group)
	}
	if !slices.Contains(c.names[group], name) {
		c.names[group] = append(c.names[group], name)
	}
	c.counts[[2]string{group, name}] += n
}

// text returns a line for each group: how often each of its names was counted.
func (c *tally) text() string {
	var b strings.Builder
	for _, group := range c.groups {
		var parts []string
		for _, name := range c.names[group] {
			parts = append(parts, fmt.Sprintf("%d %s", c.counts[[2]string{group, name}], name))
		}
		fmt.Fprintf(&b, "%-26s %s\n", group+":", strings.Join(parts, ", "))
	}
	return b.String()
}

// missing returns what was never counted.
func (c *tally) missing() (all []string) {
	for _, group := range c.groups {
		for _, name := range c.names[group] {
			if c.counts[[2]string{group, name}] == 0 {
				all = append(all, name)
			}
		}
	}
	return all
}

// TestTally checks what a tally prints, and that it notices what was never tried.
func TestTally(t *testing.T) {
	t.Parallel()
	var c tally
	c.addN(signalsSent, "SIGKILL", 0)
	c.addN(signalsSent, "SIGTERM", 0)
	c.add(signalsSent, "SIGTERM")
	c.addN(disksFull, "record", 2)
	const want = "signals:                   0 SIGKILL, 1 SIGTERM\nfull disks:                2 record\n"
	if got := c.text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := fmt.Sprint(c.missing()); got != "[SIGKILL]" {
		t.Errorf("missing: %s", got)
	}
}

package bisect

import (
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// wires returns trials, each with frames such as "reset 4 client"; "?" was not decoded.
func wires(trials ...string) (all []*matrix.Wire) {
	for _, trial := range trials {
		w := &matrix.Wire{Agrees: true}
		for i, frame := range strings.Split(trial, ",") {
			words := strings.Fields(frame)
			switch {
			case trial == "?":
				w.Unread = "there are no secrets"
			case len(words) == 3:
				w.Frames = append(w.Frames, matrix.WireFrame{Type: words[0], Stream: int64(strings.Index("-0123456789", words[1])) - 1, From: words[2], Number: int64(i), US: int64(len(all))})
			}
		}
		all = append(all, w)
	}
	return all
}

// TestDoubt checks which changes from a leak to no leak are fixes, by what is on the wire.
func TestDoubt(t *testing.T) {
	tests := []struct {
		name          string
		before, after []*matrix.Wire
		want          matrix.TurnKind
		why           string
	}{
		{"what leaked is gone", wires("reset 0 client,close - client"), wires("close - client"), matrix.TurnFixed, "On the wire, the side before the change has reset for stream 0 from the client and close from the client; the side after it has close from the client."},
		{"another side ends the connection", wires("close - client"), wires("close - server"), matrix.TurnFixed, ""},
		{"for another stream", wires("reset 0 client"), wires("reset 4 client", "reset 4 client"), matrix.TurnHidden, "each has reset for stream 4 from the client on the wire"},
		{"only in some trials", wires("reset 0 client"), wires("reset 4 client", ""), matrix.TurnFixed, ""},
		{"also in a trial before", wires("reset 0 client", "reset 0 client,reset 4 client"), wires("reset 4 client"), matrix.TurnFixed, ""},
		{"nothing before was decoded", wires("?"), wires("reset 4 client"), matrix.TurnFixed, ""},
		{"nothing after was decoded", wires("reset 0 client"), wires("?", "?"), matrix.TurnFixed, ""},
		{"some after were not decoded", wires("reset 0 client"), wires("?", "reset 4 client"), matrix.TurnHidden, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			turn := matrix.Turn{Kind: matrix.TurnFixed, Before: matrix.Visit{Presence: matrix.PresenceThere}, After: matrix.Visit{Presence: matrix.PresenceAbsent}}
			ReadWire(&turn.Before, test.before, test.before)
			ReadWire(&turn.After, test.after, test.after)
			cut := turn
			cut.Before.Cut = true
			if Doubt(&cut); cut.Kind != matrix.TurnFixed {
				t.Errorf("got %s, although the trials before it were cut off", cut.Kind)
			}
			Doubt(&turn)
			if why := Why(&turn, leaky); turn.Kind != test.want || !strings.Contains(why, test.why) || why != strings.TrimSpace(why) {
				t.Errorf("got %s: %q; want %s: %q", turn.Kind, why, test.want, test.why)
			}
		})
	}
}

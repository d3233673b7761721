package bisect

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// ReadWire adds to a visit what its trials had on the wire. Deciding has the trials that
// show what the visit says. Trials that were not decoded, which are nil or say so, do not
// count.
func ReadWire(v *matrix.Visit, all, deciding []*matrix.Wire) {
	for _, w := range all {
		if decoded(w) {
			v.Sent = append(v.Sent, kinds(w.Frames)...)
		}
	}
	for _, w := range deciding {
		switch {
		case !decoded(w):
		case !v.Decoded:
			v.Decoded, v.Frames, v.Always = true, w.Frames, kinds(w.Frames)
		default:
			has := kinds(w.Frames)
			v.Always = slices.DeleteFunc(v.Always, func(f matrix.WireFrame) bool { return !slices.Contains(has, f) })
		}
	}
}

// decoded reports whether the datagrams of a trial were read.
func decoded(w *matrix.Wire) bool { return w != nil && w.Unread == "" }

// kinds returns the kinds of frames, each once. A kind is a frame without what differs
// from trial to trial. Which side ends the connection is such a thing.
func kinds(frames []matrix.WireFrame) (all []matrix.WireFrame) {
	for _, f := range frames {
		kind := matrix.WireFrame{From: f.From, Packet: f.Packet, Type: f.Type, Stream: f.Stream}
		if f.Stream < 0 {
			kind.From, kind.Packet = "", ""
		}
		if !slices.Contains(all, kind) {
			all = append(all, kind)
		}
	}
	return all
}

// Doubt makes a change that looks like a fix one that hides the leak, if the wire says so:
// if each clean trial after it has frames that no trial before it had. A fix leaves out
// what leaked. With other frames, the scenario takes another way, and does not show
// whether the leak is gone.
func Doubt(t *matrix.Turn) {
	if t.Kind == matrix.TurnFixed && len(newFrames(t)) > 0 {
		t.Kind = matrix.TurnHidden
	}
}

// newFrames returns the kinds of frames that all deciding trials after a change have, and
// no trial before it. It returns nil if a side was not decoded, or if a leak cut trials
// before the change off: they might have had those frames later.
func newFrames(t *matrix.Turn) (found []matrix.WireFrame) {
	if !t.Before.Decoded || !t.After.Decoded || t.Before.Cut {
		return nil
	}
	for _, f := range t.After.Always {
		if !slices.Contains(t.Before.Sent, f) {
			found = append(found, f)
		}
	}
	return found
}

// onWire says what the deciding trials of both sides had on the wire, as a sentence with a
// blank after it; "" if a side was not decoded.
func onWire(t *matrix.Turn, w matrix.Words) string {
	if !t.Before.Decoded || !t.After.Decoded {
		return ""
	}
	before, after := frameNames(t.Before.Frames, w), frameNames(t.After.Frames, w)
	if before == after {
		return fmt.Sprintf("On the wire, both sides have %s. ", before)
	}
	return fmt.Sprintf("On the wire, the side before the change has %s; the side after it has %s. ", before, after)
}

// frameNames names frames, each once.
func frameNames(frames []matrix.WireFrame, w matrix.Words) string {
	var names []string
	for _, f := range frames {
		name := f.Type
		if f.Stream >= 0 {
			name += " for " + w.Place(f.Stream)
		}
		if f.From != "" {
			name += " from the " + f.From
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "no frame that matters"
	}
	return text.List(names)
}

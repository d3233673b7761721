package bisect

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Why says what differs in what the trials of both sides of a change saw.
func Why(t *matrix.Turn) string {
	switch {
	case t.Kind == matrix.TurnHidden:
		return fmt.Sprintf("After it, no trial comes to the point where it leaked: %s. %sNothing proves that the cause is gone.", t.After.Reason, onWire(t))
	case t.Before.Presence == matrix.PresenceUnreached:
		return fmt.Sprintf("Before it, no trial comes to the point where it leaks: %s. %sThat counts as no leak: the change may have added what leaks.", t.Before.Reason, onWire(t))
	default:
		return "The trials of both sides come to the point where it leaks. " + onWire(t)
	}
}

// onWire says what the trials of both sides had on the wire, as a sentence with a blank
// after it; "" if a side was not decoded.
func onWire(t *matrix.Turn) string {
	if !t.Before.Decoded || !t.After.Decoded {
		return ""
	}
	before, after := frames(t.Before), frames(t.After)
	if before == after {
		return fmt.Sprintf("On the wire, both have %s. ", before)
	}
	return fmt.Sprintf("On the wire there is %s before it, and %s after it. ", before, after)
}

// frames names the frames of a visit, each once.
func frames(v matrix.Visit) string {
	var names []string
	for _, f := range v.Frames {
		name := f.Type
		if f.Stream >= 0 {
			name += fmt.Sprintf(" for stream %d", f.Stream)
		}
		name += " from the " + f.From
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "no frame that matters"
	}
	return text.List(names)
}

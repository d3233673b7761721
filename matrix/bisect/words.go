package bisect

import (
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// Why says what differs in what the trials of both sides of a change saw, in the words of
// the suite.
func Why(t *matrix.Turn, words matrix.Words) string {
	w := words.Complete()
	leak := w.Leak
	switch found := newFrames(t); {
	case t.Kind == matrix.TurnHidden && t.After.Presence == matrix.PresenceAbsent:
		return fmt.Sprintf("After it, no trial %s, but each has %s on the wire, which no trial before it has. %s"+
			"So the scenario takes another way, and nothing proves that the cause is gone.", leak.One, frameNames(found, w), onWire(t, w))
	case t.Kind == matrix.TurnHidden:
		return fmt.Sprintf("After it, no trial comes to the point where it %s: %s. %sNothing proves that the cause is gone.", leak.Past, t.After.Reason, onWire(t, w))
	case t.Before.Presence == matrix.PresenceUnreached:
		return fmt.Sprintf("Before it, no trial comes to the point where it %s: %s. %sThat counts as no %s: the change may have added what %[1]s.", leak.One, t.Before.Reason, onWire(t, w), leak.Noun)
	default:
		return strings.TrimSpace(fmt.Sprintf("The trials of both sides come to the point where it %s. ", leak.One) + onWire(t, w))
	}
}

package bisect

import (
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// Why says what differs in what the trials of both sides of a change saw.
func Why(t *matrix.Turn) string {
	switch found := newFrames(t); {
	case t.Kind == matrix.TurnHidden && t.After.Presence == matrix.PresenceAbsent:
		return fmt.Sprintf("After it, no trial leaks, but each has %s on the wire, which no trial before it has. %s"+
			"So the scenario takes another way, and nothing proves that the cause is gone.", frameNames(found), onWire(t))
	case t.Kind == matrix.TurnHidden:
		return fmt.Sprintf("After it, no trial comes to the point where it leaked: %s. %sNothing proves that the cause is gone.", t.After.Reason, onWire(t))
	case t.Before.Presence == matrix.PresenceUnreached:
		return fmt.Sprintf("Before it, no trial comes to the point where it leaks: %s. %sThat counts as no leak: the change may have added what leaks.", t.Before.Reason, onWire(t))
	default:
		return strings.TrimSpace("The trials of both sides come to the point where it leaks. " + onWire(t))
	}
}

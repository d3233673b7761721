package report

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Verified says what came out when rows of published results were built again.
func Verified(v *matrix.Verification) string {
	out := fmt.Sprintf("%d of %s came out as published", v.Identical, text.Count(v.Built, "row"))
	if v.Tried > 0 {
		out += fmt.Sprintf("; %d of %d that were tried again have the same verdicts", v.Agree, v.Tried)
	}
	if n := v.Unknown(); n > 0 {
		out += "; " + text.Count(n, "row") + " could not be verified"
	}
	if v.Stopped() {
		out += fmt.Sprintf("; interrupted with %s to build, and %d to try again", text.Count(v.Unbuilt, "more row"), v.Untried)
	}
	return out
}

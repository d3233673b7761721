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
	return out
}

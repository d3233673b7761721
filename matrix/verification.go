package matrix

import (
	"slices"
	"time"
)

// A Verification says how published results fared when rows of them were built again. It is
// what the command verify writes.
type Verification struct {
	Suite     string        `json:"suite"`
	Generated time.Time     `json:"generated"` // of the results
	Matrixrun string        `json:"matrixrun"` // that made them
	When      time.Time     `json:"when"`      // the verification ended
	Host      Host          `json:"host"`      // where it ran
	Built     int           `json:"built"`     // rows that were built again, or could not be
	Identical int           `json:"identical"` // of these, rows that came out the same
	Tried     int           `json:"tried"`     // rows whose scenarios were tried again
	Agree     int           `json:"agree"`     // of these, rows with the same verdicts
	Rows      []VerifiedRow `json:"rows"`      // that were built, and those about whose trials there is something to say

	// What an interrupt left: rows that were still to be built, and to be tried again.
	Unbuilt int `json:"unbuilt,omitempty"`
	Untried int `json:"untried,omitempty"`
}

// A VerifiedRow is one row. What is wrong with it is empty if nothing is.
type VerifiedRow struct {
	ID          string   `json:"id"`
	Differences []string `json:"differences"`
	Unknown     string   `json:"unknown"` // why nothing is known
}

// Of reports whether it is about these results, and not about earlier ones.
func (v *Verification) Of(r *Results) bool {
	return v.Suite == r.Suite && v.Generated.Equal(r.Generated)
}

// Stopped reports whether an interrupt ended it before its time.
func (v *Verification) Stopped() bool { return v.Unbuilt+v.Untried > 0 }

// Unknown returns the number of rows that could not be verified.
func (v *Verification) Unknown() int {
	ids := make(map[string]bool)
	for _, row := range v.Rows {
		if row.Unknown != "" {
			ids[row.ID] = true
		}
	}
	return len(ids)
}

// Exit returns the exit status of verify. What is not known outranks what differs.
func (v *Verification) Exit() int {
	switch {
	case len(v.Rows) == 0, v.Stopped(), v.Unknown() > 0:
		return ExitUnknown
	case slices.ContainsFunc(v.Rows, func(row VerifiedRow) bool { return len(row.Differences) > 0 }):
		return ExitDiffers
	}
	return ExitOK
}

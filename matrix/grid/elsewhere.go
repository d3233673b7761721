package grid

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// trialsFrom returns the remote record that trials of a row are from; empty if all of them
// ran on the machine of the results.
func trialsFrom(row *matrix.RowResult) string {
	for _, c := range row.Cells {
		if c.From != "" {
			return c.From
		}
	}
	return ""
}

// fromElsewhere returns how many cells rest on trials that ran on other machines, and the remote
// records that those were fetched from. It returns "" if all trials ran on the machine of the
// results.
func fromElsewhere(rows []matrix.RowResult) string {
	var from []string
	cells, all := 0, 0
	for i := range rows {
		for _, c := range rows[i].Cells {
			all++
			if c.From == "" {
				continue
			}
			cells++
			if !slices.Contains(from, c.From) {
				from = append(from, c.From)
			}
		}
	}
	if cells == 0 {
		return ""
	}
	slices.Sort(from)
	return fmt.Sprintf("%d of %s rest on trials that ran elsewhere, fetched from %s", cells, text.Count(all, "cell"), text.List(from))
}

// unconfined returns a sentence for results whose trials could use the files and the network
// of the machine, or "" if they could not, or if that is not known.
func unconfined(r *matrix.Results) string {
	s := r.Sandbox
	if s == nil || s.Files.Applies || s.Network.Applies || !tried(r) {
		return ""
	}
	return fmt.Sprintf("No sandbox kept the trials of this run from the machine's files and network (%s): their outcomes may depend on these", s.Files.Why)
}

// tried reports whether a row has cells.
func tried(r *matrix.Results) bool {
	return slices.ContainsFunc(r.Rows, func(row matrix.RowResult) bool { return len(row.Cells) > 0 })
}

// whereTried returns what a reader should know about where the trials ran, a sentence each.
func whereTried(r *matrix.Results) (sentences []string) {
	for _, s := range []string{fromElsewhere(r.Rows), unconfined(r)} {
		if s != "" {
			sentences = append(sentences, s)
		}
	}
	return sentences
}

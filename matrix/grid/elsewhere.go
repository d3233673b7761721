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

package page

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A news is what changed since earlier results: what concerns builds without patches, and
// in one line the rest.
type news struct {
	*matrix.Since
	Plain []matrix.News
	Rest  string // of changes in builds with patches only; empty without such changes
	Worse bool   // one of these makes the results worse
}

// newNews divides the changes; nil if there are no earlier results.
func newNews(since *matrix.Since) *news {
	if since == nil {
		return nil
	}
	n := &news{Since: since}
	rest := 0
	for _, c := range since.Changes {
		if len(c.Rows) > 0 && !slices.ContainsFunc(c.Rows, func(id string) bool { return len(matrix.ParseRowID(id).Patches) == 0 }) {
			rest++
			n.Worse = n.Worse || c.Counts
			continue
		}
		n.Plain = append(n.Plain, c)
	}
	if rest > 0 {
		n.Rest = text.Count(rest, "change") + " in builds with patches alone"
		if n.Worse {
			n.Rest += ", some for the worse"
		}
	}
	return n
}

package grid

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// certainty says in sentences how sure the cells of releases without patches are, and
// which fall short of what the run was asked for. There are none if it was not asked:
//
//	clean cells without patches exclude that more than 5 % of their trials leak (0 of 72, or more); in v0.4.0 and on both
//	sides of each change, cells whose trials agree exclude that more than 0.5 % differ (0 of 736, or more)
//
// A change is one of a verdict from one release to the next. Rows are sorted by version.
func certainty(r *matrix.Results, rows []matrix.RowResult, w matrix.Words) []string {
	if r.Sure == nil {
		return nil
	}
	others := elsewhere(r.Shard)
	places := "on both sides of each change"
	if newest := matrix.Newest(rows, others); newest != "" {
		places = "in " + newest + " and " + places
	}
	clean, edge := r.Sure.Clean, r.Sure.Edge
	out := []string{fmt.Sprintf("%s cells without patches exclude that more than %s of their trials %s (0 of %d, or more); "+
		"%s, cells whose trials agree exclude that more than %s differ (0 of %d, or more)",
		w.Clean.Name, text.PercentUp(clean.Rate), w.Leak.Many, clean.Trials, places, text.PercentUp(edge.Rate), edge.Trials)}
	if short := short(rows, r.Sure.Wanted(rows, others)); len(short) > 0 {
		out = append(out, fmt.Sprintf("short of that %s, with fewer proven trials than it takes: %s", are(len(short)), text.Some(short, mostShort)))
	}
	return out
}

// mostShort is how many cells that fall short are named.
const mostShort = 20

// are is the verb for n cells, with their number.
func are(n int) string {
	if n == 1 {
		return "is one cell"
	}
	return "are " + text.Count(n, "cell")
}

// short returns the cells that have fewer proven trials than they need, with both
// numbers.
func short(rows []matrix.RowResult, wanted map[matrix.Place]int) (cells []string) {
	for i := range rows {
		for _, c := range rows[i].Cells {
			if n := wanted[matrix.Place{Row: rows[i].ID, Scenario: c.Scenario}]; c.Trials < n {
				cells = append(cells, fmt.Sprintf("%s/%s (%d of %d)", rows[i].ID, c.Scenario, c.Trials, n))
			}
		}
	}
	return cells
}

// elsewhere returns the versions of the releases without patches that the other
// shards of a run have.
func elsewhere(s *matrix.Shard) []string {
	if s == nil {
		return nil
	}
	var versions []string
	for i, rows := range s.Plan {
		for _, row := range rows {
			if id := matrix.ParseRowID(row); i != s.Index-1 && len(id.Patches) == 0 && id.IsRelease() {
				versions = append(versions, id.Version)
			}
		}
	}
	return versions
}

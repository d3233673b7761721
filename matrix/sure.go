package matrix

import "slices"

// A Certainty is how sure a suite wants its published table to be. Each field is a
// rate of trials, above 0 and below 1: trials that come out differently from all
// others of their cell must be shown to be no more frequent than that.
type Certainty struct {
	Clean float64 // of every clean cell of a release without patches
	Edge  float64 // of every cell in Edges of which all trials agree; at most Clean
}

// Sure is a Certainty with the numbers of trials that it takes.
type Sure struct {
	Clean Bound `json:"clean"`
	Edge  Bound `json:"edge"`
}

// A Bound is a rate, and the fewest trials that exclude a higher one if they all
// agree.
type Bound struct {
	Rate   float64 `json:"rate"`
	Trials int     `json:"trials"`
}

// A Place is a cell of a table.
type Place struct{ Row, Scenario string } // the row's ID, and the scenario's name

// Edges returns the cells at the edges of what a table says about releases without
// patches. Those are
//
//   - every cell of the newest release: of the newest that is no pre-release, if
//     there is one;
//   - both cells of each boundary: two cells of one scenario with different verdicts,
//     known or not, in releases that follow each other by version. Releases that have
//     no cell for the scenario are passed over.
//
// If the table is one shard of a run, elsewhere has the versions of the releases that
// other shards have. Their verdicts are not known here, so a cell next to one of them
// is at an edge, too.
func Edges(rows []RowResult, elsewhere []string) map[Place]bool {
	all := releases(rows, elsewhere)
	edges := make(map[Place]bool)
	before := make(map[string]edge) // by scenario, the last cell
	hidden := false                 // there was a release that is elsewhere
	for _, row := range all {
		if row.Cells == nil && slices.Contains(elsewhere, row.ID) {
			for s, was := range before {
				edges[Place{was.row, s}] = true
			}
			clear(before)
			hidden = true
			continue
		}
		for _, c := range row.Cells {
			was, ok := before[c.Scenario]
			if ok && was.verdict != c.Verdict {
				edges[Place{was.row, c.Scenario}] = true
			}
			if ok && was.verdict != c.Verdict || !ok && hidden {
				edges[Place{row.ID, c.Scenario}] = true
			}
			before[c.Scenario] = edge{row.ID, c.Verdict}
		}
	}
	if newest := newest(all); newest != nil {
		for _, c := range newest.Cells {
			edges[Place{newest.ID, c.Scenario}] = true
		}
	}
	return edges
}

// An edge is a cell that may turn out to be at an edge.
type edge struct {
	row     string
	verdict Verdict
}

// releases returns the rows without patches by version, and among them a row without
// cells for each release that is elsewhere.
func releases(rows []RowResult, elsewhere []string) []RowResult {
	all := slices.DeleteFunc(slices.Clone(rows), func(r RowResult) bool { return len(r.Patches) > 0 || !r.Source.IsRelease() })
	for _, version := range elsewhere {
		all = append(all, RowResult{ID: version, Source: SourceResult{Version: version}})
	}
	return ByVersion(all)
}

// Newest returns the version of the newest release without patches, as Edges knows
// it. It is empty if there is none, or if it is elsewhere.
func Newest(rows []RowResult, elsewhere []string) string {
	last := newest(releases(rows, elsewhere))
	if last == nil || slices.Contains(elsewhere, last.ID) {
		return ""
	}
	return last.Version()
}

// newest returns the newest of rows that are sorted by version, nil if there is none.
func newest(rows []RowResult) *RowResult {
	var last *RowResult
	for i := range rows {
		if last == nil || IsPrerelease(last.Version()) || !IsPrerelease(rows[i].Version()) {
			last = &rows[i]
		}
	}
	return last
}

// Most returns the most proven trials that a cell takes to be sure enough.
func (s Sure) Most() int { return max(s.Edge.Trials, s.Clean.Trials) }

// Wanted returns how many proven trials each cell takes that is not sure enough
// otherwise. Cells that are missing in it are sure with any number: leaks that are not
// at an edge, cells whose trials differ, so that their own interval says how often,
// cells of which nothing is known, and cells of rows with patches. The parameters are
// those of Edges.
func (s Sure) Wanted(rows []RowResult, elsewhere []string) map[Place]int {
	wanted := make(map[Place]int)
	edges := Edges(rows, elsewhere)
	for i := range rows {
		if len(rows[i].Patches) > 0 {
			continue
		}
		for _, c := range rows[i].Cells {
			place := Place{rows[i].ID, c.Scenario}
			switch at := edges[place]; {
			case at && (c.Verdict == VerdictClean || c.Verdict == VerdictLeak):
				wanted[place] = s.Most()
			case c.Verdict == VerdictClean:
				wanted[place] = s.Clean.Trials
			}
		}
	}
	return wanted
}

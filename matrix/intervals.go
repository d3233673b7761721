package matrix

import (
	"fmt"
	"slices"
)

// An Interval is the verdicts on one scenario over the releases, in the order of
// their versions.
type Interval struct {
	Scenario string   `json:"scenario"`
	Patches  []string `json:"patches"` // names; empty for releases without patches
	Ranges   []Range  `json:"ranges"`
}

// A Range is a run of neighbouring rows with one verdict. If the rows have no cell,
// Verdict is the state of the rows. Releases that were not tried have no rows: their
// numbers say how much of a range nobody ran.
type Range struct {
	Verdict string `json:"verdict"`
	From    string `json:"from"`
	To      string `json:"to"`
	Rows    int    `json:"rows"`
	Untried int    `json:"untried,omitempty"`       // releases between From and To that were not tried
	After   int    `json:"untried_after,omitempty"` // releases after To that were not tried, up to the next range
}

// String returns where the range is: "v0.1.0", "v0.1.0 - v0.3.0 (3 releases)", or "v0.1.0 -
// v0.4.0 (3 of 4 releases)" if one was not tried.
func (r Range) String() string {
	of := ""
	switch {
	case r.Rows == 1:
		return r.From
	case r.Untried > 0:
		of = fmt.Sprintf("of %d ", r.Rows+r.Untried)
	}
	return fmt.Sprintf("%s - %s (%d %sreleases)", r.From, r.To, r.Rows, of)
}

// AsWanted reports whether a scenario of this kind has the verdict in every row
// that Kind.Want names.
func (i Interval) AsWanted(kind Kind) bool {
	return len(i.Ranges) == 1 && i.Ranges[0].Verdict == string(kind.Want())
}

// Intervals returns the intervals of every scenario, for every list of patches
// that a row has. A row without the cell counts with its state, so that no
// interval spans a row of which nothing is known.
func Intervals(r *Results) []Interval {
	intervals := []Interval{}
	for _, series := range AllSeries(r.Rows, r.Untried) {
		for _, s := range r.Scenarios {
			intervals = append(intervals, Interval{Scenario: s.Name, Patches: series.Patches, Ranges: series.Ranges(s.Name)})
		}
	}
	return intervals
}

// A Series is all rows of releases with the same patches, by version.
type Series struct {
	Patches []string // names; empty for releases without patches
	Rows    []RowResult
	Untried Untried
}

// AllSeries divides the rows of releases into series: first the releases without
// patches, then each list of patches, in the order in which the rows by version first
// have them. Rows of other targets are in no series: they are not between releases.
func AllSeries(rows []RowResult, untried Untried) []Series {
	var all []Series
	for _, row := range ByVersion(rows) {
		if !row.Source.IsRelease() {
			continue
		}
		patches := row.PatchNames()
		i := slices.IndexFunc(all, func(s Series) bool { return slices.Equal(s.Patches, patches) })
		if i < 0 {
			i = len(all)
			all = append(all, Series{Patches: patches, Untried: untried})
		}
		all[i].Rows = append(all[i].Rows, row)
	}
	slices.SortStableFunc(all, func(a, b Series) int { return min(len(a.Patches), 1) - min(len(b.Patches), 1) })
	return all
}

// ByVersion returns the rows sorted by version, and those of other targets after the
// rows of the release that they are nearest to. Rows of one target keep their order.
func ByVersion(rows []RowResult) []RowResult {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b RowResult) int { return CompareRows(&a, &b) })
	return sorted
}

// CompareRows orders rows as CompareReleases orders what they are built from. Rows of
// one target are equal, whatever their patches.
func CompareRows(a, b *RowResult) int { return a.Source.compare(&b.Source) }

// Ranges returns the ranges of a scenario over the series.
func (s Series) Ranges(scenario string) []Range {
	return s.RangesOf(func(row *RowResult) string {
		if c, ok := row.Cell(scenario); ok {
			return string(c.Verdict)
		}
		return string(row.State)
	})
}

// RangesOf divides the rows into runs of neighbours for which ask returns the same
// word; that is the Verdict of their range.
func (s Series) RangesOf(ask func(*RowResult) string) []Range {
	ranges := []Range{}
	for i := range s.Rows {
		word, version, next := ask(&s.Rows[i]), s.Rows[i].Version(), ""
		if i+1 < len(s.Rows) {
			next = s.Rows[i+1].Version()
		}
		after := s.Untried.Between(version, next)
		if n := len(ranges); n > 0 && ranges[n-1].Verdict == word {
			last := &ranges[n-1]
			last.To, last.Rows, last.Untried, last.After = version, last.Rows+1, last.Untried+last.After, after
			continue
		}
		ranges = append(ranges, Range{Verdict: word, From: version, To: version, Rows: 1, After: after})
	}
	return ranges
}

// BaseOf returns the row that is the release of a patched row without patches. It
// returns nil if row has no patches, and if rows do not have the release.
func BaseOf(row *RowResult, rows []RowResult) *RowResult {
	if len(row.Patches) == 0 {
		return nil
	}
	version := row.Version()
	for i := range rows { // without copies of rows, which are large
		if r := &rows[i]; len(r.Patches) == 0 && r.Version() == version {
			return r
		}
	}
	return nil
}

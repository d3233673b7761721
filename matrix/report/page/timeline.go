package page

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// A timeline shows how the families went over the releases without patches, a stripe
// each, in one look.
type timeline struct {
	Stripes []stripe
	Years   []year
}

// A year is a mark below the stripes: where its first release is.
type year struct {
	At   int // in percent of the width
	Year string
}

// A stripe is one family. Without families it is one probe.
type stripe struct {
	Name, Title, Consequence, Condition string
	Says                                string // all that the stripe shows, in words
	Parts                               []part
	Turns                               []turn
	Crowded                             bool // the turns are too near each other to have labels in their places
}

// A part is releases next to each other with one verdict.
type part struct {
	Class    string // the letter of its fill
	Releases int
	First    string // the ID of its first release
	Says     string
	Word     string // short enough for most parts
}

// A turn is the release with which another part begins.
type turn struct {
	At      int  // where it is, in percent of the width
	Low     bool // it is so near the turn before that its label is a line lower
	By      bool // releases before it were not tried, and one of them may be the turn
	Version string
	Date    string
	Links   []source
}

// A source is the address of what changed the verdict, with a short name for it.
type source struct{ Name, URL string }

// mostStripes is how many probes have stripes if there are no families.
const mostStripes = 12

// newTimeline makes the timeline of a table; nil if that has fewer than two releases, or
// too many probes for stripes.
func newTimeline(g *matrix.Grid) *timeline {
	releases := plainReleases(g)
	if len(releases) < 2 {
		return nil
	}
	families := g.Families
	if len(families) == 0 {
		families = probesAlone(g)
	}
	if len(families) == 0 || len(g.Families) == 0 && len(families) > mostStripes {
		return nil
	}
	t := &timeline{Years: years(releases)}
	for _, f := range families {
		t.Stripes = append(t.Stripes, newStripe(g, f, releases))
	}
	return t
}

// plainReleases returns the rows of releases without patches, by version.
func plainReleases(g *matrix.Grid) (rows []*matrix.GridRow) {
	for i := range g.Rows {
		if row := &g.Rows[i]; row.Source.IsRelease() && len(row.Patches) == 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// probesAlone returns each probe as a family of its own. What the toolchain decides is not
// known of a release, as in families.
func probesAlone(g *matrix.Grid) (all []matrix.GridFamily) {
	type cell struct{ row, scenario string }
	depends := make(map[cell]bool)
	plain := matrix.Series{Untried: g.Untried}
	for _, row := range plainReleases(g) {
		plain.Rows = append(plain.Rows, row.RowResult)
		for i := range row.Cells {
			if c := &row.Cells[i]; c.Otherwise != "" {
				depends[cell{row.ID, c.Scenario}] = true
			}
		}
	}
	for _, s := range g.Columns {
		if s.Kind != matrix.KindProbe {
			continue
		}
		all = append(all, matrix.GridFamily{
			Family: matrix.Family{Name: s.Name, Title: s.Title},
			Ranges: plain.RangesOf(func(row *matrix.RowResult) string {
				if c, ok := row.Cell(s.Name); ok && !depends[cell{row.ID, s.Name}] {
					return string(c.Verdict)
				}
				return string(row.State)
			}),
		})
	}
	return all
}

// newStripe makes the stripe of a family.
func newStripe(g *matrix.Grid, f matrix.GridFamily, releases []*matrix.GridRow) stripe {
	s := stripe{Name: f.Name, Title: f.Title, Consequence: f.Consequence, Condition: f.Condition}
	at := 0
	var says []string
	for i, r := range f.Ranges {
		p := part{Class: fills.OfVerdict(matrix.Verdict(r.Verdict), false).Letter, Releases: r.Rows, First: r.From, Word: report.FamilyWord(matrix.Verdict(r.Verdict), g.Words)}
		p.Says = p.Word + ": " + r.String()
		p.Word = strings.ReplaceAll(p.Word, " ", "\u00a0") // so that it is seen as a whole or not at all
		says = append(says, p.Says)
		s.Parts = append(s.Parts, p)
		if i > 0 && at < len(releases) {
			turn := newTurn(&f.Family, releases[at], 100*at/len(releases))
			turn.By = g.Untried.Between(releases[at-1].Version(), turn.Version) > 0
			s.Turns = append(s.Turns, turn)
		}
		at += r.Rows
	}
	s.Says = strings.Join(says, "; ")
	s.Crowded = !spread(s.Turns)
	return s
}

// spread puts the labels of turns on two lines so that none covers another one. It reports
// whether there is room.
func spread(turns []turn) bool {
	high, low := 0, 0 // where the labels so far end on each line
	for i := range turns {
		t := &turns[i]
		from, to := t.span()
		switch {
		case from >= high:
			high = to
		case from >= low:
			t.Low, low = true, to
		default:
			return false
		}
	}
	return true
}

// span returns where the label of a turn begins and where the next one may, in percent of
// the width. As in the style rules, the part of the label that is before the turn is as
// large as the part of the stripe before it. A character takes 1.2 percent of the width
// that stripes have on a desk; in narrower windows labels follow each other.
func (t *turn) span() (from, to int) {
	label := t.Version + " " + t.Date
	if t.By {
		label = "by " + label
	}
	for _, l := range t.Links {
		label += " " + l.Name
	}
	wide := min(100, 6*len([]rune(label))/5)
	from = t.At * (100 - wide) / 100
	return from, from + wide + 2
}

// newTurn labels a release with which another part of a stripe begins.
func newTurn(f *matrix.Family, row *matrix.GridRow, at int) turn {
	t := turn{At: at, Version: row.Version()}
	if !row.Source.Time.IsZero() {
		t.Date = row.Source.Time.UTC().Format(time.DateOnly)
	}
	for _, c := range f.Changes {
		if c.Release == row.Version() {
			t.Links = append(t.Links, source{changeName(c.By), c.By})
		}
	}
	return t
}

// changeName returns a short name for the address of a change: the number of a pull
// request as people write it, #7.
func changeName(address string) string {
	if base := path.Base(address); base != "" && strings.Trim(base, "0123456789") == "" {
		return "#" + base
	}
	return "the change"
}

// years returns where each year begins. It leaves out those that would cover the one
// before.
func years(releases []*matrix.GridRow) (all []year) {
	for i, row := range releases {
		name, at := row.Source.Time.UTC().Format("2006"), 100*i/len(releases)
		if row.Source.Time.IsZero() || len(all) > 0 && (all[len(all)-1].Year >= name || at-all[len(all)-1].At < 8) {
			continue
		}
		all = append(all, year{at, name})
	}
	return all
}

// rules returns the style rules for the places in a timeline. The policy of the page
// allows no style in elements.
func (t *timeline) rules() string {
	if t == nil {
		return ""
	}
	var widths, places []int
	for _, s := range t.Stripes {
		for _, p := range s.Parts {
			widths = append(widths, p.Releases)
		}
		for _, turn := range s.Turns {
			places = append(places, turn.At)
		}
	}
	for _, y := range t.Years {
		places = append(places, y.At)
	}
	var out strings.Builder
	for _, n := range distinct(widths) {
		fmt.Fprintf(&out, ".w%d{flex:%d 1 0}", n, n)
	}
	for _, n := range distinct(places) {
		fmt.Fprintf(&out, ".at%d{left:%d%%}.turns .at%d{transform:translateX(-%d%%)}", n, n, n, n)
	}
	return out.String() + "\n"
}

// distinct returns numbers sorted, each once.
func distinct(numbers []int) []int {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

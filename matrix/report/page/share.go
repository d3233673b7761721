package page

import (
	"slices"
	"strings"
)

// A list is the sentences below one of a row's headings. Many rows have the same
// sentences, so the page has them once: in the first of these rows. The other rows
// refer to it, and the program of the page puts a copy in their place.
type list struct {
	Class string
	Items []string
	As    *row   // the first row with these sentences; nil if it is this one
	Place int    // of As among all rows
	Own   string // the version to read where the sentences of As have that of As; empty if they have none
}

// shareLists lets the lists of rows refer to earlier ones that are the same.
func shareLists(lines []line) {
	var ways, do, sure sharers
	place := 0
	for i := range lines {
		for k := range lines[i].Rows {
			r := &lines[i].Rows[k]
			ways.share(r, &r.Ways, place)
			do.share(r, &r.Do, place)
			sure.share(r, &r.Sure, place)
			place++
		}
	}
}

// sharers are the rows that later ones may refer to.
type sharers []sharer

// A sharer is a row with its own list of sentences.
type sharer struct {
	row   *row
	list  *list
	place int
}

// share lets a list of a row refer to a list with the same sentences, apart from the
// version of the row. The next rows may refer to a list without such an earlier one.
func (s *sharers) share(r *row, own *list, place int) {
	for _, first := range *s {
		from, to := first.row.Version(), r.Version()
		if items := inVersion(first.list.Items, from, to); slices.Equal(items, own.Items) {
			if own.As, own.Place = first.row, first.place; !slices.Equal(items, first.list.Items) {
				own.Own = to
			}
			return
		}
	}
	// The program replaces the version in every copy, which needs one.
	if r.Version() != "" {
		*s = append(*s, sharer{r, own, place})
	}
}

// inVersion returns sentences with another version.
func inVersion(sentences []string, from, to string) []string {
	out := make([]string, len(sentences))
	for i, s := range sentences {
		out[i] = strings.ReplaceAll(s, from, to)
	}
	return out
}

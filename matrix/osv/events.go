package osv

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// An event is a version from which on a module is affected, or not any more.
type event struct {
	kind, version string
	path          string // in the record
}

// The kinds of events.
const (
	introduced   = "introduced"
	fixed        = "fixed"
	lastAffected = "last_affected"
)

// compare orders events by version. At one version, a range ends before another begins.
func (e event) compare(other event) int {
	rank := func(e event) int {
		if e.kind == introduced {
			return 1
		}
		return 0
	}
	// To package semver, the text 0 is invalid, and comes before all versions.
	return cmp.Or(semver.Compare(e.version, other.version), rank(e)-rank(other))
}

// events returns the ranges that a list of events describes. The list need not be sorted.
func (l *loader) events(path string, list []map[string]string) (ranges []matrix.AffectedRange) {
	before := len(l.problems)
	events := l.parse(path, list)
	if len(l.problems) > before {
		return nil // what is left may make no sense
	}
	open := false // the last range has no end yet
	for _, e := range events {
		switch {
		case e.kind == introduced && open:
			l.addf(e.path, "affected from %s on again, without a version that fixes it before", e.version)
		case e.kind == introduced:
			ranges, open = append(ranges, matrix.AffectedRange{Introduced: e.version}), true
		case !open:
			l.addf(e.path, "%s %s ends no range: no version before it is called affected", e.kind, e.version)
		default:
			last := &ranges[len(ranges)-1]
			if open = false; e.kind == fixed {
				last.Fixed = e.version
			} else {
				last.LastAffected = e.version
			}
		}
	}
	if len(list) == 0 {
		l.addf(path, "the range has no events: want at least {\"introduced\": \"0\"}")
	}
	return ranges
}

// parse returns the events of a list, by version. It leaves out those with mistakes.
func (l *loader) parse(path string, list []map[string]string) (events []event) {
	kinds := []string{introduced, fixed, lastAffected}
	for i, keys := range list {
		of := fmt.Sprintf("%s.events[%d]", path, i)
		if len(keys) != 1 {
			l.addf(of, "an event with %s: want one, such as {\"fixed\": \"1.2.3\"}", text.Count(len(keys), "key"))
			continue
		}
		for kind := range maps.Keys(keys) {
			e := event{kind, keys[kind], of}
			switch {
			case !slices.Contains(kinds, kind):
				l.addf(of, "unknown event %q: %s", kind, text.Hint(kind, kinds))
				continue
			case kind != introduced || e.version != matrix.FromStart:
				var ok bool
				if e.version, ok = l.version(of, e.version); !ok {
					continue
				}
			}
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, event.compare)
	return events
}

package grid

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// families returns the families of a run with how they went over the releases without
// patches. A family none of whose probes was run is left out. Rows are those of
// withoutDependent: what the toolchain decides is not known of a release.
func families(r *matrix.Results, rows []matrix.RowResult) (all []matrix.GridFamily) {
	var plain matrix.Series
	if series := matrix.AllSeries(rows, r.Untried); len(series) > 0 && len(series[0].Patches) == 0 {
		plain = series[0]
	}
	for _, f := range r.Families {
		tried := f.Only(r.Scenarios)
		if len(tried.Scenarios) == 0 {
			continue
		}
		all = append(all, matrix.GridFamily{
			Family: f,
			Tried:  tried.Scenarios,
			Ranges: plain.RangesOf(func(row *matrix.RowResult) string { return inRow(&f, row) }),
		})
	}
	return all
}

// inRow returns the verdict of a family in a row. If that is not known because the row or a
// probe was not run, it is the state of the row.
func inRow(f *matrix.Family, row *matrix.RowResult) string {
	if v := f.In(row).Verdict; v != "" {
		return string(v)
	}
	return string(row.State)
}

// inShort is answers for a reader who wants to know by what a program is affected: a
// sentence for each family, one or two for the workarounds, and what the patches did,
// together if they did the same:
//
//	you drop a thing: leaks in v0.1.0 - v0.3.0 (3 releases), clean from v0.4.0
//	wait works in all 4 releases, v0.1.0 - v0.4.0
//	with its patches, nothing leaks in 4 of 4 releases
func inShort(r *matrix.Results, rows []matrix.RowResult, w matrix.Words) (out []string) {
	var patched []span
	for _, series := range matrix.AllSeries(rows, r.Untried) {
		s := newSpan(series, rows, w)
		if len(s.Patches) > 0 {
			patched = append(patched, s)
			continue
		}
		for _, f := range r.Families {
			if tried := f.Only(r.Scenarios); len(tried.Scenarios) > 0 {
				out = append(out, s.family(&f, &tried))
			}
		}
		out = append(out, s.workarounds(r.Scenarios)...)
	}
	if len(patched) == 1 {
		return append(out, patched[0].patches(rows, r.Scenarios)...)
	}
	return append(out, withPatches(patched, rows, r.Scenarios, w)...)
}

// family says how those of the probes of a family went that were tried: where one of them
// leaks, the family does.
func (s span) family(f, tried *matrix.Family) string {
	out := familyTitle(f, tried) + ": " + strings.TrimLeft(s.story(familySubject(tried), 1), ": ")
	first := s.Ranges(tried.Scenarios[0])
	if slices.ContainsFunc(tried.Scenarios, func(name string) bool { return !slices.Equal(s.Ranges(name), first) }) {
		out += "; its scenarios differ"
	}
	return out
}

// familySubject returns a family as the subject of a sentence, which is in the words for a
// probe.
func familySubject(f *matrix.Family) subject {
	return subject{
		kind:      matrix.KindProbe,
		bare:      true,
		scenarios: f.Scenarios,
		word:      func(row *matrix.RowResult) string { return inRow(f, row) },
		harm: func(row *matrix.RowResult) (leaks, kills bool) {
			in := f.In(row)
			return in.Verdict.Leaks(), in.Kills
		},
	}
}

// familyTitle returns the title of a family, with the scenarios that were tried if some
// were not.
func familyTitle(f, tried *matrix.Family) string {
	switch n := len(tried.Scenarios); {
	case n == len(f.Scenarios):
		return f.Title
	case n == 1:
		return fmt.Sprintf("%s (only %s was tried)", f.Title, tried.Scenarios[0])
	default:
		return fmt.Sprintf("%s (only %s were tried)", f.Title, text.List(tried.Scenarios))
	}
}

// workarounds says which workarounds work in every row of a span, and how many do not, or
// are not known to.
func (s span) workarounds(scenarios []matrix.Scenario) (out []string) {
	var everywhere []matrix.Scenario
	rest := 0
	for _, scenario := range scenarios {
		switch ranges := s.Ranges(scenario.Name); {
		case scenario.Kind != matrix.KindWorkaround:
		case len(ranges) == 1 && ranges[0].Verdict == string(matrix.VerdictClean):
			everywhere = append(everywhere, scenario)
		default:
			rest++
		}
	}
	out = s.sentences(everywhere)
	switch {
	case rest == 0:
	case len(everywhere) > 0:
		out[0] += fmt.Sprintf("; %s not shown to", isOrAre(rest, "other"))
	default:
		out = append(out, isOrAre(rest, "workaround")+" not shown to work in every release")
	}
	return out
}

// isOrAre counts things as the subject of a sentence: "1 other is", "6 others are".
func isOrAre(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " is"
	}
	return text.Count(n, noun) + " are"
}

// familyGist says how a row fares of which something is known: "v1.0.0 leaks in 2 of 6 ways
// (cancel, datagram), and 1 of them can kill the connection".
func familyGist(advice *matrix.Advice, words matrix.Words) string {
	leak, fine := words.Leak, words.Clean
	var n matrix.VerdictCounts
	var leaking []string
	kills := 0
	for _, f := range advice.Families {
		n.Add(f.Verdict)
		if f.Verdict.Leaks() {
			leaking = append(leaking, f.Family)
		}
		if f.Kills {
			kills++
		}
	}
	ways := text.Count(n.Known(), "way")
	switch {
	case n.Known() == 0: // of each family something is not known
		return fmt.Sprintf("%s %s as far as it was tried; nothing is known about the rest", advice.Row, fine.One)
	case n.Leaking == 0 && n.Unknown > 0:
		return fmt.Sprintf("%s %s in %d of %s; nothing is known about the rest", advice.Row, fine.One, n.Clean, text.Count(n.Known()+n.Unknown, "way"))
	case n.Leaking == 0 && n.Clean == 1:
		return fmt.Sprintf("%s %s: the only way %s", advice.Row, fine.One, leak.Not(1))
	case n.Leaking == 0:
		return fmt.Sprintf("%s %s: none of the %s %s", advice.Row, fine.One, ways, leak.One)
	}
	s := fmt.Sprintf("%s %s in %d of %s (%s)", advice.Row, leak.One, n.Leaking, ways, strings.Join(leaking, ", "))
	if kills > 0 {
		s += fmt.Sprintf(", and %d of them %s", kills, words.Severe.Verb(kills))
	}
	return s
}

// withPatches says in one sentence in how many rows nothing leaks with their patches. Spans
// of which that cannot be said have sentences of their own.
func withPatches(patched []span, rows []matrix.RowResult, scenarios []matrix.Scenario, w matrix.Words) (out []string) {
	clean, all, open := 0, 0, 0
	for _, s := range patched {
		all += len(s.Rows)
		if !s.spotless(scenarios) {
			out = append(out, s.patches(rows, scenarios)...)
			continue
		}
		clean += len(s.Rows)
		for i := range s.Rows {
			if slices.ContainsFunc(scenarios, func(scenario matrix.Scenario) bool { c, _ := s.Rows[i].Cell(scenario.Name); return !c.Verdict.Known() }) {
				open++
			}
		}
	}
	if clean == 0 {
		return out
	}
	sentence := fmt.Sprintf("with its patches, nothing %s in %d of %s", w.Leak.One, clean, text.Count(all, "release"))
	if open > 0 {
		sentence += fmt.Sprintf("; in %d, not all is known", open)
	}
	return append([]string{sentence}, out...)
}

// byFamily returns the scenarios in the order of a table: the probes of a family are next
// to each other, and families are in their own order. All others keep their places.
func byFamily(r *matrix.Results) []matrix.Scenario {
	place := make(map[string]int)
	for i, f := range r.Families {
		for _, name := range f.Scenarios {
			place[name] = i
		}
	}
	columns := slices.Clone(r.Scenarios)
	for begin := 0; begin < len(columns); begin++ {
		end := begin
		for end < len(columns) && columns[end].Kind == matrix.KindProbe {
			end++
		}
		slices.SortStableFunc(columns[begin:end], func(a, b matrix.Scenario) int { return place[a.Name] - place[b.Name] })
		begin = max(begin, end-1)
	}
	return columns
}

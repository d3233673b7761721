package merge

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// aspects are what must be the same in all parts of a run, in the order in which
// differences are reported.
var aspects = []struct {
	name string // in messages
	text func(*matrix.Results) string
}{
	{"schema", func(r *matrix.Results) string { return strconv.Itoa(r.Schema) }},
	{"matrixrun's version", func(r *matrix.Results) string { return r.Matrixrun }},
	{"suite", func(r *matrix.Results) string { return r.Suite }},
	{"target", func(r *matrix.Results) string { return r.Target }},
	{"matrix.yaml", func(r *matrix.Results) string { return r.Shard.Spec }},
	{"releases.lock", func(r *matrix.Results) string { return r.Lock }},
	{"reproduction", func(r *matrix.Results) string { return r.Reproduction }},
	{"platform", func(r *matrix.Results) string { return r.Host.GOOS + "/" + r.Host.GOARCH }},
	{"--patch", func(r *matrix.Results) string { return patches(r.Shard.Patches) }},
	{"--server-version", func(r *matrix.Results) string { return r.Shard.Server }},
	{"--trials", func(r *matrix.Results) string { return strconv.Itoa(r.Shard.Trials) }},
	{"--fixed", func(r *matrix.Results) string { return strconv.FormatBool(r.Shard.Fixed) }},
	{"--sure", func(r *matrix.Results) string { return strconv.FormatBool(r.Shard.Sure) }},
	{"--evidence", func(r *matrix.Results) string { return string(r.Shard.Evidence) }},
	{"scenarios", func(r *matrix.Results) string { return scenarios(r.Scenarios) }},
	{"OSV records", func(r *matrix.Results) string { return advisories(r.Advisories) }},
	{"number of shards", func(r *matrix.Results) string { return strconv.Itoa(r.Shard.Of) }},
}

// compare compares each part with the first one.
func (f *findings) compare(parts []Part) {
	for _, p := range parts[min(1, len(parts)):] {
		first := parts[0]
		for _, a := range aspects {
			f.same(a.name, p, a.text(p.Results), first, a.text(first.Results))
		}
		// Scenarios may have the same names and differ otherwise.
		if !reflect.DeepEqual(p.Results.Scenarios, first.Results.Scenarios) && scenarios(p.Results.Scenarios) == scenarios(first.Results.Scenarios) {
			f.differ = true
			f.addWrong(p.File, "the kinds or titles of its scenarios differ from those of %s", first.File)
		}
		f.samePlan(p, first)
	}
	f.sameGo(parts)
}

// same reports an aspect of a part that differs from that of the first one.
func (f *findings) same(what string, p Part, value string, first Part, other string) {
	if value != other {
		f.differ = true
		f.addWrong(p.File, "%s: %s, but %s in %s", what, orNone(value), orNone(other), first.File)
	}
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

// samePlan reports how two plans differ: in their rows, or in how these are cut into
// shards.
func (f *findings) samePlan(p, first Part) {
	a, b := p.Results.Shard, first.Results.Shard
	if reflect.DeepEqual(a.Plan, b.Plan) {
		return
	}
	f.differ = true
	mine, others := without(a.Rows(), b.Rows()), without(b.Rows(), a.Rows())
	switch {
	case len(mine)+len(others) > 0:
		text := "its plan differs from that of " + first.File
		if len(mine) > 0 {
			text += ": it has " + rowsOf(mine)
		}
		if len(others) > 0 {
			text += ": it does not have " + rowsOf(others)
		}
		f.addWrong(p.File, "%s", text)
	case a.Of == b.Of: // if not, the number of shards is reported
		f.addWrong(p.File, "its plan is cut after %s, but that of %s after %s: give each shard the same --times", cuts(a), first.File, cuts(b))
	}
}

// without returns the items that are not in others.
func without(items, others []string) []string {
	return slices.DeleteFunc(slices.Clone(items), func(s string) bool { return slices.Contains(others, s) })
}

// cuts names the last row of every shard except the last shard.
func cuts(s *matrix.Shard) string {
	var ends []string
	for _, rows := range s.Plan[:s.Of-1] {
		if len(rows) > 0 {
			ends = append(ends, rows[len(rows)-1])
		}
	}
	return strings.Join(ends, ", ")
}

// sameGo compares the versions of the installed go command, in the parts in which it
// compiles rows.
func (f *findings) sameGo(parts []Part) {
	var first Part
	for _, p := range parts {
		switch here := p.Results.Shard.Go; {
		case here == "":
		case first.Results == nil:
			first = p
		default:
			f.same("the go command", p, here, first, first.Results.Shard.Go)
		}
	}
}

// overlaps reports shards that occur twice, and rows that several parts have.
func (f *findings) overlaps(parts []Part) {
	for i, p := range parts {
		for _, first := range parts[:i] {
			a, b := p.Results.Shard, first.Results.Shard
			both := slices.DeleteFunc(ids(p), func(id string) bool { return !slices.Contains(ids(first), id) })
			switch {
			case a.Index == b.Index && reflect.DeepEqual(a.Plan, b.Plan):
				f.addWrong(p.File, "it is shard %d/%d, with %s, as %s is: give each shard once", a.Index, a.Of, rowsOf(a.Own()), first.File)
			case len(both) > 0:
				f.addWrong(p.File, "it has %s, as %s has", rowsOf(both), first.File)
			}
		}
	}
}

// ids returns the IDs of the rows of a part, each once.
func ids(p Part) []string {
	var all []string
	for i := range p.Results.Rows {
		if id := p.Results.Rows[i].ID; !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// shards reports the shards that no part has.
func (f *findings) shards(parts []Part) {
	if len(parts) == 0 {
		return
	}
	plan := parts[0].Results.Shard
	for i, rows := range plan.Plan {
		if !slices.ContainsFunc(parts, func(p Part) bool { return p.Results.Shard.Index == i+1 }) {
			f.addMissing("shard %d/%d is missing, with %s", i+1, plan.Of, rowsOf(rows))
		}
	}
}

func patches(all []matrix.PatchDigest) string {
	var texts []string
	for _, p := range all {
		texts = append(texts, fmt.Sprintf("%s (sha256:%s)", p.Name, p.SHA256))
	}
	return strings.Join(texts, ", ")
}

func scenarios(all []matrix.Scenario) string {
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// advisories names OSV records with what they claim, so that two that differ have another
// text.
func advisories(claims []matrix.Claim) string {
	var texts []string
	for _, c := range claims {
		var modules []string
		for _, m := range c.Affected {
			modules = append(modules, fmt.Sprintf("%s %v %v", m.Module, m.Ranges, m.Versions))
		}
		texts = append(texts, fmt.Sprintf("%s (%s %s: %s)", c.ID, strings.Join(c.Scenarios, " "), c.Releases, strings.Join(modules, "; ")))
	}
	return strings.Join(texts, ", ")
}

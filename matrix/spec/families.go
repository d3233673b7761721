package spec

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/glob"
	"github.com/matrixrun/matrixrun/matrix/internal/lockfile"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A family is an entry of families.
type family struct {
	name, title, consequence, condition scalar
	scenarios                           []scalar
	changes                             []familyChange
	line                                int
}

// A familyChange is an entry of changes in a family.
type familyChange struct{ release, by scalar }

// readFamilies reads the groups of probes, and the line of their list.
func (r *reader) readFamilies(document table) (all []family, line int) {
	if n, ok := document.values["families"]; ok {
		line = n.Line
	}
	for _, n := range document.list("families") {
		t := r.table(n, "a family", "name", "title", "consequence", "condition", "scenarios", "changes")
		f := family{
			name:        t.need("name", "some-name"),
			title:       t.need("title", "you ..., what a program does"),
			consequence: t.need("consequence", "what happens then"),
			condition:   t.need("condition", "which programs can get there, after the word only"),
			scenarios:   t.texts("scenarios"),
			line:        t.line,
		}
		if _, ok := t.values["scenarios"]; !ok {
			t.missing("scenarios", "[GLOB]")
		}
		for _, n := range t.list("changes") {
			c := r.table(n, "a change of a family", "release", "by")
			f.changes = append(f.changes, familyChange{release: c.need("release", "v0.48.0"), by: c.need("by", "https://example.com/pull/1")})
		}
		all = append(all, f)
	}
	return all, line
}

// checkFamilies checks that each probe is in exactly one family, and the texts of the
// families.
func (r *reader) checkFamilies(d *document) {
	for _, text := range []scalar{d.question, d.who} {
		r.checkLine(text, maxQuestion)
	}
	lines := map[string]int{}     // by the name of a family
	owners := map[string]scalar{} // by the name of a probe, the pattern that takes it
	probes := d.probeNames()
	for _, f := range d.families {
		r.checkFamilyTexts(f, lines)
		for _, pattern := range f.scenarios {
			if problem := checkGlob(pattern.value, probes); problem != "" {
				r.addf(pattern.line, "%s", strings.Replace(problem, "matches no scenario", "matches no probe", 1))
			}
			for _, name := range probes {
				if !glob.Match([]string{pattern.value}, name) {
					continue
				}
				if first, again := owners[name]; again {
					r.addf(pattern.line, "%q takes the probe %s, which is taken by %q on line %d: a probe is in one family", pattern.value, name, first.value, first.line)
					continue
				}
				owners[name] = pattern
			}
		}
	}
	for _, name := range probes {
		if _, ok := owners[name]; !ok && len(d.families) > 0 {
			r.addf(d.familiesLine, "the probe %s is in no family: add it to one, so that answers by family leave nothing out", name)
		}
	}
}

// How many bytes the texts about the question and about a family have at most. They are
// headings and cells of tables.
const (
	maxQuestion   = 400
	maxFamilyText = 160
)

// checkFamilyTexts checks the texts of one family. The lines are those of the names
// before it.
func (r *reader) checkFamilyTexts(f family, lines map[string]int) {
	if f.name.given() && !scenarioName.MatchString(f.name.value) {
		r.addf(f.name.line, "family %q is not a valid name: want lower-case letters, digits, dashes, at most 100, and no dash first", clip(f.name.value))
	}
	if first, again := lines[f.name.value]; again && f.name.given() {
		r.addf(f.name.line, "family %q is already on line %d: each needs its own name", f.name.value, first)
	}
	lines[f.name.value] = f.name.line
	for _, text := range []scalar{f.title, f.consequence, f.condition} {
		r.checkLine(text, maxFamilyText)
	}
	for _, c := range f.changes {
		if c.release.given() && module.CanonicalVersion(c.release.value) != c.release.value {
			r.addf(c.release.line, "%q in changes is not a version: want all three numbers and the leading v, such as v0.47.0", c.release.value)
		}
		if u, err := url.Parse(c.by.value); c.by.given() && (err != nil || u.Scheme != "https" || u.Host == "") {
			r.addf(c.by.line, "%q in changes is not an address: want one that begins with https://", clip(c.by.value))
		}
	}
}

// checkLine reports a text that does not fit a heading.
func (r *reader) checkLine(t scalar, most int) {
	switch {
	case strings.Contains(strings.TrimSpace(t.value), "\n"):
		r.addf(t.line, "%q has several lines: want one", clip(t.value))
	case len(t.value) > most:
		r.addf(t.line, "%q has %s: want at most %d", clip(t.value), text.Count(len(t.value), "byte"), most)
	}
}

// probeNames returns the names of the probes that have one.
func (d *document) probeNames() (names []string) {
	for _, s := range d.scenarios {
		if s.name.given() && s.kind.value == string(matrix.KindProbe) {
			names = append(names, s.name.value)
		}
	}
	return names
}

// checkFamilyReleases reports changes in releases that are not in the lock.
func (l *loader) checkFamilyReleases(doc *document, versions []string) {
	for _, f := range doc.families {
		for _, c := range f.changes {
			if module.CanonicalVersion(c.release.value) == c.release.value && c.release.given() && !slices.Contains(versions, c.release.value) {
				l.problems.Add(l.display(FileName), c.release.line, "%s in changes is not in %s: %s", c.release.value, lockfile.Name, versionHint(c.release.value, versions))
			}
		}
	}
}

// buildFamilies converts the families, with the probes of each by name.
func (d *document) buildFamilies() (all []matrix.Family) {
	for _, f := range d.families {
		out := matrix.Family{
			Name: f.name.value, Title: f.title.value, Consequence: f.consequence.value, Condition: f.condition.value,
			Scenarios: slices.DeleteFunc(d.probeNames(), func(name string) bool { return !glob.Match(values(f.scenarios), name) }),
		}
		for _, c := range f.changes {
			out.Changes = append(out.Changes, matrix.FamilyChange{Release: c.release.value, By: c.by.value})
		}
		all = append(all, out)
	}
	return all
}

package spec

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/glob"
	"github.com/matrixrun/matrixrun/matrix/osv"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// checkOSV checks a rule of expect that names an OSV record.
func (r *reader) checkOSV(e expectation, d *document) {
	if e.verdict.given() || e.state.given() {
		r.addf(e.line, "a rule of expect has osv and also a verdict or a state: want one of them, since the record says in which releases the scenarios have the defect")
	}
	if !localPath(e.osv.value) {
		r.addf(e.osv.line, "osv %q is outside the suite: want a file below this folder, with forward slashes", e.osv.value)
	}
	if len(e.scenarios) == 0 {
		r.addf(e.line, "a rule of expect has osv and no scenarios: add \"scenarios: [GLOB]\"")
	}
	for _, pattern := range e.scenarios {
		probes := d.scenarioNames(func(s scenario) bool { return s.kind.value == string(matrix.KindProbe) })
		if all := d.scenarioNames(nil); glob.Any(pattern.value, all) && !glob.Any(pattern.value, probes) {
			r.addf(pattern.line, "%q matches no probe: an OSV record says where probes have the defect, and other kinds have verdicts of their own", pattern.value)
		}
	}
}

// readAdvisories reads the OSV records that rules of expect name into the spec, each once.
func (l *loader) readAdvisories(doc *document, spec *matrix.Spec) error {
	read := map[string]*matrix.Advisory{}
	for i, e := range doc.expect {
		name := path.Clean(e.osv.value)
		if !e.osv.given() || !localPath(e.osv.value) {
			continue
		}
		if _, again := read[name]; !again {
			var err error
			if read[name], err = l.readAdvisory(name, e.osv); err != nil {
				return err
			}
			if read[name] != nil && doc.target.sound() {
				l.ofTarget(name, read[name], spec.Target)
			}
		}
		spec.Expect[i].Advisory = read[name]
	}
	return nil
}

// readAdvisory reads an OSV record; nil after reporting mistakes in it.
func (l *loader) readAdvisory(name string, named scalar) (*matrix.Advisory, error) {
	file := l.display(name)
	data, err := readBounded(l.files, name, file, osv.MaxSize)
	if errors.Is(err, fs.ErrNotExist) {
		l.problems.Add(l.display(FileName), named.line, "the suite has no file %q: osv names a vulnerability record, such as that of https://vuln.go.dev/ID/GO-2025-3553.json", named.value)
		return nil, nil
	}
	if err != nil {
		return nil, l.problems.Join(err)
	}
	advisory, err := osv.Read(file, data)
	return advisory, l.problems.Join(err)
}

// ofTarget removes the modules from an advisory that are not the target's. It reports an
// advisory without others.
func (l *loader) ofTarget(name string, a *matrix.Advisory, target matrix.Target) {
	var others []string
	a.Affected = slices.DeleteFunc(a.Affected, func(m matrix.AffectedModule) bool {
		if !target.Has(m.Module) {
			others = append(others, m.Module)
		}
		return !target.Has(m.Module)
	})
	if len(a.Affected) == 0 {
		l.problems.Add(l.display(name), 0, "%s is about %s, and not about the target: want a record about %s", a.ID, text.List(others), text.List(target.Paths()))
	}
}

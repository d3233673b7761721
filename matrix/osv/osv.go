// Package osv reads vulnerability records in the OSV format: those of the Go vulnerability
// database, and others such as those of GitHub. It takes from a record which versions of
// Go modules are affected, and reports what it cannot rely on.
//
// The format is that of https://ossf.github.io/osv-schema, with what the Go vulnerability
// database adds: https://go.dev/doc/security/vuln/database#schema. Versions have no
// leading v there.
package osv

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/survey"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// MaxSize bounds a record, in bytes. The largest of the Go vulnerability database has
// 200,000.
const MaxSize = 4 << 20

// goEcosystem is what the format calls Go modules.
const goEcosystem = "Go"

// A record has the fields that are read. Others are ignored.
type record struct {
	ID        string     `json:"id"`
	Withdrawn string     `json:"withdrawn"`
	Affected  []affected `json:"affected"`
}

type affected struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Ranges   []span   `json:"ranges"`
	Versions []string `json:"versions"`
	Specific struct {
		Imports []Import `json:"imports"`
	} `json:"ecosystem_specific"` // in records of the Go vulnerability database
}

// An Import is a package that a record calls vulnerable.
type Import struct {
	Path    string   `json:"path"`
	Symbols []string `json:"symbols"` // exported functions and methods; none for all of the package
}

type span struct {
	Type   string              `json:"type"`
	Events []map[string]string `json:"events"`
}

// Read reads a record. File is its name in messages. The error is matrix.Problems with
// every mistake. The advisory has all Go modules of the record, in its order.
func Read(file string, data []byte) (*matrix.Advisory, error) {
	var r record
	err := json.Unmarshal(data, &r)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return nil, matrix.Problems{{File: file, Line: 1 + bytes.Count(data[:syntax.Offset], []byte("\n")), Text: fmt.Sprintf("this is not a complete OSV record: %v", err)}}
	}
	l := loader{file: file, lines: survey.Of[record](data, deepestPath)}
	if err != nil {
		for _, m := range l.lines.Mistakes {
			l.addf(m.Path, "%s", m.Text)
		}
		if len(l.problems) == 0 {
			l.addf("", "%v", err)
		}
		return nil, l.problems.Err()
	}
	a := l.read(&r)
	if err := l.problems.Err(); err != nil {
		return nil, err
	}
	return a, nil
}

// Imports returns the vulnerable packages that a record names which Read accepts, each
// once, in its order.
func Imports(data []byte) (all []Import) {
	var r record
	if json.Unmarshal(data, &r) != nil {
		return nil
	}
	for _, a := range r.Affected {
		for _, one := range a.Specific.Imports {
			if !slices.ContainsFunc(all, func(other Import) bool { return other.Path == one.Path }) {
				all = append(all, one)
			}
		}
	}
	return all
}

// deepestPath is the number of parts in affected[0].ranges[0].events[0].introduced, and
// what survey counts of it.
const deepestPath = 6

// A loader reads one record.
type loader struct {
	file     string
	lines    *survey.Survey
	problems matrix.Problems
}

// addf reports a mistake in the value with a path.
func (l *loader) addf(path, format string, args ...any) {
	l.problems.Add(l.file, max(1, l.lines.Line(path)), format, args...)
}

// read converts a record, and reports what contradicts itself.
func (l *loader) read(r *record) *matrix.Advisory {
	if r.ID == "" {
		l.addf("", "the record has no id: want an OSV record, such as that of https://vuln.go.dev/ID/GO-2025-3553.json")
		return nil
	}
	if r.Withdrawn != "" {
		l.addf("withdrawn", "%s was withdrawn on %s: it claims nothing any more", r.ID, r.Withdrawn)
	}
	a := &matrix.Advisory{ID: r.ID}
	for i := range r.Affected {
		one := &r.Affected[i]
		if one.Package.Ecosystem == goEcosystem {
			path := fmt.Sprintf("affected[%d]", i)
			l.add(a, matrix.AffectedModule{Module: one.Package.Name, Ranges: l.ranges(path, one), Versions: l.versions(path, one)}, path)
		}
	}
	if len(a.Affected) == 0 && len(l.problems) == 0 {
		l.addf("affected", "%s is about no Go module: none of the affected packages has the ecosystem Go", r.ID)
	}
	return a
}

// add adds the versions of a module to an advisory. A record can name a module in several
// places: the versions of all of them are affected.
func (l *loader) add(a *matrix.Advisory, m matrix.AffectedModule, path string) {
	if err := module.CheckPath(m.Module); err != nil {
		l.addf(path+".package.name", "%v", err)
		return
	}
	i := slices.IndexFunc(a.Affected, func(other matrix.AffectedModule) bool { return other.Module == m.Module })
	if i < 0 {
		a.Affected = append(a.Affected, m)
		return
	}
	a.Affected[i].Ranges = append(a.Affected[i].Ranges, m.Ranges...)
	a.Affected[i].Versions = append(a.Affected[i].Versions, m.Versions...)
}

// versions returns the versions that a module's entry lists.
func (l *loader) versions(path string, m *affected) (all []string) {
	for i, version := range m.Versions {
		if v, ok := l.version(fmt.Sprintf("%s.versions[%d]", path, i), version); ok {
			all = append(all, v)
		}
	}
	return all
}

// ranges returns the affected ranges in a module's entry. Ranges of type GIT are about
// commits, and say the same in another way.
func (l *loader) ranges(path string, m *affected) []matrix.AffectedRange {
	ranges, versioned := []matrix.AffectedRange{}, len(m.Versions) > 0
	for i, r := range m.Ranges {
		of := fmt.Sprintf("%s.ranges[%d]", path, i)
		switch r.Type {
		case "SEMVER", "ECOSYSTEM": // Go modules have semantic versions only
			versioned = true
			ranges = append(ranges, l.events(of, r.Events)...)
		case "GIT":
		default:
			l.addf(of+".type", "%q is not a type of range: %s", r.Type, text.Hint(r.Type, []string{"SEMVER", "ECOSYSTEM", "GIT"}))
		}
	}
	if !versioned {
		l.addf(path, "%s has no versions: want a range of type SEMVER, or a list of versions", m.Package.Name)
	}
	return ranges
}

// version returns a version of a Go module with its leading v.
func (l *loader) version(path, written string) (string, bool) {
	v := "v" + written
	if !semver.IsValid(v) || semver.Canonical(v)+semver.Build(v) != v {
		l.addf(path, "%q is not a version of a Go module: want all three numbers and no leading v, such as 1.2.3", written)
		return "", false
	}
	return v, true
}

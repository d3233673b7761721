package spec

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
	"github.com/matrixrun/matrixrun/matrix/internal/lockfile"
	"github.com/matrixrun/matrixrun/matrix/internal/testfiles"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// aside are the files of a suite that its tests do not need, if both are in one folder.
var aside = []string{FileName, lockfile.Name, lockfile.ForksName, "releases.index"}

// testsAreScenarios reports whether each test of the package is a scenario, since
// matrix.yaml names none.
func (d *document) testsAreScenarios() bool {
	return d.speech() == matrix.SpeechTest && len(d.scenarios) == 0 && !d.scenariosGiven
}

// readTests finds the files of a reproduction with tests, computes its digest, and checks
// the tests of the scenarios.
func (l *loader) readTests(doc *document, spec *matrix.Spec) error {
	if doc.pkg.given() && !localPath(doc.pkg.value) {
		return nil // already reported
	}
	own, err := l.readGoMod(doc, spec)
	if err != nil {
		return l.problems.Join(err)
	}
	module := testfiles.Module{Path: spec.ReproductionModule(), Others: spec.Target.Paths()}
	if own != nil {
		module.Path = own.Module.Mod.Path
		for _, r := range own.Require {
			module.Others = append(module.Others, r.Mod.Path)
		}
		module.Nested = gomod.Nested(own, spec.Target)
	}
	if spec.Reproduction == "." {
		module.Aside = aside
	}
	found, err := l.findTests(module, doc, spec)
	if err != nil || found == nil {
		return err
	}
	if _, err := l.digestReproduction(spec.Tests.Files, spec); err != nil {
		return err
	}
	if own != nil {
		spec.Module = own.Module.Mod.Path
	}
	l.checkTestNames(doc, spec, found)
	return nil
}

// findTests finds the files of a reproduction with tests. It returns nil if there is no
// test.
func (l *loader) findTests(module testfiles.Module, doc *document, spec *matrix.Spec) ([]testfiles.Test, error) {
	var err error
	if module.Files, err = fs.Sub(l.files, spec.Reproduction); err != nil {
		return nil, fmt.Errorf("reading the reproduction: %w", err)
	}
	folder := path.Join(spec.Reproduction, spec.Tests.Package)
	line := cmp.Or(doc.pkg.line, doc.reproduction.line)
	found, err := module.Find(spec.Tests.Package)
	var tooMuch *testfiles.TooMuchError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.mistake(line, "there is no file or folder that the tests in %s need: %v", l.display(folder), err)
		return nil, nil
	case errors.As(err, &tooMuch):
		l.mistake(line, "%v", err)
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the reproduction: %w", err)
	case len(found.Tests) == 0:
		l.mistake(line, "%s has no tests: want a package with files whose names end in _test.go, and functions such as \"func TestName(t *testing.T)\" in them", l.display(folder))
		return nil, nil
	}
	for _, name := range found.Files {
		spec.Tests.Files = append(spec.Tests.Files, path.Join(spec.Reproduction, name))
	}
	return found.Tests, nil
}

// mistake reports a mistake on a line of matrix.yaml, or in a question without one.
func (l *loader) mistake(line int, format string, args ...any) {
	file := l.display(FileName)
	if line == 0 {
		file = ""
	}
	l.problems.Add(file, line, format, args...)
}

// testName matches the name of a test, and of a subtest after slashes.
var testName = regexp.MustCompile(`^Test[^/\s]*(/[^/].*)?$`)

// checkTestNames checks that there are the tests that the scenarios name. If matrix.yaml
// names no scenario, it makes one of each test, and checks what is expected of them.
func (l *loader) checkTestNames(doc *document, spec *matrix.Spec, tests []testfiles.Test) {
	var names []string
	for _, t := range tests {
		names = append(names, t.Name)
	}
	for _, s := range doc.scenarios {
		if !s.test.given() {
			continue
		}
		switch name, _, _ := strings.Cut(s.test.value, "/"); {
		case !testName.MatchString(s.test.value):
			l.mistake(s.test.line, "%q is not the name of a test: want one such as TestName, or TestName/subtest", s.test.value)
		case !slices.Contains(names, name):
			l.mistake(s.test.line, "there is no test %s in %s: %s", name, l.display(path.Join(spec.Reproduction, spec.Tests.Package)), text.Hint(name, names))
		}
	}
	if !doc.testsAreScenarios() {
		return
	}
	names = nil
	for _, t := range tests {
		s := ScenarioOf(t.Name, names)
		spec.Scenarios = append(spec.Scenarios, s)
		names = append(names, s.Name)
	}
	for _, e := range doc.expect {
		for _, pattern := range e.scenarios {
			if problem := checkGlob(pattern.value, names); problem != "" {
				l.mistake(pattern.line, "%s", problem)
			}
		}
	}
}

// The places in the name of a test at which a word begins: TestHTTPServer has two.
var (
	wordStart = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	lastUpper = regexp.MustCompile(`([A-Z])([A-Z][a-z])`)
	noName    = regexp.MustCompile(`[^a-z0-9]+`)
)

// IsTest reports whether a function has the name of a test.
func IsTest(function string) bool { return testfiles.IsTest(function) }

// ScenarioOf returns the scenario for a test or subtest. Its name is that of the test in
// the form of scenarios, such as parse-empty for TestParseEmpty, and none of the taken
// ones.
func ScenarioOf(test string, taken []string) matrix.Scenario {
	name := strings.TrimPrefix(test, "Test")
	name = lastUpper.ReplaceAllString(wordStart.ReplaceAllString(name, "$1-$2"), "$1-$2")
	name = strings.Trim(noName.ReplaceAllString(strings.ToLower(name), "-"), "-")
	const most = 90 // which leaves room for a number
	base := strings.TrimRight(cmp.Or(name[:min(len(name), most)], "test"), "-")
	s := matrix.Scenario{Name: base, Kind: matrix.KindProbe, Title: test, Test: test}
	for n := 2; slices.Contains(taken, s.Name); n++ {
		s.Name = fmt.Sprintf("%s-%d", base, n)
	}
	return s
}

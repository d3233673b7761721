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

// testsAreScenarios reports whether each test of the packages is a scenario, since
// matrix.yaml names none.
func (d *document) testsAreScenarios() bool {
	return d.speech() == matrix.SpeechTest && len(d.scenarios) == 0 && !d.scenariosGiven
}

// readTests finds the files of a reproduction with tests, computes its digest, and checks
// the tests of the scenarios.
func (l *loader) readTests(doc *document, spec *matrix.Spec) error {
	if slices.ContainsFunc(doc.packages, func(p scalar) bool { return !localPath(p.value) }) {
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

// findTests finds the files of a reproduction with tests. It returns nil if a package has
// no test.
func (l *loader) findTests(module testfiles.Module, doc *document, spec *matrix.Spec) ([]testfiles.Test, error) {
	var err error
	if module.Files, err = fs.Sub(l.files, spec.Reproduction); err != nil {
		return nil, fmt.Errorf("reading the reproduction: %w", err)
	}
	line := doc.reproduction.line
	if len(doc.packages) > 0 {
		line = doc.packages[0].line
	}
	found, err := module.Find(spec.Tests.Packages...)
	var tooMuch *testfiles.TooMuchError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.mistake(line, "there is no file or folder that the tests in %s need: %v", l.displayPackages(spec), err)
		return nil, nil
	case errors.As(err, &tooMuch):
		l.mistake(line, "%v", err)
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the reproduction: %w", err)
	}
	all := true
	for _, folder := range spec.Tests.Packages {
		if !slices.ContainsFunc(found.Tests, func(t testfiles.Test) bool { return t.Package() == folder }) {
			all = false
			l.mistake(line, "%s has no tests: want a package with files whose names end in _test.go, and functions such as \"func TestName(t *testing.T)\" in them", l.display(path.Join(spec.Reproduction, folder)))
		}
	}
	if !all {
		return nil, nil
	}
	for _, name := range found.Files {
		spec.Tests.Files = append(spec.Tests.Files, path.Join(spec.Reproduction, name))
	}
	return found.Tests, nil
}

// displayPackages returns what messages call the packages with the tests.
func (l *loader) displayPackages(spec *matrix.Spec) string {
	var names []string
	for _, folder := range spec.Tests.Packages {
		names = append(names, l.display(path.Join(spec.Reproduction, folder)))
	}
	return text.List(names)
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

// checkTestNames checks that there are the tests that the scenarios name, and finds their
// packages. If matrix.yaml names no scenario, it makes one of each test, and checks what is
// expected of them.
func (l *loader) checkTestNames(doc *document, spec *matrix.Spec, tests []testfiles.Test) {
	for i, s := range doc.scenarios {
		if !s.test.given() {
			continue
		}
		if !testName.MatchString(s.test.value) {
			l.mistake(s.test.line, "%q is not the name of a test: want one such as TestName, or TestName/subtest", s.test.value)
			continue
		}
		spec.Scenarios[i].Package = l.findPackage(s, spec, tests)
	}
	if !doc.testsAreScenarios() {
		return
	}
	var all []TestOf
	for _, t := range tests {
		one := TestOf{Package: t.Package(), Name: t.Name}
		if !slices.Contains(all, one) { // twice with build tags
			all = append(all, one)
		}
	}
	spec.Scenarios = ScenariosOf(all)
	var names []string
	for _, s := range spec.Scenarios {
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

// findPackage returns the folder of the package with the test of a scenario, which the
// scenario need not name unless several have a test of that name. It reports a test that
// is in none.
func (l *loader) findPackage(s scenario, spec *matrix.Spec, tests []testfiles.Test) (folder string) {
	packages, where := spec.Tests.Packages, l.displayPackages(spec)
	if s.pkg.given() {
		folder = path.Clean(s.pkg.value)
		if !slices.Contains(packages, folder) {
			l.mistake(s.pkg.line, "%q is none of the packages under reproduction: %s", s.pkg.value, text.Hint(s.pkg.value, packages))
			return ""
		}
		packages, where = []string{folder}, l.display(path.Join(spec.Reproduction, folder))
	}
	name, _, _ := strings.Cut(s.test.value, "/")
	var names, having []string
	for _, t := range tests {
		if slices.Contains(packages, t.Package()) {
			names = append(names, t.Name)
			if t.Name == name && !slices.Contains(having, t.Package()) { // twice with build tags
				having = append(having, t.Package())
			}
		}
	}
	switch len(having) {
	case 0:
		l.mistake(s.test.line, "there is no test %s in %s: %s", name, where, text.Hint(name, names))
		return ""
	case 1:
		return having[0]
	}
	l.mistake(s.test.line, "several packages have a test %s: add \"package: %s\" to its scenario, or one of %s", name, having[0], text.List(having[1:]))
	return ""
}

// The places in the name of a test at which a word begins: TestHTTPServer has two.
var (
	wordStart = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	lastUpper = regexp.MustCompile(`([A-Z])([A-Z][a-z])`)
	noName    = regexp.MustCompile(`[^a-z0-9]+`)
)

// IsTest reports whether a function has the name of a test.
func IsTest(function string) bool { return testfiles.IsTest(function) }

// A TestOf is a test or subtest of a package.
type TestOf struct {
	Package string // its folder in the reproduction's, "." for that one
	Name    string // such as TestParse, or TestParse/empty
}

// ScenariosOf returns the scenarios for tests or subtests. A name is that of the test in
// the form of scenarios, such as parse-empty for TestParseEmpty. If several packages have a
// test of a name, that of its package comes first: sub-parse-empty for TestParseEmpty of
// the package in some/sub.
func ScenariosOf(tests []TestOf) []matrix.Scenario {
	packages := make(map[string][]string) // by the name of a test
	for _, t := range tests {
		if !slices.Contains(packages[t.Name], t.Package) {
			packages[t.Name] = append(packages[t.Name], t.Package)
		}
	}
	var all []matrix.Scenario
	var taken []string
	for _, t := range tests {
		s := matrix.Scenario{Kind: matrix.KindProbe, Title: t.Name, Test: t.Name, Package: t.Package}
		name := strings.TrimPrefix(t.Name, "Test")
		if folder := shortest(t.Package, packages[t.Name]); folder != "" {
			s.Title = folder + "." + t.Name
			name = folder + "/" + name
		}
		s.Name = scenarioNameOf(name, taken)
		all, taken = append(all, s), append(taken, s.Name)
	}
	return all
}

// shortest returns the shortest end of a folder's path that is none of the other folders'.
// It is empty for ".", and if there are no others.
func shortest(folder string, folders []string) string {
	if folder == "." || len(folders) < 2 {
		return ""
	}
	parts := strings.Split(folder, "/")
	for n := 1; n < len(parts); n++ {
		end := strings.Join(parts[len(parts)-n:], "/")
		if !slices.ContainsFunc(folders, func(other string) bool {
			return other != folder && (other == end || strings.HasSuffix(other, "/"+end))
		}) {
			return end
		}
	}
	return folder
}

// scenarioNameOf returns a name for a scenario that is none of the taken ones.
func scenarioNameOf(name string, taken []string) string {
	name = lastUpper.ReplaceAllString(wordStart.ReplaceAllString(name, "$1-$2"), "$1-$2")
	name = strings.Trim(noName.ReplaceAllString(strings.ToLower(name), "-"), "-")
	const most = 90 // which leaves room for a number
	base := strings.TrimRight(cmp.Or(name[:min(len(name), most)], "test"), "-")
	name = base
	for n := 2; slices.Contains(taken, name); n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	return name
}

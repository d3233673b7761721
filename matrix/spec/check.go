package spec

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/glob"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// The names of suites and patches become names of folders and rows; that of a
// scenario becomes a column and an argument of the reproduction.
var (
	folderName   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)
	scenarioName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,99}$`) // an argument of the reproduction, and part of file names
	buildTag     = regexp.MustCompile(`^[\pL\pN_.]+$`)
)

var (
	kinds = []string{string(matrix.KindControl), string(matrix.KindPlanted), string(matrix.KindProbe), string(matrix.KindWorkaround)}

	verdicts = words(matrix.Verdicts())

	states = words(matrix.States())
)

// words converts values of a named string type to strings.
func words[S ~string](names []S) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = string(name)
	}
	return out
}

// check reports values that are well formed and still wrong, as far as matrix.yaml
// alone can tell. Absent values were reported before and are skipped.
func (r *reader) check(d *document) {
	if d.suite.given() && !folderName.MatchString(d.suite.value) {
		r.addf(d.suite.line, "suite %q is not a valid name: want letters, digits, dots, dashes", d.suite.value)
	}
	if p := d.reproduction; p.given() && !localPath(p.value) {
		r.addf(p.line, "reproduction %q is outside the suite: want a folder below this one, with forward slashes", p.value)
	}
	r.checkModule(d)
	r.checkTarget(d.target)
	for _, v := range d.first {
		if module.CanonicalVersion(v.value) != v.value {
			r.addf(v.line, "%q in first is not a version: want all three numbers and the leading v, such as v0.47.0", v.value)
		}
	}
	for _, rule := range d.toolchains {
		r.checkToolchains(rule)
	}
	for _, rule := range d.adapters {
		for _, tag := range rule.tags {
			if !buildTag.MatchString(tag.value) {
				r.addf(tag.line, "%q is not a build tag: want letters, digits, underscores, dots", tag.value)
			}
		}
	}
	r.checkScenarios(d)
	r.checkFamilies(d)
	r.checkLimit("trial", d.limits.trial)
	r.checkLimit("build", d.limits.build)
	r.checkSpeaks(d)
	r.checkEnd("panic", d.panics)
	r.checkEnd("hang", d.hangs)
	if d.hangs.value == defect && !d.limits.trial.given() {
		r.addf(d.hangs.line, "hang is a defect, after a time that only the suite knows: add \"limits: {trial: 5s}\"")
	}
	r.checkSettle(d.settle)
	r.checkSure(d.sure)
	for _, e := range d.expect {
		r.checkExpectation(e, d)
	}
}

// checkToolchains checks the Go releases of a rule. Each has rows of its own, so that it can
// be named only once.
func (r *reader) checkToolchains(rule toolchain) {
	lines := map[string]int{}
	for _, name := range append([]scalar{rule.version}, rule.also...) {
		first, again := lines[name.value]
		switch wrong := matrix.CheckToolchain(name.value); {
		case !name.given():
			continue
		case wrong != "":
			r.addf(name.line, "%q is not a toolchain: %s", clip(name.value), wrong)
		case again:
			r.addf(name.line, "%s is already a toolchain of this rule, on line %d: remove one of the two", name.value, first)
		}
		lines[name.value] = name.line
	}
}

// checkModule checks the module path of the reproduction.
func (r *reader) checkModule(d *document) {
	if !d.module.given() {
		return
	}
	if err := module.CheckImportPath(d.module.value); err != nil {
		r.addf(d.module.line, "%v", err)
	}
	for _, path := range d.target.paths() {
		if path.value == d.module.value {
			r.addf(d.module.line, "%s is the target's path: name the module by which the reproduction imports its own packages", d.module.value)
		}
	}
}

// checkLimit checks the duration of a limit.
func (r *reader) checkLimit(name string, limit scalar) {
	if d, err := time.ParseDuration(limit.value); limit.given() && (err != nil || d <= 0) {
		r.addf(limit.line, "limit %s: %q is not a duration: want one such as 30s or 10m", name, limit.value)
	}
}

// What the end of a process can be.
const (
	defect = "defect"
	failed = "error"
)

// checkEnd checks what the end of a process is said to be.
func (r *reader) checkEnd(name string, is scalar) {
	if is.given() && is.value != defect && is.value != failed {
		r.addf(is.line, "%s is %q: want %s, if it shows what the suite asks for, or %s", name, is.value, defect, failed)
	}
}

// checkTarget checks the target's module paths.
func (r *reader) checkTarget(t target) {
	for _, path := range t.paths() {
		if !path.given() {
			continue
		}
		if err := module.CheckPath(path.value); err != nil {
			r.addf(path.line, "%v", err)
		}
	}
	for _, f := range t.former {
		if f.module.given() && f.module.value == t.module.value {
			r.addf(f.module.line, "%s is the present path: a former path must differ from it", f.module.value)
		}
	}
}

// checkScenarios checks names and kinds. A suite needs a control and a planted
// scenario.
func (r *reader) checkScenarios(d *document) {
	if len(d.scenarios) == 0 && d.scenariosGiven {
		r.addf(d.scenariosLine, "there are no scenarios: want one of kind %s, one of kind %s, and the questions", matrix.KindControl, matrix.KindPlanted)
	}
	lines := map[string]int{}
	kindSeen := map[matrix.Kind]bool{}
	kindsKnown := len(d.scenarios) > 0
	for _, s := range d.scenarios {
		if s.name.given() {
			r.checkScenarioName(s.name, lines)
		}
		r.checkNeeds(s.needs)
		kind := s.kind.value
		kindSeen[matrix.Kind(kind)] = true
		known := slices.Contains(kinds, kind)
		kindsKnown = kindsKnown && known
		if s.kind.given() && !known {
			r.addf(s.kind.line, "unknown kind %q: %s", kind, text.Hint(kind, kinds))
		}
	}
	// A misspelt kind may be the one that seems to be missing.
	if !kindsKnown || !d.speech().Reports() {
		return
	}
	if !kindSeen[matrix.KindControl] {
		r.addf(d.scenariosLine, "no scenario has the kind %s: without one that must be clean, nothing shows that the reproduction works", matrix.KindControl)
	}
	if !kindSeen[matrix.KindPlanted] {
		r.addf(d.scenariosLine, "no scenario has the kind %s: without one that must have the defect, nothing shows that the defect would be seen", matrix.KindPlanted)
	}
}

// checkScenarioName checks a name. The lines are those of the names before it.
func (r *reader) checkScenarioName(name scalar, lines map[string]int) {
	if !scenarioName.MatchString(name.value) {
		r.addf(name.line, "scenario %q is not a valid name: want lower-case letters, digits, dashes, at most 100, and no dash first", clip(name.value))
	}
	if first, again := lines[name.value]; again {
		r.addf(name.line, "scenario %q is already on line %d: each needs its own name", name.value, first)
		return
	}
	lines[name.value] = name.line
}

// checkExpectation checks a rule of expect. A rule is either about cells, with
// scenarios and a verdict or an OSV record, or about rows, with a state.
func (r *reader) checkExpectation(e expectation, d *document) {
	v, s := e.verdict, e.state
	switch {
	case e.osv.given():
		r.checkOSV(e, d)
	case v.given() && s.given():
		r.addf(e.line, "a rule of expect has both verdict and state: want one of them, since a row whose state is not ok has no cells")
	case !v.given() && !s.given():
		r.addf(e.line, "a rule of expect has neither verdict nor state nor osv: add what is expected, such as \"verdict: clean\"")
	case v.given() && len(e.scenarios) == 0:
		r.addf(e.line, "a rule of expect has a verdict and no scenarios: add \"scenarios: [GLOB]\"")
	case s.given() && len(e.scenarios) > 0:
		r.addf(e.line, "a rule of expect has a state and scenarios: a state is about the whole row, so remove scenarios")
	}
	if v.given() && !slices.Contains(verdicts, v.value) {
		r.addf(v.line, "unknown verdict %q: %s", v.value, text.Hint(v.value, verdicts))
	}
	if s.given() && !slices.Contains(states, s.value) {
		r.addf(s.line, "unknown state %q: %s", s.value, text.Hint(s.value, states))
	}
	if d.testsAreScenarios() {
		return // see checkTestNames
	}
	names := d.scenarioNames(nil)
	for _, pattern := range e.scenarios {
		if problem := checkGlob(pattern.value, names); problem != "" {
			r.addf(pattern.line, "%s", problem)
		}
	}
}

// scenarioNames returns the names of the scenarios that have one, and for which a
// condition holds, if there is one.
func (d *document) scenarioNames(holds func(scenario) bool) []string {
	var names []string
	for _, s := range d.scenarios {
		if s.name.given() && (holds == nil || holds(s)) {
			names = append(names, s.name.value)
		}
	}
	return names
}

// checkGlob returns what is wrong with a glob of scenarios. It is empty for a glob
// that matches at least one name.
func checkGlob(pattern string, names []string) string {
	switch {
	case !glob.Valid(pattern):
		return fmt.Sprintf("%q is not a glob: want a scenario's name, with * for any characters", pattern)
	case !glob.Any(pattern, names):
		return fmt.Sprintf("%q matches no scenario: %s", pattern, text.Hint(pattern, names))
	}
	return ""
}

// localPath reports whether a slash-separated path stays below its folder and is one
// that io/fs accepts.
func localPath(p string) bool {
	clean := path.Clean(p)
	return !path.IsAbs(p) && clean != ".." && !strings.HasPrefix(clean, "../") && !strings.ContainsAny(p, `\:`)
}

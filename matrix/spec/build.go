package spec

import (
	"cmp"
	"path"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// build converts a document to a Spec. It also converts a document with mistakes, so
// that the checks that need a Spec can still run.
func (d *document) build() *matrix.Spec {
	s := &matrix.Spec{
		Suite:        d.suite.value,
		Target:       matrix.Target{Module: d.target.module.value},
		Releases:     d.releases.Constraint,
		First:        values(d.first),
		Reproduction: path.Clean(d.reproduction.value),
		Module:       d.module.value,
		Evidence:     d.evidence,
		Peer:         d.peer,
		Speaks:       d.speech(),
		Trials:       cmp.Or(int(d.trials.value), defaultTrials),
		Defects:      matrix.Defects{Panic: d.panics.value == defect, Hang: d.hangs.value == defect},
		Settle:       d.settle.build(),
		Sure:         d.sure.build(),
		Question:     d.question.value,
		Who:          d.who.value,
		Families:     d.buildFamilies(),
		Environment:  d.environment,
		Cgo:          d.cgo,
		Words:        spoken(d.words, d.speech()),
		Limits: matrix.Limits{
			Trial: durationOr(d.limits.trial, defaultTrial),
			Build: durationOr(d.limits.build, defaultBuild),
		},
	}
	if s.Speaks == matrix.SpeechTest {
		s.Tests.Packages = []string{"."}
		if len(d.packages) > 0 {
			s.Tests.Packages = values(d.packages)
		}
		for i, folder := range s.Tests.Packages {
			s.Tests.Packages[i] = path.Clean(folder)
		}
	}
	for _, f := range d.target.former {
		// A range that does not parse admits everything, and a former path with
		// such a range would claim every release.
		if f.releases.line > 0 {
			s.Target.Former = append(s.Target.Former, matrix.Former{Module: f.module.value, Releases: f.releases.Constraint})
		}
	}
	for _, rule := range d.unaffected {
		if rule.releases.line > 0 { // as above: without a range, it would be all releases
			s.Unaffected = append(s.Unaffected, matrix.Unaffected{Releases: rule.releases.Constraint, Why: rule.why.value})
		}
	}
	for _, rule := range d.toolchains {
		s.Toolchains = append(s.Toolchains, matrix.ToolchainRule{Releases: rule.releases.Constraint, Go: rule.version.value, Also: values(rule.also)})
	}
	for _, rule := range d.adapters {
		s.Adapters = append(s.Adapters, matrix.AdapterRule{Releases: rule.releases.Constraint, Tags: values(rule.tags)})
	}
	for _, sc := range d.scenarios {
		s.Scenarios = append(s.Scenarios, matrix.Scenario{
			Name: sc.name.value, Kind: matrix.Kind(sc.kind.value), Title: sc.title.value, Needs: buildNeeds(sc.needs),
			Proof: sc.proof, Clean: d.proof.clean, Seen: d.proof.seen.value, Args: values(sc.args), Test: sc.test.value,
		})
	}
	for _, e := range d.expect {
		s.Expect = append(s.Expect, matrix.Expectation{
			Scenarios: values(e.scenarios), Releases: e.releases.Constraint,
			Verdict: matrix.Verdict(e.verdict.value), State: matrix.State(e.state.value), Line: e.line,
		})
	}
	return s
}

// values returns the text of scalars.
func values(texts []scalar) []string {
	var all []string
	for _, t := range texts {
		all = append(all, t.value)
	}
	return all
}

// defaultTrials is how many trials a cell takes if neither the suite nor the user says.
const defaultTrials = 10

// The default limits are generous, for busy machines: a trial that reports at all
// takes milliseconds, a build seconds.
const (
	defaultTrial = 30 * time.Second
	defaultBuild = 10 * time.Minute
)

// durationOr parses a limit. If it is absent or malformed, it returns the default.
func durationOr(t scalar, byDefault time.Duration) time.Duration {
	if d, err := time.ParseDuration(t.value); err == nil {
		return d
	}
	return byDefault
}

package spec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// record is an OSV record of the good suite's target, of its former path and of another
// module.
const record = `{"id": "GO-1", "affected": [
  {"package": {"ecosystem": "Go", "name": "example.com/lib"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0.32.0"}, {"fixed": "0.41.0"}]}]},
  {"package": {"ecosystem": "Go", "name": "example.com/old/lib"}, "versions": ["0.31.0"]},
  {"package": {"ecosystem": "Go", "name": "example.com/other"}, "versions": ["0.31.0"]}]}`

// naming returns the good suite with another second rule of expect, and files.
func naming(rule string, files ...string) []string {
	return append([]string{"matrix.yaml", strings.Replace(goodMatrix, `{releases: "< 0.32", state: build-failed}`, rule, 1)}, files...)
}

func TestLoadAdvisory(t *testing.T) {
	s, err := Load(suite(naming("{scenarios: [after-*], osv: osv/../osv/a.json}", "osv/a.json", record)...), "demo")
	if err != nil {
		t.Fatal(err)
	}
	want := &matrix.Advisory{ID: "GO-1", Affected: []matrix.AffectedModule{
		{Module: "example.com/lib", Ranges: []matrix.AffectedRange{{Introduced: "v0.32.0", Fixed: "v0.41.0"}}},
		{Module: "example.com/old/lib", Ranges: []matrix.AffectedRange{}, Versions: []string{"v0.31.0"}},
	}}
	if diff := cmp.Diff(want, s.Expect[1].Advisory); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLoadAdvisoryMistakes(t *testing.T) {
	for name, test := range map[string]struct {
		changes []string
		want    string
	}{
		"no file": {naming("{scenarios: [after-*], osv: a.json}"),
			`demo/matrix.yaml:21: the suite has no file "a.json": osv names a vulnerability record, such as that of https://vuln.go.dev/ID/GO-2025-3553.json`},
		"a folder": {naming("{scenarios: [after-*], osv: repro}"), `demo/repro: is not a regular file`},
		"outside": {naming("{scenarios: [after-*], osv: ../a.json}"),
			`demo/matrix.yaml:21: osv "../a.json" is outside the suite: want a file below this folder, with forward slashes`},
		"also a verdict, and nothing to compare": {naming("{osv: a.json, verdict: leak}", "a.json", record),
			`demo/matrix.yaml:21: a rule of expect has osv and also a verdict or a state: want one of them, since the record says in which releases the scenarios have the defect
demo/matrix.yaml:21: a rule of expect has osv and no scenarios: add "scenarios: [GLOB]"`},
		"a control": {naming("{osv: a.json, scenarios: [contr*]}", "a.json", record),
			`demo/matrix.yaml:21: "contr*" matches no probe: an OSV record says where probes have the defect, and other kinds have verdicts of their own`},
		"no scenario": {naming("{osv: a.json, scenarios: [aftr]}", "a.json", record),
			`demo/matrix.yaml:21: "aftr" matches no scenario: want one of control, planted, after-both`},
		"mistakes in the record, once": {naming("{osv: a.json, scenarios: [after-*]}\n  - {osv: ./a.json, scenarios: [after-both]}", "a.json", `{"id": "GO-1"}`),
			`demo/a.json:1: GO-1 is about no Go module: none of the affected packages has the ecosystem Go`},
		"another module": {naming("{osv: a.json, scenarios: [after-*]}", "a.json", strings.NewReplacer("lib", "x").Replace(record)),
			`demo/a.json: GO-1 is about example.com/x, example.com/old/x and example.com/other, and not about the target: want a record about example.com/lib and example.com/old/lib`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(suite(test.changes...), "demo")
			wantProblems(t, err, strings.Split(test.want, "\n"))
		})
	}
}

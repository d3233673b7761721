package report

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
	tables "github.com/matrixrun/matrixrun/matrix/grid"
)

// schemaChecker returns a function that validates a document against a schema in
// testdata.
func schemaChecker(t *testing.T, file string) func(document string) error {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(file, schema); err != nil {
		t.Fatal(err)
	}
	compiled := c.MustCompile(file)
	return func(document string) error {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
		if err != nil {
			return err
		}
		return compiled.Validate(doc)
	}
}

func TestOSVIsValid(t *testing.T) {
	check := schemaChecker(t, "osv.schema.json")
	for name, r := range map[string]*matrix.Results{"variety": variety(), "hostile": hostile(), "nothing": {}, "many": many(100)} {
		if err := check(made(t, "variety.osv.json", r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	document := made(t, "variety.osv.json", variety())
	for _, edit := range [][2]string{
		{`"id": "MATRIXRUN-`, `"id": "CVE-`},
		{`"modified": "2026-02-01T23:00:00Z"`, `"modified": "2026-02-01"`},
		{`"SEMVER"`, `"GIT"`},
		{`{"introduced": "1.0.0"}`, `{"introduced": "v1.0.0"}`},
		{`{"introduced": "1.0.0"}, `, ``},
		{`{"fixed": "1.2.0"}`, `{"fixed": "1.2.0"}, {"last_affected": "1.1.0"}`},
		{`"ecosystem": "Go"`, `"ecosystem": "go"`},
		{`"summary"`, `"severity": [], "summary"`},
	} {
		broken := strings.Replace(document, edit[0], edit[1], 1)
		if broken == document || check(broken) == nil {
			t.Errorf("it is valid, or the same, with %s for %s", edit[1], edit[0])
		}
	}
}

// TestOSVGoLine checks that nothing is called fixed in a release that has another go line.
func TestOSVGoLine(t *testing.T) {
	raised := matrix.GoLine{Own: "1.20", Row: "1.22.0"}
	for _, test := range []struct {
		leaks, clean matrix.GoLine
		want         string
	}{
		{matrix.GoLine{}, matrix.GoLine{}, "fixed"},
		{raised, raised, "fixed"},
		{matrix.GoLine{}, raised, "last_affected"},
		{raised, matrix.GoLine{Own: "1.20", Row: "1.23.0"}, "last_affected"},
	} {
		row := func(version string, verdict matrix.Verdict, line matrix.GoLine) matrix.RowResult {
			return matrix.RowResult{
				ID: version, State: matrix.StateOK, GoLine: line, Source: matrix.SourceResult{Version: version, Module: "example.com/lib"},
				Cells: []matrix.Cell{{Scenario: "drop-a", Verdict: verdict, Trials: 1}},
			}
		}
		g := tables.New(&matrix.Results{
			Words: leaky, Target: "example.com/lib", Scenarios: []matrix.Scenario{{Name: "drop-a", Kind: matrix.KindProbe}},
			Rows: []matrix.RowResult{row("v1.0.0", matrix.VerdictLeak, test.leaks), row("v1.1.0", matrix.VerdictClean, test.clean)},
		})
		if events := osvRecords(g)[0].Affected[0].Ranges[0].Events; events[1][test.want] == "" {
			t.Errorf("from %v to %v: got %v, want %s", test.leaks, test.clean, events, test.want)
		}
	}
}

// affects reports whether a record affects a version. Like scanners it looks at the
// ranges only, and fails the test if the list of versions disagrees.
func affects(t interface{ Fatalf(string, ...any) }, a osvAffected, version string) bool {
	in := false
	for _, r := range a.Ranges {
		for _, e := range r.Events {
			if v, ok := e["introduced"]; ok && matrix.CompareVersions("v"+version, "v"+v) >= 0 {
				in = true
			}
			if v, ok := e["fixed"]; ok && matrix.CompareVersions("v"+version, "v"+v) >= 0 {
				in = false
			}
			if v, ok := e["last_affected"]; ok && matrix.CompareVersions("v"+version, "v"+v) > 0 {
				in = false
			}
		}
		if in {
			break
		}
	}
	if in && !slices.Contains(a.Versions, version) {
		t.Fatalf("%s is in a range and not in the versions %v", version, a.Versions)
	}
	return in
}

// TestOSVClaims checks for any verdicts, with a change of the module's path among them,
// that the releases that leak are affected and no other release is: neither clean ones,
// nor those of which nothing is known, nor those that were not tried.
func TestOSVClaims(t *testing.T) {
	const untried = "-"
	verdicts := []matrix.Verdict{matrix.VerdictLeak, matrix.VerdictFlaky, matrix.VerdictClean, matrix.VerdictVacuous, matrix.VerdictError, matrix.VerdictUnsupported, "", untried}
	rapid.Check(t, func(t *rapid.T) {
		r := &matrix.Results{Words: leaky, Suite: "demo", Target: "example.com/lib", Scenarios: []matrix.Scenario{{Name: "a", Kind: matrix.KindProbe}}}
		moved := rapid.IntRange(0, 12).Draw(t, "moved")
		leaks := map[string]bool{}
		for i, v := range rapid.SliceOfN(rapid.SampledFrom(verdicts), 0, 12).Draw(t, "verdicts") {
			version := fmt.Sprintf("v0.%d.0", i)
			row := matrix.RowResult{ID: version, State: matrix.StateOK, Source: matrix.SourceResult{Kind: "release", Version: version, Module: "example.com/lib"}}
			if v == untried {
				r.Untried = append(r.Untried, version)
				leaks["example.com/lib@"+version], leaks["example.com/old@"+version] = false, false
				continue
			}
			if i < moved {
				row.Source.Module = "example.com/old"
			}
			if v == "" {
				row.State = matrix.StateUnavailable
			} else {
				row.Cells = []matrix.Cell{{Scenario: "a", Verdict: v, Leaks: 1, Trials: 2}}
			}
			leaks[row.Source.Module+"@"+version] = v == matrix.VerdictLeak || v == matrix.VerdictFlaky
			r.Rows = append(r.Rows, row)
		}
		records := osvRecords(tables.New(r))
		for release, want := range leaks {
			module, version, _ := strings.Cut(release, "@v")
			got := false
			for _, record := range records {
				for _, a := range record.Affected {
					got = got || a.Package.Name == module && affects(t, a, version)
				}
			}
			if got != want {
				t.Fatalf("%s: affected %v, want %v: %+v", release, got, want, records)
			}
		}
	})
}

// TestOSVGroups checks that probes that leak in the same releases share a record and
// others do not, and that there is no record of what is not a release or not a probe.
func TestOSVGroups(t *testing.T) {
	r := variety()
	r.Scenarios = append(r.Scenarios, matrix.Scenario{Name: "drop-c", Kind: matrix.KindProbe, Title: "as drop-a"})
	for i := range r.Rows {
		row := &r.Rows[i]
		if c, ok := row.Cell("drop-a"); ok {
			c.Scenario, c.Leaks = "drop-c", min(c.Leaks, 9)
			row.Cells = append(row.Cells, c)
		}
	}
	dirty := r.Rows[1]
	dirty.ID, dirty.Source.Version, dirty.Source.Kind = "dir", "v1.8.0", "dir"
	r.Rows = append(r.Rows, dirty)
	var records []osvRecord
	if err := json.Unmarshal([]byte(made(t, "variety.osv.json", r)), &records); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, record := range records {
		for _, p := range record.Specific.Probes {
			got[record.ID+": "+record.Summary] = append(got[record.ID+": "+record.Summary], fmt.Sprintf("%s %d", p.Name, len(p.Measured)))
		}
	}
	want := map[string][]string{
		"MATRIXRUN-demo-drop-a: example.com/lib: drop-a and 1 other probe leak": {"drop-a 3", "drop-c 3"},
		"MATRIXRUN-demo-drop-b: example.com/lib: drop-b leaks":                  {"drop-b 2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestOSVID(t *testing.T) {
	taken := map[string]bool{}
	for _, want := range []string{"MATRIXRUN-a-b-c", "MATRIXRUN-a-b-c-2", "MATRIXRUN-a-b-c-3"} {
		if got := osvID("a", "b/c", taken); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestOSVGaps checks that a record of a sample says where nobody knows what happened, and
// neither joins what was not tried to a range nor calls it fixed.
func TestOSVGaps(t *testing.T) {
	r := &matrix.Results{
		Words: leaky,
		Suite: "demo", Target: "example.com/lib", Scenarios: []matrix.Scenario{{Name: "a", Kind: matrix.KindProbe}},
		Untried: matrix.Untried{"v0.2.0", "v0.4.0", "v0.5.0"},
	}
	for _, row := range []string{"v0.1.0 leak", "v0.3.0 leak", "v0.6.0 clean"} {
		version, verdict, _ := strings.Cut(row, " ")
		r.Rows = append(r.Rows, matrix.RowResult{
			ID: version, State: matrix.StateOK, Source: matrix.SourceResult{Version: version, Module: "example.com/lib"},
			Cells: []matrix.Cell{{Scenario: "a", Verdict: matrix.Verdict(verdict), Leaks: 1, Trials: 1}},
		})
	}
	record := osvRecords(tables.New(r))[0]
	want := []osvRange{
		{"SEMVER", []map[string]string{{"introduced": "0.1.0"}, {"last_affected": "0.1.0"}}},
		{"SEMVER", []map[string]string{{"introduced": "0.3.0"}, {"last_affected": "0.3.0"}}},
	}
	if diff := cmp.Diff(want, record.Affected[0].Ranges); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]osvGap{{"fixed", "0.3.0", "0.6.0", 2}}, record.Specific.Gaps); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	unknown := []osvUnknown{{After: "0.1.0", Before: "0.3.0", Tried: []string{}, Untried: 1, Why: []string{}}}
	if diff := cmp.Diff(unknown, record.Specific.Probes[0].Unknown); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if want := "so no range includes them:\n\n- a in what is between 0.1.0 and 0.3.0: 1 release not tried\n"; !strings.Contains(record.Details, want) {
		t.Errorf("no %q in %q", want, record.Details)
	}
	if want := "- fixed between 0.3.0 and 0.6.0: 2 releases not tried\n"; !strings.Contains(record.Details, want) {
		t.Errorf("no %q in %q", want, record.Details)
	}
}

// TestOSVUnknown checks that a record names the releases without a verdict, and counts those next
// to them that were not tried.
func TestOSVUnknown(t *testing.T) {
	r := &matrix.Results{
		Words: leaky,
		Suite: "demo", Target: "example.com/lib", Scenarios: []matrix.Scenario{{Name: "a", Kind: matrix.KindProbe}, {Name: "b", Kind: matrix.KindProbe}},
		Untried: matrix.Untried{"v0.2.0", "v0.6.0", "v0.9.0"},
	}
	for _, row := range []string{"v0.1.0 leak", "v0.3.0 vacuous", "v0.4.0 build-failed", "v0.5.0 build-failed", "v0.7.0 leak", "v0.8.0 unavailable"} {
		version, came, _ := strings.Cut(row, " ")
		result := matrix.RowResult{ID: version, State: matrix.State(came), Source: matrix.SourceResult{Version: version, Module: "example.com/lib"}}
		if verdict := matrix.Verdict(came); verdict == matrix.VerdictLeak || verdict == matrix.VerdictVacuous {
			result.State = matrix.StateOK
			for _, s := range r.Scenarios {
				result.Cells = append(result.Cells, matrix.Cell{Scenario: s.Name, Verdict: verdict, Leaks: 1, Trials: 1})
			}
		}
		r.Rows = append(r.Rows, result)
	}
	records := osvRecords(tables.New(r))
	want := []osvUnknown{
		{After: "0.1.0", Before: "0.7.0", Tried: []string{"0.3.0", "0.4.0", "0.5.0"}, Untried: 2, Why: []string{"not shown", "build-failed"}},
		{After: "0.7.0", Tried: []string{"0.8.0"}, Untried: 1, Why: []string{"unavailable"}},
	}
	for _, probe := range records[0].Specific.Probes {
		if diff := cmp.Diff(want, probe.Unknown); diff != "" {
			t.Errorf("%s: -want +got:\n%s", probe.Name, diff)
		}
	}
	const details = "- a and b in 0.3.0 - 0.5.0 (3 releases): not shown and build-failed; next to them, 2 releases not tried\n" +
		"- a and b in 0.8.0: unavailable; next to them, 1 release not tried\n"
	if len(records) != 1 || !strings.Contains(records[0].Details, details) {
		t.Errorf("no %q in %q", details, records[0].Details)
	}
}

// TestOSVRelated checks that a record names the advisories that its probes were compared with,
// and says where they are wrong.
func TestOSVRelated(t *testing.T) {
	r := &matrix.Results{Words: leaky, Suite: "demo", Target: "example.com/lib", Scenarios: []matrix.Scenario{{Name: "a", Kind: matrix.KindProbe}, {Name: "b", Kind: matrix.KindProbe}}}
	for i, v := range []matrix.Verdict{matrix.VerdictLeak, matrix.VerdictLeak, matrix.VerdictClean} {
		version := fmt.Sprintf("v0.%d.0", i)
		other := matrix.VerdictLeak
		if i > 0 {
			other = matrix.VerdictClean
		}
		r.Rows = append(r.Rows, matrix.RowResult{
			ID: version, State: matrix.StateOK, Source: matrix.SourceResult{Kind: matrix.SourceRelease, Version: version, Module: "example.com/lib"},
			Cells: []matrix.Cell{{Scenario: "a", Verdict: v, Leaks: 1, Trials: 1}, {Scenario: "b", Verdict: other, Leaks: 1, Trials: 1}},
		})
	}
	r.Advisories = []matrix.Claim{{Scenarios: []string{"a"}, Advisory: matrix.Advisory{ID: "GO-1", Affected: []matrix.AffectedModule{
		{Module: "example.com/lib", Ranges: []matrix.AffectedRange{{Introduced: matrix.FromStart, Fixed: "v0.1.0"}}},
	}}}}
	records := osvRecords(tables.New(r))
	if len(records) != 2 || !slices.Equal(records[0].Related, []string{"GO-1"}) || records[1].Related != nil {
		t.Fatalf("got %+v", records)
	}
	want := "\nPublished ranges:\n\n- GO-1 and a disagree in 1 of the 3 releases that were tried\n  - example.com/lib: published: before v0.1.0; measured: leaks in v0.0.0 - v0.1.0 (2 releases), clean in v0.2.0; evidence: v0.1.0 (leak, 1 of 1 trial)\n"
	if !strings.HasSuffix(records[0].Details, want) {
		t.Errorf("got %q, want %q at its end", records[0].Details, want)
	}
}

// TestOSVToolchains checks that nothing is called fixed in a release that leaks with another
// toolchain, and that a record says in which releases the toolchain decides.
func TestOSVToolchains(t *testing.T) {
	row := func(version, toolchain string, verdict matrix.Verdict) matrix.RowResult {
		r := matrix.RowResult{
			ID: matrix.WithToolchain(version, toolchain), State: matrix.StateOK, Toolchain: "go1.26.8",
			Source: matrix.SourceResult{Kind: matrix.SourceRelease, Version: version, Module: "example.com/lib"},
			Cells:  []matrix.Cell{{Scenario: "drop-a", Verdict: verdict, Trials: 1}},
		}
		if toolchain != "" {
			r.Toolchain, r.Source.Kind, r.Source.Toolchain = toolchain, matrix.SourceToolchain, toolchain
		}
		return r
	}
	r := &matrix.Results{
		Words: leaky, Suite: "demo", Target: "example.com/lib", Scenarios: []matrix.Scenario{{Name: "drop-a", Kind: matrix.KindProbe, Title: "a drop"}},
		Rows: []matrix.RowResult{
			row("v1.0.0", "", matrix.VerdictLeak), row("v1.0.0", "go1.21.13", matrix.VerdictClean),
			row("v1.1.0", "", matrix.VerdictClean), row("v1.1.0", "go1.21.13", matrix.VerdictLeak),
			row("v1.2.0", "", matrix.VerdictClean),
		},
	}
	var records []osvRecord
	if err := json.Unmarshal([]byte(made(t, "variety.osv.json", r)), &records); err != nil || len(records) != 1 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	got := records[0]
	events := []map[string]string{{"introduced": "1.0.0"}, {"last_affected": "1.0.0"}}
	if diff := cmp.Diff(events, got.Affected[0].Ranges[0].Events); diff != "" || len(got.Affected[0].Ranges) != 1 {
		t.Errorf("%d ranges, -want +got\n%s", len(got.Affected[0].Ranges), diff)
	}
	want := []osvToolchain{
		{"drop-a", "1.0.0", "leak", "go1.26.8", "clean with go1.21.13"},
		{"drop-a", "1.1.0", "clean", "go1.26.8", "leak with go1.21.13"},
	}
	if diff := cmp.Diff(want, got.Specific.Toolchains); diff != "" {
		t.Errorf("toolchains: -want +got\n%s", diff)
	}
	if line := "\n- drop-a in 1.1.0: clean with go1.26.8, leak with go1.21.13\n"; !strings.Contains(got.Details, line) {
		t.Errorf("the details are %q, without %q", got.Details, line)
	}
}

package report

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/openvex/go-vex/pkg/vex"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/matrixrun/matrixrun/matrix"
)

// aCheck has a use of each kind: one with a leak that the program reaches, one that it
// does not reach and one of which that is unknown; one that is clean; a fork that was
// not measured; one that cannot be affected. A module could not be looked at, and there may
// be more.
func aCheck() *matrix.Check {
	leaks := leakCell("drop-a", "")
	c := &matrix.Check{
		Words: leaky,
		Suite: "sample", Target: "example.com/lib", Generated: time.Date(2026, 2, 1, 23, 0, 0, 0, time.UTC), Matrixrun: "v0.9.0",
		Main: []string{"example.com/app"}, Probes: []string{"drop-a", "drop-b", "drop-c"},
		Scenarios: []matrix.Scenario{{Name: "drop-a", Title: "one stream is reset"}, {Name: "drop-b", Title: "two are"}, {Name: "drop-c", Title: "three are"}},
		Uses: []matrix.Use{
			{
				Module: "example.com/lib", Version: "v1.0.0", Where: "go.mod:7", Position: matrix.Position{File: "go.mod", Line: 7},
				Replaced: &matrix.Replacement{Path: "example.com/lib", Version: "v1.0.0", Where: matrix.Position{File: "go.mod", Line: 9}},
				Advice:   &matrix.Advice{Row: "v1.0.0", State: matrix.StateOK, Affected: true, Leaks: []string{"drop-a", "drop-b", "drop-c"}, Do: []string{"upgrade to v1.2.0", "patch it"}},
				Cells:    []matrix.Cell{leaks, leakCell("drop-b", ""), leakCell("drop-c", "")},
				Reach: []matrix.Reach{
					{Scenario: "drop-a", State: matrix.Reached, Calls: []matrix.Call{{
						API: "Conn.Dial", From: "web.Get", Position: matrix.Position{File: "example.com/web@v1.3.0/get.go", Line: 7}, Path: []string{"main.main", "web.Get"}, Module: "example.com/web@v1.3.0",
					}, {
						API: "Conn.Reset", From: "app.Serve", Position: matrix.Position{File: "internal/serve now.go", Line: 42}, Path: []string{"main.main", "app.Serve"},
					}}},
					{Scenario: "drop-b", State: matrix.NotReached, Missing: []string{"Conn.Close"}},
					{Scenario: "drop-c", State: matrix.ReachUnknown, Why: "the packages do not compile"},
				},
			},
			{
				Module: "example.com/old/lib", Version: "v1.2.0", Position: matrix.Position{File: "go.mod", Line: 8},
				Advice: &matrix.Advice{Row: "v1.2.0", State: matrix.StateOK, Clean: []string{"drop-a", "drop-b"}, Unknown: []string{"drop-c"}, Gist: "v1.2.0 is clean in 2 of 3 probes"},
			},
			{
				Module: "example.com/fork", Version: "v1.9.0", Where: "go.mod:12", Position: matrix.Position{File: "go.mod", Line: 12},
				Unknown: "183 of 222 files are those of v1.0.0, and it was not measured", Next: "`matrixrun run` finds it out",
			},
			{
				Module: "example.com/lib", Version: "v0.1.0", Position: matrix.Position{File: "-", Line: 3}, // of standard input
				Unaffected: "it has no Conn.Reset",
			},
		},
		Scope:   &matrix.Scope{Packages: 3, Mains: 1, Platform: "linux/amd64"},
		Partial: "there is no Go code next to go.mod",
		Unseen:  []matrix.Unseen{{Module: "example.com/gone", Version: "v0.1.0", Why: "it is not in the module cache"}},
	}
	c.Conclude()
	return c
}

// rendered returns what a writer of a check writes.
func rendered(t *testing.T, write func(io.Writer, Checks) error, all ...*matrix.Check) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, all); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestCheckFormats compares each format with its golden file.
func TestCheckFormats(t *testing.T) {
	golden(t, "check.sarif.json", rendered(t, CheckSARIF, aCheck()))
	golden(t, "check.openvex.json", rendered(t, CheckVEX, aCheck()))
	golden(t, "check.annotations.txt", rendered(t, CheckAnnotations, aCheck()))
}

// TestSARIFIsValid validates documents against the schema of SARIF 2.1.0, which the
// library has.
func TestSARIFIsValid(t *testing.T) {
	for name, c := range map[string]*matrix.Check{"all": aCheck(), "nothing": {Suite: "sample", Words: leaky}} {
		report, err := sarif.FromBytes(rendered(t, CheckSARIF, c), sarif.WithStrictValidation())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := report.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := sarif.NewReport().AddRun(sarif.NewRun()).Validate(); err == nil {
		t.Error("a run without a tool is valid: the validator finds nothing")
	}
}

// TestVEXIsValid validates documents against the schema of OpenVEX and by the rules of
// the library.
func TestVEXIsValid(t *testing.T) {
	check := schemaChecker(t, "openvex.schema.json")
	none := aCheck()
	none.Uses, none.Unseen, none.Partial, none.Looked = nil, nil, "", 1
	none.Conclude()
	version := aCheck()
	version.Main = nil
	for name, c := range map[string]*matrix.Check{"all": aCheck(), "no code of the target": none, "a version": version} {
		document := rendered(t, CheckVEX, c)
		if err := check(string(document)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		parsed, err := vex.Parse(document)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, s := range parsed.Statements {
			if err := s.Validate(); err != nil {
				t.Errorf("%s: %s: %v", name, s.Vulnerability.Name, err)
			}
		}
	}
	document := string(rendered(t, CheckVEX, aCheck()))
	for _, edit := range [][2]string{
		{`"affected"`, `"not_affected"`}, {`"under_investigation"`, `"unknown"`}, {`"2026-02-01T23:00:00Z"`, `"2026-02-01"`}, {`"products"`, `"product"`},
	} {
		broken := strings.Replace(document, edit[0], edit[1], 1)
		if broken == document || check(broken) == nil {
			t.Errorf("%s for %s is valid", edit[1], edit[0])
		}
	}
}

// TestVEXStatus checks what OpenVEX says of each probe. Above all, nothing is said to
// be not affected without proof.
func TestVEXStatus(t *testing.T) {
	type key struct{ probe, part string }
	want := map[key][]string{
		{"drop-a", "pkg:golang/example.com/lib@v1.0.0"}:     {"affected"},
		{"drop-b", "pkg:golang/example.com/lib@v1.0.0"}:     {"not_affected", "vulnerable_code_not_in_execute_path"},
		{"drop-c", "pkg:golang/example.com/lib@v1.0.0"}:     {"affected"},
		{"drop-a", "pkg:golang/example.com/old/lib@v1.2.0"}: {"not_affected", "vulnerable_code_not_present"},
		{"drop-c", "pkg:golang/example.com/old/lib@v1.2.0"}: {"under_investigation"},
		{"drop-a", "pkg:golang/example.com/fork@v1.9.0"}:    {"under_investigation"},
		{"drop-a", "pkg:golang/example.com/lib"}:            {"under_investigation"}, // the module that was not looked at
		{"drop-a", "pkg:golang/example.com/lib@v0.1.0"}:     {"not_affected", "vulnerable_code_not_present"},
	}
	var doc struct {
		Statements []struct {
			Vulnerability struct{ Name string }
			Products      []struct {
				Subcomponents []struct {
					ID string `json:"@id"`
				}
			}
			Status, Justification string
		}
	}
	if err := json.Unmarshal(rendered(t, CheckVEX, aCheck()), &doc); err != nil {
		t.Fatal(err)
	}
	got := map[key]string{}
	for _, s := range doc.Statements {
		k := key{probe: strings.TrimPrefix(s.Vulnerability.Name, "MATRIXRUN-sample-")}
		if parts := s.Products[0].Subcomponents; len(parts) > 0 {
			k.part = parts[0].ID
		}
		got[k] = strings.TrimSpace(s.Status + " " + s.Justification)
	}
	if len(got) != 15 {
		t.Errorf("%d statements, want 15: 3 probes for 4 uses and what was not looked at", len(got))
	}
	for k, status := range want {
		if got[k] != strings.Join(status, " ") {
			t.Errorf("%s of %s: %q, want %q", k.probe, k.part, got[k], status)
		}
	}
}

// TestCheckToolchain checks that all formats name the toolchain that decides, and that OpenVEX
// calls no folder not affected that only this machine's toolchain makes so.
func TestCheckToolchain(t *testing.T) {
	use := matrix.Use{Module: "example.com/lib", Version: "v1.2.0", Toolchain: "go1.26.8", Advice: &matrix.Advice{Row: "v1.2.0", State: matrix.StateOK, Clean: []string{"drop-a"}, Gist: "v1.2.0 is clean"}}
	leaking := use
	leaking.Advice = &matrix.Advice{Row: "v1.2.0", State: matrix.StateOK, Affected: true, Leaks: []string{"drop-a"}, Gist: "v1.2.0 leaks"}
	leaking.Cells = []matrix.Cell{leakCell("drop-a", "")}
	for _, test := range []struct {
		kind              matrix.InputKind
		use               matrix.Use
		status, toolchain string
	}{
		{matrix.InputGoMod, use, "under_investigation", "The go command here would compile the program with go1.26.8"},
		{matrix.InputBinary, use, "not_affected", "The program is compiled by go1.26.8"},
		{matrix.InputGoMod, leaking, "affected", "The go command here would compile the program with go1.26.8"},
		{matrix.InputBinary, leaking, "affected", "The program is compiled by go1.26.8"},
	} {
		c := &matrix.Check{
			Words: leaky, Suite: "sample", Target: "example.com/lib", Main: []string{"example.com/app"}, Probes: []string{"drop-a"},
			Input: matrix.Input{Kind: test.kind, Resolved: true}, Uses: []matrix.Use{test.use},
		}
		c.Conclude()
		if out := string(rendered(t, CheckVEX, c)); !strings.Contains(out, `"status": "`+test.status+`"`) || !strings.Contains(out, test.toolchain) {
			t.Errorf("%s: want %s and %q in OpenVEX:\n%s", test.kind, test.status, test.toolchain, out)
		}
		for name, write := range map[string]func(io.Writer, Checks) error{"SARIF": CheckSARIF, "annotations": CheckAnnotations, "Markdown": CheckMarkdown} {
			if out := string(rendered(t, write, c)); !strings.Contains(strings.ReplaceAll(out, "\n", " "), test.toolchain) {
				t.Errorf("%s: %s does not say %q:\n%s", test.kind, name, test.toolchain, out)
			}
		}
	}
}

// TestFailOnBuilt checks that what makes the check fail is an error, although the program
// does not get there.
func TestFailOnBuilt(t *testing.T) {
	for on, want := range map[matrix.FailOn]string{matrix.FailOnReached: "note", matrix.FailOnBuilt: "error"} {
		c := aCheck()
		c.FailOn = on
		if got := checkFindings(c)[1]; got.rule != "drop-b" || got.level != want {
			t.Errorf("%s: %s is of the level %q, want %q", on, got.rule, got.level, want)
		}
	}
}

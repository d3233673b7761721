package report

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// xmllint validates a document against the schema in testdata.
func xmllint(t *testing.T, document string) (string, error) {
	t.Helper()
	tool, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: it checks JUnit XML against a schema")
	}
	file := filepath.Join(t.TempDir(), "junit.xml")
	if err := os.WriteFile(file, []byte(document), 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), tool, "--nonet", "--noout", "--schema", filepath.Join("testdata", "junit.xsd"), file).CombinedOutput()
	return string(out), err
}

func TestJUnitIsValid(t *testing.T) {
	for name, r := range map[string]*matrix.Results{"variety": variety(), "hostile": hostile(), "nothing": {}, "many": many(300)} {
		t.Run(name, func(t *testing.T) {
			if out, err := xmllint(t, made(t, "variety.junit.xml", r)); err != nil {
				t.Errorf("%v:\n%s", err, out)
			}
		})
	}
}

// TestSchemaCanFail checks that the schema in testdata rejects what it should.
func TestSchemaCanFail(t *testing.T) {
	document := made(t, "variety.junit.xml", variety())
	for _, edit := range [][2]string{
		{`name="v1.0.0" package`, `package`},
		{`name="v1.0.0" package`, `colour="red" name="v1.0.0" package`},
		{`name="v1.0.0" package`, `name="v0.9.0" package`},
		{`time="2.750"`, `time="2.7500"`},
		{`<skipped`, `<failure/><skipped`},
		{`</testsuite>`, `</testsuite>text`},
		{`tests="6"`, `tests="six"`},
		{`timestamp="2026-02-01T23:00:00"`, `timestamp="today"`},
	} {
		broken := strings.Replace(document, edit[0], edit[1], 1)
		if broken == document {
			t.Errorf("the document has no %s", edit[0])
		} else if _, err := xmllint(t, broken); err == nil {
			t.Errorf("it is valid with %s for %s", edit[1], edit[0])
		}
	}
}

// A suiteOf is a test suite as a reader of JUnit XML sees it.
type suiteOf struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Cases    []struct {
		Name    string    `xml:"name,attr"`
		Skipped *struct{} `xml:"skipped"`
		Error   *struct{} `xml:"error"`
		Failure *struct{} `xml:"failure"`
		Out     string    `xml:"system-out"`
	} `xml:"testcase"`
}

func readJUnit(t *testing.T, r *matrix.Results) (all struct {
	Tests    int       `xml:"tests,attr"`
	Failures int       `xml:"failures,attr"`
	Errors   int       `xml:"errors,attr"`
	Suites   []suiteOf `xml:"testsuite"`
}) {
	t.Helper()
	if err := xml.Unmarshal([]byte(made(t, "variety.junit.xml", r)), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestJUnitCounts compares the numbers with the test cases.
func TestJUnitCounts(t *testing.T) {
	for name, r := range map[string]*matrix.Results{"variety": variety(), "hostile": hostile(), "many": many(50)} {
		all := readJUnit(t, r)
		sum := suiteOf{}
		for _, s := range all.Suites {
			count := suiteOf{Name: s.Name, Cases: s.Cases, Tests: len(s.Cases)}
			for _, c := range s.Cases {
				if c.Skipped != nil {
					count.Skipped++
				}
				if c.Error != nil {
					count.Errors++
				}
				if c.Failure != nil {
					count.Failures++
				}
			}
			if diff := cmp.Diff(count, s); diff != "" {
				t.Errorf("%s: -counted +told:\n%s", name, diff)
			}
			sum.Tests, sum.Failures, sum.Errors = sum.Tests+s.Tests, sum.Failures+s.Failures, sum.Errors+s.Errors
		}
		if sum.Tests != all.Tests || sum.Failures != all.Failures || sum.Errors != all.Errors {
			t.Errorf("%s: the whole is %d, %d, %d; its parts are %d, %d, %d", name,
				all.Tests, all.Failures, all.Errors, sum.Tests, sum.Failures, sum.Errors)
		}
	}
}

// TestJUnitStandings checks the result of every kind of cell and row.
func TestJUnitStandings(t *testing.T) {
	got := map[string]string{}
	out := map[string]string{}
	for _, s := range readJUnit(t, variety()).Suites {
		for _, c := range s.Cases {
			how := "passed"
			switch {
			case c.Failure != nil:
				how = "failed"
			case c.Error != nil:
				how = "error"
			case c.Skipped != nil:
				how = "skipped"
			}
			got[c.Name], out[c.Name] = how, c.Out
		}
	}
	for name, want := range map[string]string{
		"v1.0.0":             "passed",
		"v1.0.0/control":     "passed",
		"v1.0.0/planted":     "passed",
		"v1.0.0/drop-a":      "passed",  // a leak that is expected
		"v1.6.0/wait":        "passed",  // of which nothing is expected
		"v0.9.0/drop-b":      "skipped", // unsupported
		"v1.2.0/drop-b":      "skipped", // vacuous, as expected
		"v1.1.0/drop-a":      "failed",  // leaks, expected clean
		"v1.1.0/drop-b":      "failed",
		"v1.2.0/drop-a":      "failed", // clean, expected leak
		"v1.1.0+half/drop-a": "failed", // still leaks with the patch
		"v1.1.0+half/drop-b": "passed",
		"v1.1.0+mend":        "failed", // does not apply
		"v1.3.0":             "error",  // does not build
		"v1.4.0":             "skipped",
		"v1.5.0":             "error", // unavailable
		"v1.6.0/drop-a":      "error", // vacuous
		"v1.6.0/drop-b":      "error",
		"v1.7.0/wait":        "error", // not run
		"v1.3.0/drop-a":      "",      // there is none
	} {
		if got[name] != want {
			t.Errorf("%s: %s, want %s", name, got[name], want)
		}
	}
	if text := out["v1.0.0/drop-a"]; !strings.Contains(text, "leak (stream), 10 of 10 proven trials leaked") || !strings.Contains(text, "as expected: leak") {
		t.Errorf("a test that passes does not say that it leaks:\n%s", text)
	}
}

package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// JUnit writes JUnit XML, as Jenkins and Surefire define it, for tools that show the
// tests of a CI job. Every row is a test suite. It has a test case for the row as a
// whole and one for each scenario, with the name that `matrixrun show` takes.
//
// A test passes if nothing differs from what is expected. A leak that is expected
// passes too, and its output says that it leaks. A test fails if a cell differs from
// its expectation, or if patches do not do what they are for. It is an error if
// something could not be found out. It is skipped if there is no answer and none is
// expected, for example for an unsupported scenario. Times are CPU seconds of the
// whole row, at the row's own test case.
func JUnit(w io.Writer, g *matrix.Grid) error {
	s := standingsOf(g)
	all := junitSuites{Name: plain(g.Suite + ": " + g.Target)}
	var took float64
	for i := range g.Rows {
		row := &g.Rows[i]
		took += cpuTime(row)
		suite := junitRow(g, row, s)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
		all.Suites = append(all.Suites, suite)
	}
	all.Time = seconds(took)
	var out strings.Builder
	out.WriteString(xml.Header)
	e := xml.NewEncoder(&out)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	return emitMarkup(w, out.String()+"\n")
}

// The elements, with the attributes of the schema of Jenkins.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Package    string          `xml:"package,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr,omitempty"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name    string       `xml:"name,attr"`
		Class   string       `xml:"classname,attr"`
		Time    string       `xml:"time,attr"`
		Skipped *junitResult `xml:"skipped"`
		Error   *junitResult `xml:"error"`
		Failure *junitResult `xml:"failure"`
		Out     *junitText   `xml:"system-out"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",cdata"`
	}
	junitText struct {
		Text string `xml:",cdata"` // so that lines stay apart for those who read the file itself
	}
)

// junitRow makes the test suite of a row.
func junitRow(g *matrix.Grid, row *matrix.GridRow, s standings) junitSuite {
	suite := junitSuite{
		Name: plain(row.ID), Package: plain(g.Suite),
		Time:       seconds(cpuTime(row)),
		Properties: junitProperties(g, row),
	}
	if !g.Generated.IsZero() {
		// The schema has no time zone; readers take it for UTC.
		suite.Timestamp = g.Generated.UTC().Format("2006-01-02T15:04:05")
	}
	// Jenkins takes a dot in a class name for a level of packages.
	class := plain(g.Suite + "." + strings.ReplaceAll(row.ID, ".", "_"))
	how, text := s.ofRow(row)
	whole := junitCase{Name: plain(row.ID), Class: class, Time: suite.Time, Out: junitBuilt(row)}
	suite.add(whole, how, text, row.Reason, string(row.State))
	for i := range row.Cells {
		scenario, c := g.Columns[i], &row.Cells[i].Cell
		test := junitCase{Name: plain(row.ID + "/" + scenario.Name), Class: class, Time: seconds(0)}
		if c.Verdict != "" {
			how, text := s.ofCell(row, c)
			test.Out = junitSaw(row, scenario, c, g)
			suite.add(test, how, text, c.Reason, string(c.Verdict))
		} else if text, ok := s.isUnknown(row.ID, scenario.Name); ok {
			suite.add(test, unknown, text, "", "not-run")
		}
	}
	return suite
}

// add adds a test case to the suite, with the result for its standing, and counts
// it. Text is the sentence about it, reason the reason of the row or cell, and kind
// the type of the failure or error.
func (suite *junitSuite) add(test junitCase, how standing, text, reason, kind string) {
	body := inLines(text)
	if reason != "" && !strings.Contains(text, reason) {
		body += "\n" + inLines(reason)
	}
	first, _, _ := strings.Cut(text, "\n")
	result := &junitResult{Message: plain(first), Type: plain(kind), Text: cdata(body)}
	switch how {
	case differs:
		suite.Failures++
		test.Failure = result
	case unknown:
		suite.Errors++
		test.Error = result
	case noAnswer:
		suite.Skipped++
		result.Type = "" // the schema does not have it for skipped tests
		test.Skipped = result
	}
	suite.Tests++
	suite.Cases = append(suite.Cases, test)
}

// junitProperties lists what a row is made of, and what made the results.
func junitProperties(g *matrix.Grid, row *matrix.GridRow) []junitProperty {
	var out []junitProperty
	add := func(name, value string) {
		if value != "" {
			out = append(out, junitProperty{name, plain(value)})
		}
	}
	add("target", g.Target)
	add("version", row.Source.Version)
	add("module", row.Source.Module)
	add("sum", row.Source.Sum)
	if !row.Source.Time.IsZero() {
		add("released", row.Source.Time.UTC().Format(time.RFC3339))
	}
	add("state", string(row.State))
	for _, p := range row.Patches {
		add("patch", fmt.Sprintf("%s (%s, %s)", p.Name, p.Apply, p.SHA256))
	}
	add("effect", string(row.Effect))
	add("toolchain", row.Toolchain)
	add("adapter", row.Adapter)
	add("replace", row.Replace)
	add("server", row.Server)
	add("binary", row.Binary)
	for i := range row.Cells {
		if from := row.Cells[i].From; from != "" {
			add("trials_from", from)
			break
		}
	}
	add("host", strings.Trim(g.Host.GOOS+"/"+g.Host.GOARCH, "/"))
	if g.Host.CPUs > 0 {
		add("cpus", fmt.Sprint(g.Host.CPUs))
	}
	add("matrixrun", g.Matrixrun)
	add("reproduction", g.Reproduction)
	add("lock", g.Lock)
	return out
}

// cpuTime returns the CPU seconds of a row, 0 if they are not known.
func cpuTime(row *matrix.GridRow) float64 {
	if row.Cost == nil {
		return 0
	}
	return row.Cost.Build + row.Cost.Trials
}

// seconds writes a time as the schema wants it: with three decimals at most.
func seconds(s float64) string { return fmt.Sprintf("%.3f", max(0, s)) }

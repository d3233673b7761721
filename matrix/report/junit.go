package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// JUnit writes the results as JUnit XML, as Jenkins and Surefire know it, for what
// shows the tests of a CI job: a test suite for each row, and in it a test case for
// the row as a whole and one for each scenario, by the name that `matrixrun show`
// takes.
//
// A test passes where nothing differs from what is expected: that of a leak which is
// expected does, and its output says that it leaks. It fails where a cell differs
// from its expectation, or a patched row from what its patches are for; it is an
// error where something could not be found out, and skipped where there is no answer
// and none is missed: an unsupported scenario, or a vacuous one that is expected to
// be. Times are CPU seconds: of the row they stand at its own test case, those of
// its scenarios are not told apart.
func JUnit(w io.Writer, g *matrix.Grid) error {
	s := standingsOf(g)
	all := junitSuites{Name: plain(g.Suite + ": " + g.Target)}
	var took float64
	for i := range g.Rows {
		row := &g.Rows[i]
		if row.Cost != nil {
			took += row.Cost.Build + row.Cost.Trials
		}
		suite := junitRow(g, row, s)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
		all.Suites = append(all.Suites, suite)
	}
	all.Time = seconds(took)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// The elements, with the attributes that the schema of Jenkins knows of them.
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
		Text string `xml:",cdata"` // which keeps lines apart for those who read the file itself
	}
)

// junitRow makes the test suite of a row.
func junitRow(g *matrix.Grid, row *matrix.GridRow, s standings) junitSuite {
	suite := junitSuite{
		Name: plain(row.ID), Package: plain(g.Suite),
		Time:       seconds(0),
		Properties: junitProperties(g, row),
	}
	if row.Cost != nil {
		suite.Time = seconds(row.Cost.Build + row.Cost.Trials)
	}
	if !g.Generated.IsZero() {
		// Of a form that has no zone: whoever reads it takes it for UTC.
		suite.Timestamp = g.Generated.UTC().Format("2006-01-02T15:04:05")
	}
	// A dot in a class name begins a new level of packages where Jenkins shows it.
	class := plain(g.Suite + "." + strings.ReplaceAll(row.ID, ".", "_"))
	how, text := s.ofRow(row)
	whole := junitCase{Name: plain(row.ID), Class: class, Time: suite.Time, Out: junitBuilt(row)}
	suite.add(whole, how, text, row.Reason, string(row.State))
	for i := range row.Cells {
		scenario, c := g.Columns[i], &row.Cells[i].Cell
		test := junitCase{Name: plain(row.ID + "/" + scenario.Name), Class: class, Time: seconds(0)}
		if c.Verdict != "" {
			how, text := s.ofCell(row, c)
			test.Out = junitSaw(row, scenario, c)
			suite.add(test, how, text, c.Reason, string(c.Verdict))
		} else if text, missed := s.absent(row.ID, scenario.Name); missed {
			suite.add(test, unknown, text, "", "not-run")
		}
	}
	return suite
}

// add puts a test case into the suite, as it stands, and counts it.
func (suite *junitSuite) add(test junitCase, how standing, text, reason, kind string) {
	body := inLines(text)
	if reason != "" && !strings.Contains(text, reason) {
		body += "\n" + inLines(reason)
	}
	first, _, _ := strings.Cut(text, "\n")
	result := &junitResult{Message: plain(first), Type: plain(kind), Text: xmlText(body)}
	switch how {
	case differs:
		suite.Failures++
		test.Failure = result
	case unknown:
		suite.Errors++
		test.Error = result
	case notAsked:
		suite.Skipped++
		result.Type = "" // the schema has none for it
		test.Skipped = result
	}
	suite.Tests++
	suite.Cases = append(suite.Cases, test)
}

// junitProperties tells what a row is made of.
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
	add("host", strings.Trim(g.Host.GOOS+"/"+g.Host.GOARCH, "/"))
	if g.Host.CPUs > 0 {
		add("cpus", fmt.Sprint(g.Host.CPUs))
	}
	add("matrixrun", g.Matrixrun)
	add("reproduction", g.Reproduction)
	add("lock", g.Lock)
	return out
}

// seconds writes a time as the schema wants it: with at most three decimals.
func seconds(s float64) string { return fmt.Sprintf("%.3f", max(0, s)) }

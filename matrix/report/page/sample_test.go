package page_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report/page"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// readSuites returns the results that the project publishes, of each suite, in its present
// words. Those with the largest table come first.
var readSuites = sync.OnceValues(func() (all []*matrix.Results, err error) {
	found, err := filepath.Glob("../../../results/*/results.json")
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("looking for published results: %v, %w", found, err)
	}
	for _, file := range found {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		r, err := codec.Read(file, data)
		if err != nil {
			return nil, err
		}
		s, err := spec.Load(os.DirFS("../../suites/"+r.Suite), r.Suite)
		if err != nil {
			return nil, err
		}
		r.Question, r.Who, r.Families, r.Words = s.Question, s.Who, nil, s.Words
		for _, f := range s.Families {
			r.Families = append(r.Families, f.Only(r.Scenarios))
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b *matrix.Results) int { return len(b.Rows) - len(a.Rows) })
	return all, nil
})

// published returns a copy of those with the largest table. Its rows are shared and must
// not be changed.
func published(t *testing.T) *matrix.Results {
	t.Helper()
	suites, err := readSuites()
	if err != nil {
		t.Fatal(err)
	}
	own := *suites[0]
	return &own
}

// publishedPage returns their page.
var publishedPage = sync.OnceValues(func() ([]byte, error) {
	suites, err := readSuites()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = page.Write(&out, grid.New(suites[0]), page.Options{})
	return out.Bytes(), err
})

// realPage returns the page of the published results.
func realPage(t *testing.T) []byte {
	t.Helper()
	data, err := publishedPage()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// write returns the page of results.
func write(t *testing.T, r *matrix.Results, o page.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := page.Write(&out, grid.New(r), o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// verdicts are the verdicts by letter: the first of the word, and k for a leak that can
// kill the connection.
var verdicts = map[rune]matrix.Verdict{
	'l': matrix.VerdictLeak, 'k': matrix.VerdictLeak, 'f': matrix.VerdictFlaky, 'c': matrix.VerdictClean,
	'v': matrix.VerdictVacuous, 'e': matrix.VerdictError, 'u': matrix.VerdictUnsupported,
}

// testRow returns the row of a release. Cells has the verdicts, a letter each.
func testRow(version, cells string, scenarios []matrix.Scenario) matrix.RowResult {
	r := matrix.RowResult{
		ID: version, State: matrix.StateOK, Toolchain: "go1.26.0", Binary: "sha256:" + version,
		Source:  matrix.SourceResult{Kind: "release", Version: version, Module: "example.com/lib", Time: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)},
		Replace: "=> example.com/lib " + version,
	}
	for i, letter := range cells {
		r.Cells = append(r.Cells, testCell(version, scenarios[i].Name, letter))
	}
	return r
}

// testCell returns a cell with the verdict of a letter.
func testCell(row, scenario string, letter rune) matrix.Cell {
	c := matrix.Cell{Scenario: scenario, Verdict: verdicts[letter], Trials: 10, Saw: []matrix.Sighting{}, Evidence: []string{}}
	switch letter {
	case 'l', 'k':
		c.Leaks, c.Interval, c.Severity = 10, &[2]float64{0.69, 1}, matrix.SeverityMild
		c.Saw = []matrix.Sighting{{Side: "server", Stream: new(int64(4)), Code: new(uint64(1<<64 - 1)), Error: "the stream was reset"}}
		c.Frames = []matrix.WireFrame{{From: "client", Packet: "data", Number: 7, US: 1500, Type: "RESET", Stream: 4, Code: 9}, {From: "server", Packet: "data", Number: 3, US: 2750, Type: "CLOSE", Stream: -1}, {From: "server", Packet: "data", Number: 3, US: 2750, Type: "ACK", Stream: -1}}
		c.Evidence = []string{matrix.EvidencePath(row, scenario, ".pcapng")}
	case 'f':
		c.Leaks, c.Interval, c.Reason = 3, &[2]float64{0.07, 0.65}, "3 of 10 leaked"
	case 'c':
		c.Trials, c.Interval = 30, &[2]float64{0, 0.12} // enough that it is no chance, next to a flaky one
	default:
		c.Trials, c.Inconclusive, c.Reason = 0, 20, "nothing was proven"
	}
	if letter == 'k' {
		c.Severity = matrix.SeveritySevere
	}
	return c
}

var testScenarios = []matrix.Scenario{
	{Name: "control", Kind: matrix.KindControl, Title: "nothing happens"},
	{Name: "planted", Kind: matrix.KindPlanted, Title: "it leaks on purpose"},
	{Name: "ask-one", Kind: matrix.KindProbe, Title: "the first question"},
	{Name: "ask-two", Kind: matrix.KindProbe, Title: "the second question"},
	{Name: "wait", Kind: matrix.KindWorkaround, Title: "wait before it"},
}

// sample returns results with every verdict, a row without cells, patches, a former
// path of the module, and a cell that is not as expected.
func sample() *matrix.Results {
	r := &matrix.Results{
		Words:  leaky,
		Schema: matrix.SchemaVersion, Suite: "example", Target: "example.com/lib", Generated: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC),
		Matrixrun: "v1.2.3", Lock: "sha256:lock", Reproduction: "sha256:repro", Host: matrix.Host{GOOS: "linux", GOARCH: "amd64", CPUs: 2},
		Scenarios: testScenarios,
	}
	for _, of := range []struct{ version, cells string }{
		{"v0.9.0", "clkkl"}, {"v1.0.0", "clccc"}, {"v1.0.1", "cllfc"}, {"v1.1.0", "clklc"}, {"v1.1.1", "elvec"},
		{"v1.2.0-rc.1", "clclu"}, {"v1.2.0", "clclc"}, {"v1.3.0", ""},
	} {
		r.Rows = append(r.Rows, testRow(of.version, of.cells, testScenarios))
	}
	r.Rows[0].Source.Module, r.Rows[0].Source.Rehomed = "example.org/old/lib", true
	r.Rows[2].Cells[2].Expected = matrix.VerdictClean
	last := &r.Rows[len(r.Rows)-1]
	last.State, last.Reason = matrix.StateBuildFailed, "# example.com/lib\nlib.go:1: no such thing"
	patched := testRow("v1.1.0", "clccc", testScenarios)
	patched.ID, patched.Effect = "v1.1.0+fix", matrix.EffectFixes
	patched.Patches = []matrix.Applied{{Name: "fix", SHA256: "00", Apply: matrix.ApplyOffset, Offset: 3}}
	for i := range patched.Cells {
		patched.Cells[i] = testCell(patched.ID, testScenarios[i].Name, []rune("clccc")[i])
	}
	r.Rows = append(r.Rows, patched)
	return r
}

// hostile returns results in which every text tries to be more than a text.
func hostile() *matrix.Results {
	bad := func(where string) string {
		return where + `"'` + "`" + `></script></style></title></textarea><img src=x onerror=alert(1)><script>alert(2)</script><!--` + "\u2028\u202e\x00\x1b{{.}}${alert(3)}javascript:alert(4)&#39;"
	}
	r := sample()
	r.Suite, r.Target, r.Matrixrun, r.Lock, r.Host.GOOS = bad("suite"), bad("target"), bad("matrixrun"), bad("lock"), bad("host")
	r.Scenarios = append([]matrix.Scenario{}, r.Scenarios...)
	for i := range r.Scenarios {
		r.Scenarios[i].Name, r.Scenarios[i].Title = bad("scenario"+fmt.Sprint(i)), bad("title")
	}
	r.Question, r.Who = bad("question"), bad("who")
	r.Families = []matrix.Family{{
		Name: bad("family"), Title: bad("title"), Consequence: bad("consequence"), Condition: bad("condition"), Scenarios: []string{r.Scenarios[2].Name, r.Scenarios[3].Name},
		Changes: []matrix.FamilyChange{{Release: "v1.0.1", By: "javascript:alert(6)"}, {Release: "v1.0.0", By: bad("javascript:")}},
	}}
	r.Advisories = []matrix.Claim{{Advisory: matrix.Advisory{ID: bad("id")}, Scenarios: []string{r.Scenarios[2].Name}}}
	for i := range r.Rows {
		row := &r.Rows[i]
		row.ID, row.Reason, row.Toolchain, row.Adapter, row.Replace, row.Binary = bad("row"+fmt.Sprint(i)), bad("reason"), bad("go"), bad("adapter"), bad("replace"), bad("binary"+fmt.Sprint(i))
		row.Source.Module, row.Source.Sum, row.Server = bad("module"), bad("sum"), bad("server")
		for k := range row.Cells {
			c := &row.Cells[k]
			c.Scenario, c.Reason, c.Unread, c.NoEvidence = r.Scenarios[k].Name, bad("cell"), bad("unread"), bad("none")
			c.Saw = []matrix.Sighting{{Side: bad("side"), Stream: new(int64(-1)), Code: new(uint64(0)), Error: bad("error")}}
			c.Frames = []matrix.WireFrame{{From: bad("from"), Packet: bad("packet"), Type: bad("type"), Number: -1 << 63, US: 1<<63 - 1}}
			c.Evidence = []string{"javascript:alert(5)", "https://example.com/x", "evidence/../../x", matrix.EvidencePath(row.ID, c.Scenario, ".x")}
		}
	}
	return r
}

// many returns results with many rows, and with the columns and cells of the published
// ones.
func many(t *testing.T, rows int) *matrix.Results {
	r := published(t)
	template := r.Rows
	r.Rows = nil
	for i := range rows {
		row := template[i%len(template)]
		row.Source.Version = fmt.Sprintf("v1.%d.%d", i/10, i%10)
		row.ID, row.Binary = row.Source.Version, fmt.Sprint("sha256:", i)
		row.Cells = append([]matrix.Cell{}, row.Cells...)
		for k := range row.Cells {
			row.Cells[k].Evidence = []string{matrix.EvidencePath(row.ID, row.Cells[k].Scenario, ".pcapng")}
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

// since adds to results what changed since earlier ones.
func since(r *matrix.Results, changes ...matrix.News) *matrix.Results {
	r.Since = &matrix.Since{Generated: r.Generated.AddDate(0, 0, -7), Changes: changes}
	return r
}

// leaky are the words of a suite about leaks.
var leaky = matrix.Words{
	Leak:   matrix.Phrase{One: "leaks", Past: "leaked", Noun: "leak", Name: "leak", Sign: "L"},
	Clean:  matrix.Phrase{One: "is clean"},
	Mild:   matrix.Phrase{One: "harms one stream", Name: "stream"},
	Severe: matrix.Phrase{One: "can kill the connection", Name: "connection", Sign: "C"},
	Part:   "stream",
	All:    "connection",
}

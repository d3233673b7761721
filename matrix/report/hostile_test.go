package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/compare"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// hostileTexts are texts that something along the way takes for a command: a terminal,
// the log of a CI system, a spreadsheet, a browser.
var hostileTexts = []string{
	"::error file=a::b", "a\n::error::b", " \u00a0::add-mask::b", "a\r::stop-commands::b", "a \t ::set-output name=x::y", "a\v::b\f::c\u0085::d\u2028::e\u2029::f",
	"##[group]a", "a ##[error]b", "a\n##[endgroup]", "##vso[task.setvariable variable=a]b", "##teamcity[message text='a']", "###[x]", "##\n[x] ##\u200b[y]",
	"\x1b[0Ksection_start:1:a\r\x1b[0Kb", "\x1b]0;title\x07", "\x1b[2J\x1b[31mred", "\u009b31m", "a\x00b\x7f\b\b", "\xff\xc0\xaf",
	"\u202eabc\u2066def\u2069", "a\u200b\u200e\u061c\ufeffb", "\U000e0041", "\ufffe",
	"]]>", "--></script><script>alert(1)</script>", "=1+1", "a|b\n\n# c", "```\n::error::a", "%0A::error::a", "", ":", "::", "#",
	strings.Repeat("::a ", 60), strings.Repeat("long", 60) + " ::x ##[y]",
}

// valid are the values of types that have a fixed set of them. A filler takes these
// for some fields, because a report of nothing but unknown values is short.
var valid = map[reflect.Type][]string{
	reflect.TypeFor[matrix.State]():      {"ok", "patch-conflict", "build-failed", "unavailable"},
	reflect.TypeFor[matrix.Verdict]():    {"leak", "clean", "flaky", "vacuous", "error", "unsupported"},
	reflect.TypeFor[matrix.Kind]():       {"control", "planted", "probe", "workaround"},
	reflect.TypeFor[matrix.Effect]():     {"fixes", "conflict", "still-leaks", "regresses", "not-needed", "unmeasured"},
	reflect.TypeFor[matrix.Apply]():      {"exact", "offset", "already", "conflict"},
	reflect.TypeFor[matrix.Severity]():   {"stream", "connection"},
	reflect.TypeFor[matrix.ChangeKind](): {"worse", "better", "less certain"},
}

// A filler sets every field of a value, also those that are added later.
type filler struct {
	random *rand.Rand
	text   string // used as often as all hostileTexts together
}

func (f *filler) fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.word(v.Type()))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), depth)
	case reflect.Slice:
		if depth > 12 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			f.fill(v.Index(i), depth+1)
		}
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key, depth+1)
		f.fill(value, depth+1)
		v.SetMapIndex(key, value)
	case reflect.Interface:
		v.Set(reflect.ValueOf(f.word(v.Type())))
	case reflect.Bool:
		v.SetBool(f.random.Intn(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(f.random.Intn(3)))
	case reflect.Uint64:
		v.SetUint(uint64(f.random.Intn(3)))
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				f.fill(v.Field(i), depth+1)
			}
		}
	}
}

// word returns a value for a field of text.
func (f *filler) word(t reflect.Type) string {
	if values := valid[t]; len(values) > 0 && f.random.Intn(4) > 0 {
		return values[f.random.Intn(len(values))]
	}
	if f.random.Intn(2) == 0 {
		return f.text
	}
	return hostileTexts[f.random.Intn(len(hostileTexts))]
}

// filled returns a value with every field set.
func filled[T any](f *filler) *T {
	v := new(T)
	f.fill(reflect.ValueOf(v).Elem(), 0)
	return v
}

// results returns results whose cells belong to its scenarios and whose rows have
// versions, so that reports have a table.
func (f *filler) results() *matrix.Results {
	r := filled[matrix.Results](f)
	r.Schema, r.Suite, r.Target = matrix.SchemaVersion, "demo"+f.text, f.text
	for i := range r.Scenarios {
		r.Scenarios[i].Name = fmt.Sprint(f.text, i)
	}
	r.Rows = append(r.Rows, filled[matrix.Results](f).Rows...)
	for i := range r.Rows {
		row := &r.Rows[i]
		row.Source.Version, row.Server = fmt.Sprintf("v1.%d.0", i/2), f.text // compared rows have the same kind of servers
		if row.ID = row.Source.Version + f.text; i%2 == 0 {
			row.Patches = nil
		} else {
			row.ID += "+" + f.text
		}
		for j := range row.Cells {
			row.Cells[j].Scenario, row.Cells[j].Trials = r.Scenarios[j].Name, 2
		}
	}
	return r
}

// reports writes every report there is, by name. Names say the syntax.
func (f *filler) reports(t *testing.T) map[string]string {
	out := make(map[string]string)
	add := func(name string, write func(io.Writer) error) {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = b.String()
	}
	r := f.results()
	add("results.json", func(w io.Writer) error { return codec.Write(w, r) })
	g := grid.New(r)
	near := grid.New(f.results())
	for i := range near.Rows {
		near.Rows[i].ID += " next to it"
	}
	for name, write := range map[string]func(io.Writer, *matrix.Grid) error{
		"markdown": report.Markdown, "junit.xml": report.JUnit, "table.csv": report.CSV, "map.svg": report.SVG, "osv.json": report.OSV, "annotations": report.Annotations,
		"summary":   func(w io.Writer, g *matrix.Grid) error { return report.Summary(w, g, report.SummaryLimit) },
		"badge.svg": func(w io.Writer, g *matrix.Grid) error { return report.Badge(w, g, r.Rows[0].ID) },
		"page.html": func(w io.Writer, g *matrix.Grid) error {
			return page.Write(w, g, page.Options{SuiteArg: f.text, Near: []page.Near{{Title: f.text, File: f.text, Table: near}}})
		},
	} {
		add(name, func(w io.Writer) error { return write(w, g) })
	}
	old, check, backports, cell := f.results(), report.Checks{filled[matrix.Check](f), filled[matrix.Check](f)}, filled[matrix.Backports](f), filled[report.CellReport](f)
	old.Suite = r.Suite
	changes, err := compare.New(old, r, compare.Options{Was: f.text, Is: f.text})
	if err != nil {
		t.Fatal(err)
	}
	for i := range backports.Columns {
		for j := range backports.Rows {
			backports.Rows[j].Cells[i].ID = f.text
		}
	}
	cell.Counts = make([]matrix.Outcome, 4)
	add("diff.json", func(w io.Writer) error { return report.DiffJSON(w, changes) })
	add("diff markdown", func(w io.Writer) error { return report.DiffMarkdown(w, changes) })
	add("diff issue", func(w io.Writer) error { return report.DiffIssue(w, changes, g) })
	add("check markdown", func(w io.Writer) error { return report.CheckMarkdown(w, check) })
	add("check.json", func(w io.Writer) error { return report.CheckJSON(w, check) })
	add("check sarif.json", func(w io.Writer) error { return report.CheckSARIF(w, check) })
	add("check vex.json", func(w io.Writer) error { return report.CheckVEX(w, check) })
	add("check annotations", func(w io.Writer) error { return report.CheckAnnotations(w, check) })
	add("backports markdown", func(w io.Writer) error { return report.BackportsMarkdown(w, backports) })
	add("cell.json", func(w io.Writer) error { return report.CellJSON(w, cell) })
	for _, on := range []report.Screen{{}, {Width: 40, Color: true}, {Width: 80}, {Width: 200, Color: true}} {
		name := fmt.Sprintf(" on %+v", on)
		add("terminal"+name, func(w io.Writer) error { return report.Terminal(w, g, on) })
		add("diff"+name, func(w io.Writer) error { return report.Diff(w, changes, on) })
		add("check"+name, func(w io.Writer) error { return report.Check(w, check, on) })
		add("backports"+name, func(w io.Writer) error { return report.Backports(w, backports, on) })
		add("cell"+name, func(w io.Writer) error { return report.Cell(w, cell, on) })
	}
	return out
}

var (
	color   = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	command = regexp.MustCompile(`##[[:alpha:]]*\[`)
	// annotation is the start of a workflow command. Nothing in a property can end it.
	annotation = regexp.MustCompile(`^::(error|warning|notice) (file=[^,:]*,)?(line=\d+,)?title=`)
	lineEnd    = regexp.MustCompile("[\n\r\v\f\u0085\u2028\u2029]")
)

// checkHarmless checks that no line of a report is a command, and that no character
// controls anything.
func checkHarmless(name, out string) error {
	if strings.Contains(name, "Color:true") {
		out = color.ReplaceAllString(out, "")
	}
	if !utf8.ValidString(out) {
		return errors.New("it is not UTF-8")
	}
	for _, line := range lineEnd.Split(strings.ReplaceAll(out, "\r\n", "\n"), -1) {
		if strings.HasSuffix(name, "annotations") && line != "" {
			start := annotation.FindString(line)
			if start == "" {
				return fmt.Errorf("no annotation: %q", line)
			}
			line = line[len(start):]
		}
		if strings.HasPrefix(strings.TrimSpace(line), "::") || command.MatchString(line) {
			return fmt.Errorf("a command: %q", line)
		}
		for _, r := range line {
			if r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) || r&0xFFFE == 0xFFFE {
				return fmt.Errorf("%q in %q", r, line)
			}
		}
	}
	return nil
}

// checkSyntax checks that a report can still be read by a program.
func checkSyntax(name, out string) error {
	var err error
	switch {
	case strings.HasSuffix(name, ".json"):
		var v any
		return json.Unmarshal([]byte(out), &v)
	case strings.HasSuffix(name, ".csv"):
		_, err = csv.NewReader(strings.NewReader(out)).ReadAll()
	case strings.HasSuffix(name, ".html"):
		_, rest, _ := strings.Cut(out, `id="data">`)
		data, _, _ := strings.Cut(rest, "</script>")
		var v any
		err = json.Unmarshal([]byte(data), &v)
	case strings.HasSuffix(name, ".svg"), strings.HasSuffix(name, ".xml"):
		d := xml.NewDecoder(strings.NewReader(out))
		for err == nil {
			_, err = d.Token()
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
	}
	return err
}

// FuzzReports fills every field of what reports are made from, most with hostile
// texts, and checks every report at several widths of the screen.
func FuzzReports(f *testing.F) {
	for i, text := range hostileTexts {
		f.Add(text, int64(i))
	}
	f.Fuzz(func(t *testing.T, text string, seed int64) {
		fill := &filler{random: rand.New(rand.NewSource(seed)), text: text}
		for name, out := range fill.reports(t) {
			if err := checkHarmless(name, out); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err := checkSyntax(name, out); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
